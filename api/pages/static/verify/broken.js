// What is wrong with a log? The first thing found: of which kind, in which file, at which entry, what is there and what should be.

export class Broken extends Error {
  constructor(code, place, { entry = null, found = "", expected = "" } = {}) {
    super(`${code} ${place}`);
    Object.assign(this, { code, place, entry, found: String(found), expected: String(expected) });
  }
}
