// What does this browser remember? Small values by name, and where the reader was: what is on the screen but not in the address
// outlives a reload, and so a switch of the language. Where nothing may be kept, as in some private windows, the page still works.

class Memory {
  constructor(storage) {
    this.storage = storage;
    this.unkept = new Map(); // until the page is closed, for browsers that keep nothing
  }

  /** What was kept under this name, or otherwise. */
  recall(name, otherwise = null) {
    const text = this.read(name);
    return text === null || text === undefined ? otherwise : JSON.parse(text);
  }

  /** Keep a value under a name; null forgets it. */
  keep(name, value) {
    const text = value === null ? null : JSON.stringify(value);
    try {
      if (text === null) this.storage().removeItem(`pingxuan:${name}`);
      else this.storage().setItem(`pingxuan:${name}`, text);
      this.unkept.delete(name);
    } catch (error) {
      this.unkept.set(name, text);
    }
  }

  read(name) {
    if (this.unkept.has(name)) return this.unkept.get(name);
    try {
      return this.storage().getItem(`pingxuan:${name}`);
    } catch (error) {
      return null;
    }
  }
}

const browser = new Memory(() => localStorage);

/** What every page of this browser remembers, as long as there is one. */
export const recall = (name, otherwise) => browser.recall(name, otherwise);
export const keep = (name, value) => browser.keep(name, value);

/** What this tab remembers, over reloads, until it is closed. */
export const tab = new Memory(() => sessionStorage);

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
