// What does an outcome consist of? Rows by rank with their arithmetic, the cut line, and how ties were settled.
import { h } from "../vote/dom.js";
import { say } from "./language.js";
import { plain } from "./panel-scores.js";

const CHANGES = "changes { project { number title } wasSelected isSelected wasRank isRank }";
const ROWS = `rows { project { id number title } inputs { source weight value normalised weighted } score rank selected award { code name } }
  ties { projects { id number title } award { code name } step order { id number } explanation resolved equal { id number title } } digest trace record decisionReason`;
export const SELECTION = `version state vacant decidedAt announcedAt objectionsUntil confirmedAt ${ROWS}
  annexes { at reason before after ${CHANGES} } objections { id by text at project { number title } answer answeredAt }`;
export const PLANNED = `vacant unresolved ${ROWS} ${CHANGES}`;

/** The rows of an outcome, its ties and its digest. */
export function outcomeOf({ stage }, { rows, ties, digest, vacant, decisionReason }) {
  const selected = rows.filter((row) => row.selected).length;
  const sources = rows.length ? rows[0].inputs : [];
  const head = (name, kind = null) => h("th", { scope: "col", class: kind }, name);
  return h(
    "section",
    { class: "outcome" },
    h("p", {}, say("outcomeIs", { selected, rows: rows.length, seats: stage.seats }), vacant > 0 && ` ${say("vacant", { vacant })}`),
    decisionReason !== null && h("p", { class: "decision-reason" }, h("b", {}, say("decisionReason"), say("colon")), decisionReason),
    h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": say("outcome") },
      h("table", { class: "rows" },
        h("thead", {}, h("tr", {}, head(say("column_rank")), head(say("project")), sources.length > 0 && head(say("column_score"), "count"), head(say("column_outcome")), sources.map(({ source }) => head(say(`source_${source}`), "count")))),
        h("tbody", {}, rows.map((row, index) => rowOf(row, rows[index + 1]))))),
    ties.length > 0 && h("section", {}, h("h3", {}, say("tiesTitle")), h("ul", { class: "tied" }, ties.map(tieOf))),
    h("p", { class: "quiet" }, say("digestIs"), " ", h("code", { class: "digest" }, digest)),
  );
}

function rowOf(row, next) {
  const { project, inputs, score, rank, selected, award } = row;
  const isCut = selected && next && !next.selected;
  return h(
    "tr",
    { class: [selected && "selected", isCut && "cut"].filter(Boolean).join(" ") || null, "data-number": project.number },
    h("td", { class: "count" }, rank === null ? "–" : rank),
    h("th", { scope: "row" }, `${project.number} ${project.title}`),
    inputs.length > 0 && h("td", { class: "count" }, score === null ? "–" : plain(score)),
    h("td", {}, award ? award.name : say(selected ? "isSelected" : "notSelected")),
    inputs.map(arithmetic),
  );
}

/** "48.3", and below it where that comes from: "1204 → 80.5 × 0.6". */
function arithmetic({ weight, value, normalised, weighted }) {
  return h("td", { class: "count" }, plain(weighted), h("br"), h("span", { class: "quiet" }, plain(value), " → ", plain(normalised), " × ", plain(weight)));
}

function tieOf({ projects, award, step, order, explanation, resolved }) {
  const numbers = (several) => several.map(({ number }) => number).join(say("comma"));
  return h("li", { class: resolved ? null : "open" }, say(award ? "tieForAward" : "tieForSeat", { numbers: numbers(projects), award: award && award.name }), " ", step && say(`tie_${step}`), say("colon"), explanation, resolved && order.length > 0 && h("span", { class: "quiet" }, " ", say("orderIs", { numbers: numbers(order) })));
}

/** What is otherwise than before: ranks, and who is selected. */
export function changesOf(changes) {
  const one = ({ project, wasSelected, isSelected, wasRank, isRank }) => h("li", {}, `${project.number} ${project.title}`, say("colon"), wasRank !== isRank && say("rankChanged", { was: wasRank === null ? say("unranked") : wasRank, is: isRank === null ? say("unranked") : isRank }), wasSelected !== isSelected && ` ${say(isSelected ? "nowSelected" : "noLongerSelected")}`);
  return changes.length > 0 && h("ul", { class: "changes" }, changes.map(one));
}
