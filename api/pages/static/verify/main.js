// Where does the page begin? With files that are dropped or chosen; from then on everything happens in this browser.
import { verifier } from "../proof/ed25519.js";
import { FORMAT } from "../proof/receipts.js";
import { LogFiles, bytesOf, chosen, dropped, textOf } from "./log-files.js";
import { languageButtons, ownKeys, say, shown, tagNow } from "./showing.js";
import { verifyLog, verifyReceipt } from "./verifying.js";

const means = { sha256: (bytes) => window.sha256.hash(bytes), ed25519: verifier(async () => window.nacl) };
const place = (id) => document.getElementById(id);
const state = { report: null, receipts: [], files: [], problem: null, work: null };

function fill(element, ...children) {
  element.textContent = "";
  element.append(...children);
}

/** Write the texts of the page, and again in another language. */
function write() {
  document.documentElement.lang = tagNow();
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) fill(element, say(element.dataset.say));
  place("keep").hidden = location.protocol === "file:";
  show();
}

function show() {
  const { report, receipts, problem, work } = state;
  place("progress").hidden = work === null;
  place("status").className = problem === null ? "" : "problem";
  if (work !== null) place("progress").value = work.all === 0 ? 1 : work.done / work.all;
  fill(place("status"), work !== null ? say(work.phase, work) : problem === null ? "" : say(...problem));
  fill(place("report"), ...(work === null ? shown(report, receipts) : []));
}

/** Take files: a log anew, if there is one among them, and receipts, which are held against the log that is there. */
async function take(all) {
  if (state.work !== null || all.size === 0) return;
  Object.assign(state, { problem: null, work: { phase: "reading", done: 0, all: 1 } });
  show();
  try {
    await verifyAll(all);
  } catch (error) {
    console.warn(error);
    state.problem = ["failed", { message: error.message }];
  }
  state.work = null;
  show();
  const title = place("verdict");
  if (title !== null) title.focus();
}

async function verifyAll(all) {
  const files = LogFiles.among(all);
  const receipts = await receiptsAmong(all, files);
  if (files === null && receipts.length === 0) {
    state.problem = ["noLog"];
    return;
  }
  if (files !== null) {
    state.report = null; // whatever comes of it, the one before is about another
    state.report = await verifyLog(means, files, tell);
  }
  state.files = files !== null && receipts.length === 0 ? state.files : receipts;
  state.receipts = await Promise.all(state.files.map(judged));
}

function tell(phase, done, all) {
  state.work = { phase, done, all };
  const now = performance.now();
  if (now - (state.told || 0) < 100) return; // milliseconds
  state.told = now;
  show();
}

/** Whatever lies beside a log and may be a receipt; without a log, all files may be. */
async function receiptsAmong(all, files) {
  const names = [...all.keys()].filter((path) => /\.json$/i.test(path) && (files === null || !path.startsWith(`${files.root}documents/`)));
  return Promise.all(names.map(async (path) => ({ name: path.split("/").pop(), receipt: await read(await all.get(path)()) })));
}

async function read(file) {
  try {
    const receipt = JSON.parse(textOf(await bytesOf(file), () => new SyntaxError("no UTF-8")));
    return receipt.format === FORMAT && Array.isArray(receipt.projects) && Array.isArray(receipt.batchHashes) ? receipt : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

async function judged({ name, receipt }) {
  if (receipt === null) return { name, found: null };
  const { report } = state;
  const keys = report === null ? await ownKeys(means.sha256, receipt) : report.keys;
  return { name, sealBy: receipt.sealBy, found: await verifyReceipt(means, receipt, keys, report) };
}

fill(place("languages"), ...languageButtons(write));
for (const id of ["folder", "receipt"]) {
  place(id).addEventListener("change", ({ target }) => {
    take(chosen(target.files));
    target.value = ""; // so that the same may be chosen again
  });
}
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  dropped(event.dataTransfer.items).then(take);
});
for (const [name, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, () => place("zone").classList.toggle("over", over));
}
write();
