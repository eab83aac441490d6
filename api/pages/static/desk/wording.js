// How does a finding of the API read beside a form? In the words of the form: its labels for keys, its options for values.
import { isChinese } from "../vote/language.js";
import { CAMPAIGN } from "./campaign-fields.js";
import { CANDIDATE } from "./candidate-fields.js";
import { isSaid, say } from "./language.js";
import { toLocal } from "./times.js";

const TIES = ["ALL_IN", "FURTHER_CRITERION", "EXPERT_REVOTE", "LOT", "RECORDED_DECISION"];
const NOT_QUOTED = /"[^"]*"|“[^”]*”|「[^」]*」|[A-Za-z][A-Za-z_]*(?:\.[A-Za-z][A-Za-z_]*)*/g;
const AFTER = /\b(than|as|leave|while|with|without) ([a-z]+)\b/g; // in English a name in small letters is told by the word before it
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\+00:00|Z)/g;
const AS_WRITTEN = [ // what is said of files and requests, and how it is typed here
  [/(：|: |，如|, such as )?[[{]+ [^\]}]*= [^\]}]*[\]}]+(的列表|表)?/g, ""],
  [/\[\[(\w+)\]\](表| table)?/g, ([, name], names) => quoted(names.get(name) || name)],
  [/projects\[(\d+)\]/g, ([, place]) => nth(place)],
  [/(请添加表|請新增表|Add the table ?)/g, () => say("fillIn")],
  [/(添加|新增|in )(zh|en)(的|,)/g, ([, before, tag, after]) => before + say(`in_${tag}`) + after],
  [/整数，或引号内的小数，如"([\d.]+)"/g, "整数或小数，如$1"],
  [/整數，或引號內的小數，如"([\d.]+)"/g, "整數或小數，如$1"],
  [/whole or a text such as "([\d.]+)"/g, "whole or such as $1"],
  [/a whole number, or a text such as "([\d.]+)"/g, "such as $1"],
  [/引号内的钟点，如"([\d:]+)"/g, "钟点，如$1"],
  [/引號內的鐘點，如"([\d:]+)"/g, "鐘點，如$1"],
  [/, in quotes, such as "([\d:]+)"/g, ", such as $1"],
];
const quoted = (text) => say("quoted", { piece: text });
const nth = (place) => say("nthOf", { label: say("part_candidates"), place });
const camel = (name) => name.replace(/_([a-z])/g, (whole, letter) => letter.toUpperCase());

/** A problem with its message in the form's words: message begins with the field's label, whole with the way to it. */
export function worded(problem, fields, timeZone) {
  const { labels, near } = wayTo(problem.path, fields);
  const rest = problem.message.replace(keyOf(problem.path), "");
  const said = inWords(rest, new Map([["projects", say("part_candidates")], ...namesIn(fields), ...namesIn(near, false)]), timeZone);
  if (labels.length === 0 || rest === problem.message) return { ...problem, message: said };
  const named = (label) => (isChinese ? `${label}：${said}` : `${quoted(label)} ${said}`);
  return { ...problem, message: named(labels[labels.length - 1]), whole: named(labels.join(" › ")) };
}

/** A problem with a whole campaign or with one of its candidates, where no form shows it. */
export function findingText(problem, { timeZone }) {
  const [first, place, ...within] = problem.path;
  const ofOne = first === "projects" && within.length > 0;
  const path = ofOne ? within : problem.path.slice(first === "input" ? 1 : 0);
  const { whole, message } = worded({ ...problem, path }, ofOne ? CANDIDATE : CAMPAIGN, timeZone);
  return ofOne ? `${nth(Number(place) + 1)} › ${whole || message}` : whole || message;
}

/** The labels on the way to a place, and the fields beside it. */
function wayTo(path, fields) {
  const labels = [];
  let near = fields;
  for (let index = 0; index < path.length; index += 1) {
    const field = flat(near).find(({ key }) => key === path[index]);
    if (field === undefined || !field.label) break;
    const isNumbered = field.kind === "list" && /^\d+$/.test(path[index + 1] || "");
    if (isNumbered) index += 1;
    const tag = path[index + 1];
    const isTagged = /texts$/.test(field.kind) && isSaid(`in_${tag}`);
    const label = say(field.label);
    labels.push(isNumbered ? say("nthOf", { label, place: Number(path[index]) + 1 }) : isTagged ? say("inLanguage", { label, language: say(`in_${tag}`) }) : label);
    if (field.fields) near = field.fields;
    else break;
  }
  return { labels, near };
}

/** The key with which the API begins a message: `stages[1] (code WINNER).seats` and what comes after it. */
function keyOf(path) {
  const part = (name) => (/^\d+$/.test(name) ? `\\[${Number(name) + 1}\\](?: \\((?:number|code) [^)]*\\))?` : `(?:^|\\.)"?${name.replace(/[^\w-]/g, ".")}"?`);
  const known = path.length > 0 ? path.map(part).join("") : "(?!)";
  return new RegExp(`^(?:projects\\[\\d+\\](?: \\([^)]*\\))?\\.)?${known.replace("(?:^|\\.)", "")}(?:：| )`);
}

const flat = (fields) => fields.map((field) => (field.fields && field.key === undefined ? flat(field.fields) : [field])).flat();

/** What keys and values are called here. deep: in the groups and lists within, too. */
function namesIn(fields, deep = true) {
  const names = [];
  for (const field of flat(fields)) {
    if (deep && field.fields) names.push(...namesIn(field.fields));
    for (const value of field.options || []) names.push([value, say(`${field.names || ""}${value}`)]);
    if (field.kind === "ties") names.push(...TIES.map((value) => [value, say(`tie_${value}`)]));
    if (field.key !== undefined && field.label) names.push([field.key, say(field.label)]);
  }
  return names;
}

/** A text with the names of the API replaced, and instants as clock times of the zone. */
function inWords(text, names, timeZone) {
  const isName = (word) => names.has(camel(word)) && (isChinese || /[A-Z_]/.test(word));
  const replaced = (word) => {
    const parts = word.split(".");
    return /^["“「]/.test(word) || !parts.every(isName) ? word : quoted(parts.map((part) => names.get(camel(part))).join(" › "));
  };
  const typed = AS_WRITTEN.reduce((said, [from, to]) => said.replace(from, typeof to === "string" ? to : (...found) => to(found, names)), text);
  const told = typed.replace(INSTANT, (instant) => toLocal(instant, timeZone).replace("T", " ")).replace(NOT_QUOTED, replaced);
  return isChinese ? told : told.replace(AFTER, (whole, before, name) => (names.has(name) ? `${before} ${quoted(names.get(name))}` : whole));
}
