// What does the experts' page say? Its own words in the page's language; those that voters read too are the voting page's.
import { language, say as sayToVoters } from "../vote/language.js";
import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const words = language === "zh" ? zh : en;

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  if (!(name in words)) return sayToVoters(name, values);
  return words[name].replace(/\{(\w+)\}/g, (place, key) => values[key]);
}
