// What does the desk say? Its own words in the page's language; those that voters read too are the voting page's.
import { isChinese, language, ready as votersWords, say as sayToVoters, translate } from "../vote/language.js";
import { en } from "./words-en.js";
import { enDeciding } from "./words-en-deciding.js";
import { enFiles } from "./words-en-files.js";
import { enForms } from "./words-en-forms.js";
import { zh } from "./words-zh.js";
import { zhDeciding } from "./words-zh-deciding.js";
import { zhFiles } from "./words-zh-files.js";
import { zhForms } from "./words-zh-forms.js";

const words = isChinese ? { ...zh, ...zhForms, ...zhDeciding, ...zhFiles } : { ...en, ...enForms, ...enDeciding, ...enFiles };

/** Wait for it before anything is said. */
export const ready = Promise.all([votersWords, translate(words, () => import(`./words-${language}.js`))]);

/** The text with this name, with its {places} filled from values. */
export function say(name, values = {}) {
  if (!(name in words)) return sayToVoters(name, values);
  return words[name].replace(/\{(\w+)\}/g, (place, key) => values[key]);
}

/** Whether there is a text with this name here. */
export const isSaid = (name) => name in words;
