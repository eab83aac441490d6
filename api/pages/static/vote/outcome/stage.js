// What has one stage decided? Whom it selected, by which scores, how ties were settled, what was corrected, and the files.
import { h } from "../dom.js";
import { count, langOf, moment, say } from "../language.js";
import { corrections } from "./corrections.js";
import { files } from "./files.js";
import { objections } from "./objections.js";
import { scatter } from "./scatter.js";
import { scores } from "./table.js";
import { byAward, stateIn, titleOf } from "./winning.js";

const ROOMY = 700; // pixels, as in table.css: from here on the table has columns

/** The section about a stage that has a selection. first: it is the one that everybody came for. */
export function stageSection({ code, name, selection }, known, first, state) {
  const { rows, seats, vacant, ties, unreviewed, decisionReason } = selection;
  const selected = rows.filter((row) => row.selected).length;
  const id = `stage-${code}`;
  const titles = (projects) => projects.map((project) => titleOf(project, known)).join(say("comma"));
  return h(
    "section",
    { class: "verdict", "aria-labelledby": id },
    h("h3", { id }, h("span", { lang: langOf(name) }, name), selection.state !== state && [" ", stateIn(selection.state)]),
    h("p", { class: "quiet" }, [say("selectedOf", { selected: count(selected), seats: count(seats) }), ...dates(selection, known.campaign)].join(" · ")),
    selected > 0 ? list(selected, byAward(rows, known, first), first) : h("p", {}, say("noneSelected")),
    vacant > 0 && !rows.some(({ award }) => award !== null) && h("p", { class: "vacant" }, say("vacantSeats", { count: count(vacant) })),
    !isScored(rows) && h("p", { class: "quiet" }, say("decidedOnRecord")),
    decisionReason !== null && h("p", { class: "decision-reason" }, h("strong", {}, say("decisionReason")), h("span", { lang: langOf(decisionReason) }, decisionReason)),
    ties.length > 0 && [h("h4", {}, say("ties")), h("ul", { class: "ties" }, ties.map((tie) => h("li", {}, say("tieOf", { titles: titles(tie.projects) }), h("p", {}, tie.explanation))))],
    unreviewed.length > 0 && h("p", { class: "quiet" }, say("unreviewed", { titles: titles(unreviewed) })),
    corrections(selection.annexes, known),
    objections(selection, known),
    isScored(rows) && arithmetic(rows, known, first),
    files(known.campaign, code, selection),
  );
}

/** The list of the selected; of an earlier stage it can be long, and waits to be opened. */
const list = (selected, lists, first) => (first ? lists : h("details", {}, h("summary", {}, say("listOf", { count: count(selected) })), lists));

const isScored = (rows) => rows.some(({ score }) => score !== null);

/** When it was announced, until when objections are heard, when it was confirmed; which version it is, if not the first. */
function dates({ version, announcedAt, objectionsUntil, confirmedAt }, { timeZone }) {
  const at = (instant) => ({ at: moment(instant, timeZone) });
  return [
    announcedAt && say("announcedAt", at(announcedAt)),
    confirmedAt ? say("confirmedAt", at(confirmedAt)) : objectionsUntil && say("heardTill", at(objectionsUntil)),
    version > 1 && say("version", { version }),
  ].filter(Boolean);
}

/** Votes against scores, and the table with the cut line: open where there is room and it is what everybody came for. */
function arithmetic(rows, known, first) {
  const open = first && window.innerWidth > ROOMY;
  return [scatter(rows, known), h("details", { open }, h("summary", {}, say("standingsOfStage")), scores(rows, known))];
}
