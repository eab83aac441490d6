// Where was the reader? What is on the screen but not in the address outlives a reload, and so a switch of the language.
import { tab } from "./kept.js";

const NAME = "place";
const TYPED = "input[id]:not([type=checkbox])"; // a name or a number that is being written
const left = tab.recall(NAME); // as the page before this one was left, if it was in this tab

history.scrollRestoration = "manual"; // what is scrolled to comes after the browser would have scrolled
window.addEventListener("pagehide", leave);

function leave() {
  const typed = [...document.querySelectorAll(TYPED)].map(({ id, value }) => [id, value]);
  const inside = document.querySelector(".dialog .body");
  const active = document.activeElement && document.activeElement.closest("[id]");
  tab.keep(NAME, {
    address: location.href, top: window.pageYOffset, inside: inside && inside.scrollTop, typed, focus: active && active.id,
  });
}

const here = () => left !== null && left.address === location.href;

/** How far down the page was when it was left at this address; 0 for one that was not. */
export const topHere = () => (here() ? left.top : 0);

/** Put back what was being typed, how far a dialog was read, and the focus, once the page is as it was. */
export function putBack() {
  if (!here()) return;
  for (const [id, value] of left.typed) {
    const field = document.getElementById(id);
    if (field && !field.value) field.value = value;
  }
  const inside = document.querySelector(".dialog .body");
  if (inside && left.inside) inside.scrollTop = left.inside;
  if (left.focus === "languages") document.querySelector("#languages button").focus({ preventScroll: true });
}
