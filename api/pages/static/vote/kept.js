// What does this browser remember? Small values by name. Where it may not, as in some private windows, the page still works.

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
