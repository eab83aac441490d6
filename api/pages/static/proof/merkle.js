// Is an entry in a tree with this root? As RFC 6962 and 9162 have it. sha256 may answer at once or promise to.
import { joined } from "./bytes.js";

export const leafHash = (sha256, entry) => sha256(joined([0], entry));
export const nodeHash = (sha256, left, right) => sha256(joined([1], left, right));

/** The root that a leaf and its path lead to; null for a path that has not the length it has in a tree of that size. */
export async function rootFromInclusion(sha256, index, size, leaf, path) {
  if (!(index >= 0 && index < size)) return null;
  let [at, last, root] = [index, size - 1, leaf];
  for (const beside of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      root = await nodeHash(sha256, beside, root);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      root = await nodeHash(sha256, root, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : null;
}
