// What do the views of the outcome need besides their code? Their words and their style sheets, once.
import { h } from "../dom.js";
import { learn } from "../language.js";
import { en, zh } from "./words.js";

/** Have the words and the style sheets. */
export function ready() {
  learn({ zh, en });
  for (const name of ["outcome.css", "table.css"]) {
    const href = new URL(name, import.meta.url).href;
    if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
  }
}
