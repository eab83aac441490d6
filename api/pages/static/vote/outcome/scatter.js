// Do votes and experts agree? Each project as a dot, by two of the values that its score is made of; the table says the same.
import { fill, h } from "../dom.js";
import { say } from "../language.js";
import { shown } from "./table.js";

const [WIDTH, HEIGHT, EDGE] = [320, 220, 34]; // units of the drawing, which is as wide as there is room for
const SPACE = "http://www.w3.org/2000/svg";

/** The drawing with its key; null where scores are not made of two sources. */
export function scatter(rows, { byId }) {
  const { inputs } = rows[0];
  const [first, second] = [0, inputs.findIndex(({ source }) => source !== inputs[0].source)];
  if (second < 0 || rows.length < 2) return null;
  const [x, y] = [axis(rows, first, EDGE, WIDTH - 10), axis(rows, second, HEIGHT - EDGE, 10)];
  const dots = rows.map((row) => dot(row, x.place(row), y.place(row), byId.get(row.project.id)));
  const names = { x: x.name, y: y.name };
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": say("scatterSays", names) }, frame(), labels(x, y), dots);
  const key = (name, of) => h("span", { class: `dot-key ${of}` }, say(name));
  return h("figure", { class: "scatter" }, h("figcaption", {}, h("strong", {}, say("scatter", names)), " ", key("selected", "in"), key("notSelected", "out")), drawing);
}

/** Where on the drawing a value lies, from the lowest to the highest that there is. */
function axis(rows, index, from, to) {
  const value = ({ inputs }) => Number(inputs[index].value);
  const values = rows.map(value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (row) => from + (to - from) * (0.04 + (0.92 * (value(row) - low)) / (high - low || 1));
  const text = (wanted) => shown(rows.find((row) => value(row) === wanted).inputs[index].value);
  return { name: say(rows[0].inputs[index].source), place, low: text(low), high: text(high) };
}

function frame() {
  return svg("path", { class: "axes", d: `M${EDGE} 6V${HEIGHT - EDGE}H${WIDTH - 6}` });
}

function labels(x, y) {
  const text = (words, at, anchor) => svg("text", { ...at, "text-anchor": anchor }, words);
  return [
    text(x.low, { x: EDGE, y: HEIGHT - 20 }, "start"),
    text(x.high, { x: WIDTH - 6, y: HEIGHT - 20 }, "end"),
    text(x.name, { x: (WIDTH + EDGE) / 2, y: HEIGHT - 5 }, "middle"),
    text(y.low, { x: EDGE - 4, y: HEIGHT - EDGE }, "end"),
    text(y.high, { x: EDGE - 4, y: 16 }, "end"),
    text(y.name, { x: 10, y: (HEIGHT - EDGE) / 2, transform: `rotate(-90 10 ${(HEIGHT - EDGE) / 2})` }, "middle"),
  ];
}

const dot = ({ selected }, cx, cy, { number, title }) =>
  svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 4, class: selected ? "in" : "out" }, svg("title", {}, `${say("number", { number })} ${title}`));

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return fill(element, ...children);
}
