// What is to be said of a log? From its bytes to the recount, in the order in which one thing rests on another.
import { hex } from "../proof/bytes.js";
import { faultOf } from "../proof/receipts.js";
import { Broken } from "./broken.js";
import { compare, count, readDocuments, slugOf } from "./log-count.js";
import { LogHistory } from "./log-entries.js";
import { checkQuorum, readCheckpoint, readKeys, readPolicy, signedBy } from "./log-head.js";
import { checkOlder, readEntries } from "./log-tree.js";

/** A report: its verdict (COUNTABLE, NOT_YET or BROKEN), the fault, and what was found until then. tell(phase, done, all). */
export async function verifyLog(means, files, tell) {
  const report = { verdict: "BROKEN", fault: null, why: null, keys: [], witnesses: [], older: 0, history: null, votes: null };
  try {
    await verify(means, files, tell, report);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    report.fault = error;
  }
  return report;
}

async function verify(means, files, tell, report) {
  report.keys = await readKeys(means, files);
  const head = await readCheckpoint(means, files, "checkpoint", report.keys);
  report.head = head;
  const policy = await readPolicy(means, files);
  report.witnesses = await signedBy(means, policy, head.note, "checkpoint");
  checkQuorum(policy, report.witnesses);
  const older = await olderOnes(means, files, report.keys, policy);
  const { entries, tree } = await readEntries(means, files, head, older.map(({ size }) => size), (done) => tell("reading", done, head.size));
  report.leaves = tree.levels[0] || [];
  checkOlder(tree, head.size, older);
  report.older = older.length;
  const history = new LogHistory(head.size);
  report.history = history;
  entries.forEach((line, index) => history.read(line, index));
  const documents = await readDocuments(means, files, history);
  report.why = uncountable(files, history);
  if (report.why === null) {
    const slug = slugOf(head.origin, history);
    report.votes = await count(means, files, history, documents, slug, (done) => tell("counting", done, head.size));
    compare(documents.get(history.result.sha256), `documents/${history.result.sha256}`, history, report.votes, slug);
  }
  if (report.why === null && history.ballots.some(({ day }) => !history.days.has(day))) report.why = "whyDays";
  report.verdict = report.why === null ? "COUNTABLE" : "NOT_YET";
}

/** Why the ballots cannot be counted from what is there; null when they can. */
function uncountable(files, history) {
  if (history.closed === null) return "whyOpen";
  if (history.closed !== history.ballots.length) return "whyLate";
  if (files.like(/^openings\//).length === 0) return "whyClosed";
  return history.result === null ? "whyNoResult" : null;
}

/** The checkpoints that were seen before, which lie beside the present one. */
async function olderOnes(means, files, keys, policy) {
  const older = [];
  for (const path of files.like(/^checkpoint\.[0-9]+$/)) {
    const one = await readCheckpoint(means, files, path, keys);
    await signedBy(means, policy, one.note, path);
    older.push({ ...one, path });
  }
  return older.sort((one, other) => one.size - other.size);
}

/** What a log says of a receipt: its fault, or the place of its ballot and what became of it. keys: the log's, if there is one. */
export async function verifyReceipt(means, receipt, keys, report) {
  const fault = await faultOf(means, receipt, keys);
  if (fault !== null || report === null || !report.leaves) return { fault, place: null };
  const place = report.leaves.findIndex((leaf) => hex(leaf) === receipt.leafHash);
  if (place < 0) return { fault: null, place, isBroken: Date.parse(receipt.sealBy) < Date.now() && report.history !== null && report.history.closed !== null };
  return { fault: null, place, ballot: report.history ? report.history.byIndex.get(place) : null };
}

export const rootText = ({ root }) => hex(root);
