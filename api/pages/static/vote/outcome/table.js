// By which scores was it decided? A table in order of rank, with the cut line; on a phone, each row becomes a small block.
import { h } from "../dom.js";
import { count, langOf, say } from "../language.js";

const BATCH = 100; // rows

/** A figure as it is written: whole numbers with separators, decimals exactly, but for zeros at their end. */
export function shown(decimal) {
  const plain = decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
  return plain.includes(".") ? plain : count(Number(plain));
}

/** The table of a stage's rows, a hundred at first. Roles are spelled out, since on phones it is not laid out as a table. */
export function scores(all, known) {
  const rows = [...all].sort((one, other) => one.rank - other.rank || other.selected - one.selected); // the line cuts between equal ones, too
  const sources = rows[0].inputs.map(({ source }) => say(source));
  const heads = ["place", "project"].map((name) => say(name)).concat(sources, say("score"), say("selectedColumn"));
  const last = rows.map(({ selected }) => selected).lastIndexOf(true);
  const body = h("tbody", { role: "rowgroup" });
  const more = h("button", { type: "button", class: "show-more" }, say("moreRows"));
  let there = 0;
  const grow = () => {
    for (const row of rows.slice(there, there + BATCH)) {
      body.append(line(row, sources, known));
      if (there === last && last < rows.length - 1) body.append(cut(rows.filter(({ selected }) => selected).length, heads.length));
      there += 1;
    }
    more.hidden = there >= rows.length;
  };
  more.addEventListener("click", grow);
  grow();
  const top = h("tr", { role: "row" }, heads.map((name) => h("th", { role: "columnheader", scope: "col" }, name)));
  return [h("table", { class: "scores", role: "table" }, h("thead", { role: "rowgroup" }, top), body), more];
}

function line({ project, rank, score, selected, vacates, award, inputs }, sources, { byId, awards }) {
  const { number, title, standing } = byId.get(project.id);
  const cell = (name, label, ...content) => h("td", { role: "cell", class: name, "data-label": label }, ...content);
  const named = award && awards.find(({ code }) => code === award.code);
  const outcome = named ? h("span", { lang: langOf(named.name) }, named.name) : say(vacates ? (standing === "WITHDRAWN" ? "withdrawn" : "disqualified") : selected ? "selected" : "notSelected");
  return h(
    "tr",
    { role: "row", class: selected ? "in" : "out" },
    cell("rank", null, rank === null ? "" : String(rank)),
    cell("title", null, h("a", { href: `#/candidate/${number}`, lang: langOf(title) }, title), h("small", { class: "quiet" }, ` ${say("number", { number })}`)),
    inputs.map((input, at) => cell("input", sources[at], parts(input))),
    cell("score", say("score"), h("strong", {}, score === null ? "" : shown(score))),
    cell("result", null, outcome),
  );
}

/** What a value comes to: 1,234, that is 87.5 × 0.6 = 52.5. */
function parts({ value, normalised, weight, weighted }) {
  const figures = { value: shown(value), normalised: shown(normalised), weight: shown(weight), weighted: shown(weighted) };
  return [h("b", {}, figures.value), shown(weighted) !== figures.value && h("small", {}, say("weighted", figures))];
}

function cut(selected, columns) {
  return h("tr", { role: "row", class: "cut" }, h("td", { role: "cell", colspan: columns }, say("cutHere", { selected: count(selected) })));
}
