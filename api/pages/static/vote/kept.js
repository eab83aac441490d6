// What does this browser remember? Small values by name, receipts with the keys that they are checked by, and where the reader was:
// what is on the screen but not in the address outlives a reload, and so a switch of the language. Where nothing may be kept, as in
// some private windows, the page still works.
import { ROOT } from "./addresses.js";

const OWN = `pingxuan${ROOT}:`; // servers below other paths of the host have the same storage

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
      if (text === null) this.storage().removeItem(`${OWN}${name}`);
      else this.storage().setItem(`${OWN}${name}`, text);
      this.unkept.delete(name);
    } catch (error) {
      this.unkept.set(name, text);
    }
  }

  read(name) {
    if (this.unkept.has(name)) return this.unkept.get(name);
    try {
      return this.storage().getItem(`${OWN}${name}`);
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

const SIGNED = "leafHash batchIndex batchSize batchHashes note sealBy";

/** What is asked of a receipt: at once, and later, when its ballot may be in the log. It is null where the server keeps no log. */
export const SIGNED_RECEIPT = `receipt { ${SIGNED} }`;
export const RECEIPT = `receipt { ${SIGNED} proofFile inclusion { index hashes checkpoint { note } } }`;

export const keptReceipt = (id) => recall(`receipt:${id}`);
export const keepReceipt = (file) => keep(`receipt:${file.ballotId}`, file);

/** The file of a receipt, as it is kept and given out: the ballot as it was sent, and what was signed about it. */
export function fileOf({ slug, keys }, { id, day, projects, receipt }, idempotencyKey) {
  const { leafHash, batchIndex, batchSize, batchHashes, note, sealBy } = receipt;
  return {
    format: "pingxuan/receipt/v1", ballotId: id, campaign: slug, day, projects, idempotencyKey,
    origin: note.split("\n")[1], leafHash, note, batchIndex, batchSize, batchHashes, sealBy, receiptKey: keys.receipt[0],
  };
}

/** Keep what came with a ballot that was cast here. One that is cast again, for want of an answer, has the receipt it had. */
export function keepCast(campaign, { projectIds, idempotencyKey }, ballot) {
  if (!ballot || !ballot.receipt || keptReceipt(ballot.id) !== null) return;
  const projects = projectIds.map((id) => campaign.byId.get(id).number).sort((one, other) => one - other);
  keepReceipt(fileOf(campaign, { ...ballot, projects }, idempotencyKey));
}

/** Every key of a campaign's log and receipts that was ever seen here, the newest first. */
export function keysOf(slug, log) {
  const seen = recall(`log-keys:${slug}`, { log: [], receipt: [] });
  if (log === null) return seen;
  const add = (known, key) => (known[0] === key ? known : [key, ...known.filter((one) => one !== key)]);
  const keys = { log: add(seen.log, log.verifierKey), receipt: add(seen.receipt, log.receiptKey) };
  keep(`log-keys:${slug}`, keys);
  return keys;
}

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
  if (left.focus === "languages") document.querySelector("#languages summary").focus({ preventScroll: true });
}
