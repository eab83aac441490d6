// How is something said that needs no answer? In a line above everything for some seconds, and to screen readers at once.
import { announce, h } from "./dom.js";

const SHOWN = 5000; // milliseconds
let last = null;

/** Say it. A new notice takes the place of the one before. */
export function notice(text) {
  dismissNotice();
  const shown = h("p", { class: "notice" }, text);
  last = shown;
  document.body.append(shown);
  announce("");
  setTimeout(() => announce(text), 50); // so that the same words are said twice
  setTimeout(() => shown.remove(), SHOWN);
}

/** Take away what was said, when it is about something that is no longer shown. */
export function dismissNotice() {
  if (last !== null) last.remove();
}
