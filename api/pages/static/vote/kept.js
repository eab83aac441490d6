// What does this browser remember? Small values by name. Where it may not, as in some private windows, the page still works.
const memory = new Map(); // until the page is closed, for browsers that keep nothing

/** What was kept under this name, or otherwise. */
export function recall(name, otherwise = null) {
  const text = reading(name);
  return text === null || text === undefined ? otherwise : JSON.parse(text);
}

/** Keep a value under a name; null forgets it. */
export function keep(name, value) {
  const text = value === null ? null : JSON.stringify(value);
  try {
    if (text === null) localStorage.removeItem(`pingxuan:${name}`);
    else localStorage.setItem(`pingxuan:${name}`, text);
    memory.delete(name);
  } catch (error) {
    memory.set(name, text);
  }
}

function reading(name) {
  if (memory.has(name)) return memory.get(name);
  try {
    return localStorage.getItem(`pingxuan:${name}`);
  } catch (error) {
    return null;
  }
}
