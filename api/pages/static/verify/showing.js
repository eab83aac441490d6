// How is a report shown? The verdict with the first fault, figures, the count, receipts, and what is left to others.
import { parseKey } from "../proof/notes.js";
import { rootText } from "./verifying.js";
import { en, zh } from "./words.js";

const LANGUAGES = {
  zh: { words: zh, tag: "zh-CN", name: "简体中文" },
  "zh-Hant": { words: { ...zh }, tag: "zh-Hant", name: "繁體中文" },
  en: { words: en, tag: "en-GB", name: "English" },
};
const TRADITIONAL = /^zh\b(?=.*-(hant|tw|hk|mo)\b)(?!.*-hans\b)/i;
let language = TRADITIONAL.test(navigator.language) ? "zh-Hant" : /^zh/i.test(navigator.language) ? "zh" : "en";

for (const [tag, catalogue] of Object.entries(JSON.parse(document.getElementById("catalogues").textContent))) {
  const { words } = LANGUAGES[tag];
  for (const name of Object.keys(words)) words[name] = catalogue[words[name]] || words[name];
}

/** A button for each language; changed: called once the page speaks another. */
export function languageButtons(changed) {
  return Object.keys(LANGUAGES).map((each) => {
    const button = make("button", { type: "button", lang: LANGUAGES[each].tag, "aria-pressed": String(each === language) }, LANGUAGES[each].name);
    button.addEventListener("click", () => {
      language = each;
      for (const other of button.parentNode.children) other.setAttribute("aria-pressed", String(other === button));
      changed();
    });
    return button;
  });
}

export const tagNow = () => LANGUAGES[language].tag;

export const say = (name, values = {}) => LANGUAGES[language].words[name].replace(/\{(\w+)\}/g, (place, key) => values[key]);
const digits = (number) => new Intl.NumberFormat(tagNow()).format(number);

/** An element; text is never taken for markup. */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const row = (name, ...values) => [make("dt", {}, say(name)), ...values.map((value) => make("dd", {}, value))];

function table(name, columns, rows) {
  const head = make("tr", {}, columns.map((column) => make("th", { scope: "col" }, say(column))));
  const body = rows.map((cells) => make("tr", {}, cells.map((cell) => make("td", {}, String(cell)))));
  return make("section", {}, make("h2", {}, say(name)), make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": say(name) }, make("table", {}, make("thead", {}, head), make("tbody", {}, body))));
}

function verdictOf({ verdict, why, fault }) {
  const says = say(`says${verdict}`, { why: why === null ? "" : say(why) });
  const about = fault && make("dl", {}, row("place", make("code", {}, fault.place)),
    fault.entry !== null && row("entry", String(fault.entry)), fault.found && row("found", make("code", {}, fault.found)), fault.expected && row("expected", make("code", {}, fault.expected)));
  return make("section", { class: `verdict ${verdict.toLowerCase()}`, role: fault ? "alert" : "status" }, make("h2", { id: "verdict", tabindex: "-1" }, say(verdict)),
    make("p", {}, says), fault && make("p", { class: "fault" }, say(fault.code)), about, fault && make("p", {}, say("whatToDo")));
}

function figuresOf({ head, keys, witnesses, older, history }) {
  const counts = history && history.countsOf(null);
  const own = keys.find(({ name }) => name === head.origin);
  return make("section", {}, make("h2", {}, say("figures")), make("dl", {},
    row("origin", make("code", {}, head.origin)), own && row("key", make("code", {}, own.text)), row("entries", digits(head.size)), row("root", make("code", {}, rootText(head))),
    row("witnesses", witnesses.join(", ") || say("nobody")), row("older", digits(older)),
    counts && [row("ballots", digits(counts.cast)), row("counted", digits(counts.counted)), row("held", digits(counts.held)), row("voided", digits(counts.voided))]),
  make("p", { class: "quiet" }, say("keyHint")),
  history && history.continues !== null && make("p", {}, say("continued", { origin: history.continues })),
  history && history.unknown > 0 && make("p", {}, say("unknown", { count: history.unknown })),
  history && history.selections > 0 && make("p", {}, say("selections", { count: history.selections })));
}

function countOf({ votes, verdict }) {
  if (votes === null || verdict !== "COUNTABLE") return null;
  const rows = [...votes].sort(([one], [other]) => one - other).map(([number, sum]) => [number, digits(sum)]);
  return table("recount", ["number", "votes"], rows);
}

const daysOf = ({ history }) => history && history.days.size > 0 &&
  table("days", ["day", "cast", "held", "voided", "signIns"], [...history.days].map(([day, { cast, held, voided, signIns }]) => [day, ...[cast, held, voided, signIns].map(digits)]));

const FAULTS = { form: "form", key: "keyFault", signature: "signature", leaf: "leaf", path: "path" };

function receiptOf({ name, found, sealBy }) {
  const lines = [];
  if (found === null) lines.push(say("receiptNone"));
  else if (found.fault !== null) lines.push(say("receiptWrong", { why: say(FAULTS[found.fault]) }));
  else if (found.place === null) lines.push(say("receiptAlone"));
  else if (found.place < 0) lines.push(say(found.isBroken ? "receiptBroken" : "receiptMissing", { at: sealBy }));
  else lines.push(say("receiptGood", { place: digits(found.place) }));
  const { ballot } = found || {};
  if (ballot && ballot.numbers) lines.push(say("receiptSays", { numbers: ballot.numbers.join(", "), state: say(ballot.state) }));
  const isWrong = found === null || found.fault !== null || found.place < 0;
  return make("li", { class: isWrong ? "wrong" : "good" }, make("strong", {}, say("receiptOf", { name })), make("br", {}), lines.join(" "));
}

/** All that there is to say. report is null without a log; receipts: {name, found, sealBy} of each. */
export function shown(report, receipts) {
  const list = (name, ...lines) => make("section", { class: "quiet" }, make("h2", {}, say(name)), make("ul", {}, lines.map((line) => make("li", {}, say(line)))));
  return [
    report && verdictOf(report),
    receipts.length > 0 && make("section", {}, make("h2", {}, say("receipts")), make("ul", { class: "receipts" }, receipts.map(receiptOf))),
    report && report.head && figuresOf(report),
    report && countOf(report),
    report && daysOf(report),
    report && list("left", "leftRules", "leftSelections", "leftVoided"),
    report && list("cannot", "cannotPeople", "cannotView", "cannotSell"),
  ].filter(Boolean);
}

/** The keys that a receipt names itself, for one that comes without a log. */
export const ownKeys = async (sha256, { receiptKey }) => [typeof receiptKey === "string" ? await parseKey(sha256, receiptKey) : null].filter(Boolean);
