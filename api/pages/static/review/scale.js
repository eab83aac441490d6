// How is a score given? By one touch where the scale has few steps; else by steps up and down, or in digits.
import { fill, h } from "../vote/dom.js";
import { say } from "./language.js";

const MOST_TILES = 11; // 0 to 10, which a phone shows in two rows

const placesOf = (text) => (String(text).split(".")[1] || "").length;

/** The scores of a scale as texts, lowest first; null where they are too many for touching one. */
export function stepsOf({ minimum, maximum, step }) {
  if ([minimum, maximum, step].includes(null) || Number(step) <= 0) return null;
  const places = Math.max(placesOf(minimum), placesOf(step));
  const many = Math.floor((Number(maximum) - Number(minimum)) / Number(step) + 1e-9) + 1;
  if (many > MOST_TILES || many < 1) return null;
  return Array.from({ length: many }, (_, index) => plain((Number(minimum) + index * Number(step)).toFixed(places)));
}

const plain = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
export const isSame = (one, other) => one !== "" && other !== "" && Number(one) === Number(other);

/** One criterion: its name, what scores mean in words, and the ways to give one. Answers { element, show, problem }. */
export function scaleOf(criterion, disabled, changed) {
  const id = `c-${criterion.code}`;
  const problem = h("p", { class: "problem", id: `${id}-problem` });
  const steps = stepsOf(criterion);
  const control = steps === null ? digits(criterion, id, disabled, changed) : tiles(criterion, steps, id, disabled, changed);
  const anchors = anchorsOf(criterion);
  const element = h(
    "fieldset",
    { class: "criterion", id, "aria-describedby": `${id}-problem`, disabled },
    h("legend", {}, h("b", {}, criterion.name), " ", h("span", { class: "quiet" }, weightOf(criterion))),
    anchors.element,
    control.element,
    problem,
  );
  const show = (value) => {
    control.show(value);
    anchors.show(value);
    element.classList.toggle("given", value !== "");
  };
  return { element, show, tell: (messages) => {
    fill(problem, messages);
    element.classList.toggle("lacking", messages.length > 0);
  } };
}

function weightOf({ weight, counted, minimum, maximum }) {
  const range = minimum !== null && maximum !== null && say("fromTo", { minimum, maximum });
  return [range, counted ? say("weight", { weight }) : say("notCounted")].filter(Boolean).join(say("comma"));
}

/** What scores mean, in words; the one that holds for what is given stands out. */
function anchorsOf({ anchors }) {
  const sorted = [...anchors].sort((one, other) => Number(one.score) - Number(other.score));
  const rows = sorted.map(({ score, text }) => h("li", {}, h("b", {}, score), " ", h("span", {}, text)));
  const show = (value) => {
    const held = value === "" ? -1 : sorted.map(({ score }) => Number(score) <= Number(value)).lastIndexOf(true);
    rows.forEach((row, index) => row.classList.toggle("held", index === held));
  };
  return { element: rows.length > 0 && h("ul", { class: "anchors" }, rows), show };
}

function tiles({ code }, steps, id, disabled, changed) {
  const boxes = steps.map((score) => h("input", { type: "radio", class: "unseen", name: id, value: score, id: `${id}-${score}`, disabled, onchange: () => changed(score) }));
  const tile = (box, index) => h("label", { class: "tile" }, box, h("span", {}, steps[index]));
  const show = (value) => boxes.forEach((box, index) => (box.checked = isSame(steps[index], value)));
  return { element: h("div", { class: "tiles", "data-criterion": code }, boxes.map(tile)), show };
}

function digits({ code, minimum, maximum, step }, id, disabled, changed) {
  const field = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", id: `${id}-digits`, "aria-label": say("scoreIs"), disabled });
  const by = step === null ? 1 : Number(step);
  const places = Math.max(placesOf(minimum || "0"), placesOf(step === null ? "1" : step));
  const put = (value) => {
    const [low, high] = [minimum === null ? -Infinity : Number(minimum), maximum === null ? Infinity : Number(maximum)];
    field.value = plain(Math.min(high, Math.max(low, value)).toFixed(places));
    changed(field.value);
  };
  const from = () => (field.value === "" ? Number(minimum || 0) - by : Number(field.value) || 0);
  const button = (label, name, change) => h("button", { type: "button", "aria-label": say(name), disabled, onclick: () => put(from() + change) }, label);
  field.addEventListener("input", () => changed(asDecimal(field.value)));
  const show = (value) => {
    if (document.activeElement !== field) field.value = value;
  };
  return { element: h("div", { class: "digits", "data-criterion": code }, button("−", "lower", -by), field, button("+", "higher", by)), show };
}

/** What is typed, with the digits and points that Chinese keyboards write turned into those of numbers. */
const asDecimal = (text) => text.trim().replace(/[０-９．]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[,，。]/g, ".");
