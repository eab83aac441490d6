// Where are the files of a log among those that were dropped or chosen? Below the folder that has the file checkpoint.
import { Broken } from "./broken.js";

const TEXT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** All files of what was dropped: a map from paths to functions that promise a File. */
export async function dropped(items) {
  const found = new Map();
  const roots = Array.from(items, (item) => item.webkitGetAsEntry() || item.getAsFile()).filter(Boolean); // while the event lasts
  for (const root of roots) {
    if (root instanceof File) found.set(root.name, async () => root);
    else await collect(root, root.name, found);
  }
  return found;
}

async function collect(entry, path, found) {
  if (entry.isFile) return void found.set(path, () => new Promise((resolve, reject) => entry.file(resolve, reject)));
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await collect(each, `${path}/${each.name}`, found);
  }
}

/** The same of a field for files or for a folder. */
export const chosen = (list) => new Map(Array.from(list, (file) => [file.webkitRelativePath || file.name, async () => file]));

/** A log's files by their paths below it. */
export class LogFiles {
  constructor(all, root) {
    this.all = all;
    this.root = root;
  }

  /** The log among these files; null where there is none. Of several, the one that lies highest. */
  static among(all) {
    const depth = (path) => path.split("/").length;
    const [first] = [...all.keys()].filter((path) => /(^|\/)checkpoint$/.test(path)).sort((one, other) => depth(one) - depth(other));
    return first === undefined ? null : new LogFiles(all, first.slice(0, -"checkpoint".length));
  }

  has(path) {
    return this.all.has(this.root + path);
  }

  /** The paths that match. */
  like(pattern) {
    const below = [...this.all.keys()].filter((path) => path.startsWith(this.root));
    return below.map((path) => path.slice(this.root.length)).filter((path) => pattern.test(path));
  }

  async bytes(path) {
    if (!this.has(path)) throw new Broken("FILE_MISSING", path);
    return bytesOf(await this.all.get(this.root + path)());
  }

  async text(path, code) {
    return textOf(await this.bytes(path), () => new Broken(code, path, { expected: "UTF-8" }));
  }
}

export const bytesOf = async (file) => new Uint8Array(await new Response(file).arrayBuffer());

/** The text of bytes; fails where they are no UTF-8. */
export function textOf(bytes, failure) {
  try {
    return TEXT.decode(bytes);
  } catch (error) {
    throw failure();
  }
}

/** The path of a tile's or bundle's number: three digits a part, an x before all but the last. */
export function numberedPath(n, width) {
  const parts = [String(n % 1000).padStart(3, "0")];
  for (let left = Math.floor(n / 1000); left > 0; left = Math.floor(left / 1000)) parts.unshift(`x${String(left % 1000).padStart(3, "0")}`);
  return parts.join("/") + (width === 256 ? "" : `.p/${width}`);
}

/** How many hashes a tile has in a tree of this size. */
export function widthAt(level, n, size) {
  const row = Math.floor(size / 256 ** level);
  return Math.max(0, Math.min(256, row - 256 * n));
}
