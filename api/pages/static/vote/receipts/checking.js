// Is a receipt good, and is its ballot in the log yet? Found out on this device, from what it keeps and what the server says now.
import { verifier } from "../../proof/ed25519.js";
import { isSame, unhex } from "../../proof/bytes.js";
import { parseKey } from "../../proof/notes.js";
import { faultOf, inclusionFault, leafOf } from "../../proof/receipts.js";
import { fileOf, keepReceipt, keysOf } from "../kept.js";
import { h } from "../dom.js";

const GRACE = 300000; // milliseconds that a sealed entry has to be published in, and a page to be looked at again
const libraries = new Map();

/** The thing that one of other people's scripts defines, from our own server. */
function library(name, path) {
  if (!libraries.has(name)) {
    const loaded = new Promise((resolve, reject) => {
      const src = new URL(`../../vendor/${path}`, import.meta.url).href;
      document.head.append(h("script", { src, onload: () => resolve(window[name]), onerror: () => reject(new Error(`no ${path}`)) }));
    });
    libraries.set(name, loaded);
    loaded.catch(() => libraries.delete(name)); // so that it is tried again
  }
  return libraries.get(name);
}

/** SHA-256 by the browser where it gives it out, else by a library. */
async function sha256(bytes) {
  if (window.crypto.subtle) return new Uint8Array(await window.crypto.subtle.digest("SHA-256", bytes));
  return (await library("sha256", "fast-sha256/sha256.min.js")).hash(bytes);
}

export const means = { sha256, ed25519: verifier(() => library("nacl", "tweetnacl/nacl-fast.min.js")) };

const parsed = async (keys) => (await Promise.all(keys.map((text) => parseKey(sha256, text)))).filter(Boolean);

/**
 * What is known of a ballot's receipt: its file, and its state, which is "signed", "sealed", "late", "wrong" (with the fault) or
 * "unchecked". isPartial says that the key the ballot was sent with is not known here.
 */
export async function stateOf({ clock, ...here }, ballot, kept) {
  const { slug } = ballot.campaign || here;
  const campaign = slug === here.slug ? { ...here, clock } : { slug, clock, keys: keysOf(slug, null) };
  const given = ballot.receipt;
  const file = kept || fileOf(campaign, { ...ballot, projects: ballot.projects.map(({ number }) => number) }, null);
  const receiptKeys = [...campaign.keys.receipt, ...(kept && kept.receiptKey ? [kept.receiptKey] : [])];
  try {
    if (receiptKeys.length === 0) return { file, isPartial: false, state: "unchecked" }; // nobody has said yet who signs
    const isPartial = kept === null && !isSame(await leafOf(sha256, file), unhex(file.leafHash) || []);
    const known = { file: isPartial ? null : file, isPartial };
    const fault = await faultOf(means, file, await parsed(receiptKeys), isPartial);
    if (fault !== null) return { ...known, state: "wrong", fault };
    if (given && given.leafHash !== file.leafHash) return { ...known, state: "wrong", fault: "other" };
    return { ...known, ...(await placeOf(campaign, file, given, kept)) };
  } catch (error) {
    console.warn(error);
    return { file, isPartial: false, state: "unchecked" };
  }
}

async function placeOf(campaign, file, given, kept) {
  if (given && given.inclusion) {
    const { index, hashes, checkpoint } = given.inclusion;
    const fault = await inclusionFault(means, file, { index, hashes, note: checkpoint.note }, await parsed(campaign.keys.log));
    if (fault !== null) return { state: "wrong", fault: "proof" };
    const whole = given.proofFile ? { ...file, sealedAs: index, proofFile: given.proofFile } : { ...file, sealedAs: index };
    if (kept !== null) keepReceipt(whole);
    return { state: "sealed", index, file: whole };
  }
  if (kept !== null && kept.sealedAs !== undefined) return given ? { state: "wrong", fault: "gone" } : { state: "sealed", index: kept.sealedAs };
  const isLate = campaign.clock.now() > Date.parse(file.sealBy) + GRACE;
  return { state: given && isLate ? "late" : "signed", sealBy: file.sealBy };
}

/** How a key is called in a sentence: by its id. */
export const called = (key) => key.split("+")[1] || key;
export const asText = (file) => `${JSON.stringify(file, null, 2)}\n`;
