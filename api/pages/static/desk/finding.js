// How does one find a candidate among thousands?
import { h, whenTyped } from "../vote/dom.js";
import { say } from "./language.js";

/** A field for what is looked for; found is told of it as one types. */
export function finder(found) {
  const field = h("input", { type: "search", id: "sought", autocomplete: "off" });
  whenTyped(field, (typed) => found(typed.trim().toLowerCase()));
  return h("div", { class: "field" }, h("label", { for: "sought" }, say("findCandidate")), field);
}

/** Whether a candidate has what is looked for: a number is that of one; words are in its code, its titles or its organization. */
export function isSought({ number, code, title, organization }, sought) {
  if (!sought) return true;
  if (/^\d+$/.test(sought)) return Number(sought) === number || String(code || "").toLowerCase() === sought;
  return [code, ...textsIn(title), ...textsIn(organization)].some((text) => (text || "").toLowerCase().includes(sought));
}

const textsIn = (text) => (text ? [text.zh, text.en, ...(text.other || []).map((one) => one.text)] : []);
