// What does the experts' page say? Its own words in the page's language; those that voters read too are the voting page's.
import { isChinese, language, ready as votersWords, say as sayToVoters, translate } from "../vote/language.js";
import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const words = isChinese ? zh : en;

/** Wait for it before anything is said. */
export const ready = Promise.all([votersWords, translate(words, () => import(`./words-${language}.js`))]);

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  if (!(name in words)) return sayToVoters(name, values);
  return words[name].replace(/\{(\w+)\}/g, (place, key) => values[key]);
}
