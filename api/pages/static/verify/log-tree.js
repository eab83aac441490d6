// Do the entries come to the root that was signed? They are hashed one after the other, and no hash is believed that a file states.
import { hex, isSame } from "../proof/bytes.js";
import { Broken } from "./broken.js";
import { numberedPath, widthAt } from "./log-files.js";

/** A tree that grows by leaves, and remembers the hashes of each level of tiles and its root at the sizes asked for. */
class GrowingTree {
  constructor(sha256, sizes) {
    this.sha256 = sha256;
    this.sizes = new Set(sizes);
    this.roots = new Map();
    this.edge = []; // perfect subtrees from left to right: [height, hash]
    this.levels = [];
    this.size = 0;
    this.block = new Uint8Array(65);
    this.block[0] = 1;
    this.note();
  }

  node(left, right) {
    this.block.set(left, 1);
    this.block.set(right, 33);
    return this.sha256(this.block);
  }

  add(leaf) {
    let [height, hash] = [0, leaf];
    this.keep(0, hash);
    while (this.edge.length > 0 && this.edge[this.edge.length - 1][0] === height) {
      hash = this.node(this.edge.pop()[1], hash);
      height += 1;
      if (height % 8 === 0) this.keep(height / 8, hash);
    }
    this.edge.push([height, hash]);
    this.size += 1;
    this.note();
  }

  keep(level, hash) {
    (this.levels[level] = this.levels[level] || []).push(hash);
  }

  note() {
    if (this.sizes.has(this.size)) this.roots.set(this.size, this.root());
  }

  root() {
    if (this.edge.length === 0) return this.sha256(new Uint8Array(0));
    return this.edge.map(([, hash]) => hash).reduceRight((right, left) => this.node(left, right));
  }
}

/** The entries of a bundle, each as its bytes. */
function split(bundle, width, path) {
  const entries = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
    if (!(end <= bundle.length)) throw new Broken("BUNDLE_UNREADABLE", path, { entry: null, found: `${bundle.length} bytes`, expected: `${width} entries` });
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== width) throw new Broken("BUNDLE_UNREADABLE", path, { found: `${entries.length} entries`, expected: width });
  return entries;
}

/** All entries of a log as text, with its tree, once both are what was signed. tell: how many have been read. */
export async function readEntries({ sha256 }, files, { size, root }, sizes, tell) {
  const tree = new GrowingTree(sha256, [...sizes, size]);
  const [entries, wrong] = [[], []];
  for (let n = 0; 256 * n < size; n += 1) {
    const width = widthAt(0, n, size);
    const path = `tile/entries/${numberedPath(n, width)}`;
    for (const entry of split(await files.bytes(path), width, path)) {
      const block = new Uint8Array(entry.length + 1);
      block.set(entry, 1);
      tree.add(sha256(block));
      entries.push(String.fromCharCode.apply(null, entry));
    }
    wrong.push(...(await unlike(files, tree, 0, n, size)));
    tell(entries.length);
  }
  const isRoot = isSame(tree.root(), root);
  const [first] = wrong;
  if (!isRoot && first) throw new Broken("ENTRY_CHANGED", `tile/entries/${numberedPath(first.n, widthAt(0, first.n, size))}`, { entry: first.place, ...first });
  if (!isRoot) throw new Broken("ROOT_WRONG", "checkpoint", { found: hex(root), expected: hex(tree.root()) });
  for (let level = 1; widthAt(level, 0, size) > 0; level += 1) {
    for (let n = 0; widthAt(level, n, size) > 0; n += 1) wrong.push(...(await unlike(files, tree, level, n, size)));
  }
  if (wrong.length > 0) {
    const { path, level, place, found, expected } = wrong[0];
    throw new Broken("TILE_WRONG", path, { entry: level === 0 ? place : null, found: expected, expected: found });
  }
  return { entries, tree };
}

/** Where a tile first differs from what the entries come to; found is of the entries, expected is what the tile has. */
async function unlike(files, tree, level, n, size) {
  const width = widthAt(level, n, size);
  const path = `tile/${level}/${numberedPath(n, width)}`;
  const tile = await files.bytes(path);
  if (tile.length !== 32 * width) throw new Broken("TILE_SIZE_WRONG", path, { found: `${tile.length} bytes`, expected: 32 * width });
  for (let at = 0; at < width; at += 1) {
    const [stated, own] = [tile.subarray(32 * at, 32 * at + 32), tree.levels[level][256 * n + at]];
    if (!isSame(stated, own)) return [{ path, level, n, place: 256 * n + at, found: hex(own), expected: hex(stated) }];
  }
  return [];
}

/** See that the log goes on from each older checkpoint: [size, root, path]. */
export function checkOlder(tree, size, older) {
  for (const one of older) {
    if (one.size > size) throw new Broken("SHRUNK", one.path, { found: size, expected: one.size });
    const root = tree.roots.get(one.size);
    if (!isSame(root, one.root)) throw new Broken("FORKED", one.path, { found: hex(root), expected: hex(one.root) });
  }
}
