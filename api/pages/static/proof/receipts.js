// What does a receipt prove, and does this one? The file that voters keep, its signature, its path, and its ballot's leaf.
import { hex, isSame, unbase64, unhex, utf8 } from "./bytes.js";
import { leafHash, rootFromInclusion } from "./merkle.js";
import { isSigned, parseCheckpoint, parseNote } from "./notes.js";

export const FORMAT = "pingxuan/receipt/v1";

const digest = async (sha256, text) => hex(await sha256(utf8(text)));

/** The nonce of a ballot's commitment, from its id, with or without ballot/ before it. */
export const nonceOf = (sha256, ballotId) => digest(sha256, `pingxuan/opening/v1\n${ballotId.replace(/^ballot\//, "")}\n`);

/** What keeps two equal ballots apart: made of the key that the ballot was sent with, if there was one. */
export const tagOf = (sha256, key) => (key === null ? "-" : digest(sha256, `pingxuan/client/v1\n${key}\n`));

/** The text whose digest is the commitment to a ballot. numbers ascend. */
export const commitmentText = (slug, day, nonce, tag, numbers) => `pingxuan/ballot/v1\n${slug}\n${day}\n${nonce}\n${tag}\n${numbers.join(",")}\n`;

/** The hash of the log's entry for the ballot that a receipt's file tells of. */
export async function leafOf(sha256, { ballotId, campaign, day, projects, idempotencyKey }) {
  const [nonce, tag] = [await nonceOf(sha256, ballotId), await tagOf(sha256, idempotencyKey)];
  const numbers = [...projects].sort((one, other) => one - other);
  const commitment = await digest(sha256, commitmentText(campaign, day, nonce, tag, numbers));
  return leafHash(sha256, utf8(`ballot ${day} ${commitment}`));
}

/** The signed terms of a receipt: origin, root and size of its batch, and when the batch is sealed at the latest; null for others. */
export function termsOf(note) {
  const [head, origin, base64, size, sealBy, ...rest] = note.text.split("\n");
  const root = unbase64(base64 || "");
  const isOne = head === "pingxuan/receipts/v1" && root && root.length === 32 && /^[1-9][0-9]*$/.test(size || "") && rest.join() === "";
  return isOne ? { origin, root, size: Number(size), sealBy } : null;
}

/**
 * What is wrong with a receipt, or null: "form" what is none, "key" none of these keys signed it, "signature" it is not what was
 * signed, "leaf" it is of another ballot, "path" its ballot is not in what was signed. With isPartial the ballot's key is not
 * known here, so that its leaf is taken as the receipt states it.
 */
export async function faultOf({ sha256, ed25519 }, receipt, keys, isPartial = false) {
  if (![receipt.ballotId, receipt.campaign, receipt.day].every((text) => typeof text === "string")) return "form";
  const [note, leaf, path] = [parseNote(receipt.note), unhex(receipt.leafHash), (receipt.batchHashes || []).map(unhex)];
  const terms = note && termsOf(note);
  if (!terms || !leaf || path.some((hash) => hash === null || hash.length !== 32)) return "form";
  const own = keys.filter(({ name, kind }) => name === `${terms.origin}/receipts` && kind === 1);
  const answers = await Promise.all(own.map((key) => isSigned(ed25519, note, key)));
  if (answers.every((answer) => answer === null)) return "key";
  if (answers.includes(false)) return "signature";
  const isStated = terms.size === receipt.batchSize && [undefined, terms.origin].includes(receipt.origin);
  if (!isStated || Date.parse(terms.sealBy) !== Date.parse(receipt.sealBy)) return "signature";
  if (!isPartial && !isSame(await leafOf(sha256, receipt), leaf)) return "leaf";
  const root = await rootFromInclusion(sha256, receipt.batchIndex, terms.size, leaf, path);
  return root !== null && isSame(root, terms.root) ? null : "path";
}

/** What is wrong with the proof that a leaf is in the log, or null: "form", "key", "signature" or "path", as for receipts. */
export async function inclusionFault({ sha256, ed25519 }, { leafHash: leaf, origin }, { index, hashes, note }, keys) {
  const signed = parseNote(note);
  const checkpoint = signed && parseCheckpoint(signed.text);
  if (!checkpoint || hashes.map(unhex).includes(null)) return "form";
  const own = keys.filter(({ name, kind }) => name === checkpoint.origin && kind === 1);
  const answers = await Promise.all(own.map((key) => isSigned(ed25519, signed, key)));
  if (answers.every((answer) => answer === null)) return "key";
  if (answers.includes(false) || (origin && !isSameLog(checkpoint.origin, origin))) return "signature";
  const root = await rootFromInclusion(sha256, index, checkpoint.size, unhex(leaf), hashes.map(unhex));
  return root !== null && isSame(root, checkpoint.root) ? null : "path";
}

/** Whether an origin is that of a log or of what continues it. */
const isSameLog = (one, other) => one === other || one.replace(/\/[0-9]+$/, "") === other.replace(/\/[0-9]+$/, "");
