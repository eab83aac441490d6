// What can be done about a file? Fetched, approved by another organizer, or cancelled.
import { h } from "../vote/dom.js";
import { count, day } from "../vote/language.js";
import { openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { momentOf, titleOf } from "./files-jobs.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";
import { uploadOf } from "./uploading.js";

const mutation = (name) => `mutation Act($job: ID!) { ${name}(job: $job) { job { id state } ${PROBLEMS} } }`;
const NOWHERE = { languages: ["zh"], timeZone: "Asia/Shanghai" }; // of a dialog without texts and times

/** How many ballots a batch would bring. */
export const ballotsIn = ({ result, total }) => (result ? result.accepted : total || 0);

/** The acts on a job that this viewer may do, and why not where that needs saying. */
export function actsOf(page) {
  const { job } = page;
  const buttons = [
    job.url !== null && h("a", { class: "button main", href: job.url, download: "" }, say("download")),
    job.approvable && approveButton(page, job),
    job.cancellable && cancelButton(page, job),
  ];
  return [
    job.state === "WAITING_FOR_APPROVAL" && !job.approvable && whyNot(page, job),
    buttons.some(Boolean) && h("p", { class: "row" }, buttons),
    job.state === "DONE" && job.kind === "EXPORT" && job.mine && h("p", { class: "quiet" }, job.url === null ? say("noLongerThere") : say("availableUntil", { at: momentOf(job, job.expiresAt) })),
  ];
}

export const whyNot = ({ desk }, job) => h("p", { class: "kept" }, say(job.mine && job.campaign !== null && mayRun(desk, job.campaign.slug) ? "ownBatch" : "needsOrganizer"));

export function approveButton(page, job) {
  const values = { place: job.place, day: day(job.day), count: count(ballotsIn(job)), problems: count(job.problemCount) };
  const effects = ["approve_does1", "approve_does2", job.problemCount > 0 && "approve_does3"].filter(Boolean).map((name) => say(name, values));
  const open = () => openDialogOf(page, job, { label: say("approveImport"), effects, final: true, name: "approveImport" });
  return h("button", { type: "button", class: "main", onclick: open }, say("approveImport"), h("span", { class: "unseen" }, ` ${titleOf(job)}`));
}

export function cancelButton(page, job) {
  const effects = job.kind === "EXPORT" ? [say("cancelExport_does1")] : [1, 2].map((n) => say(`cancelJob_does${n}`));
  const open = () => openDialogOf(page, job, { label: say("cancelJob"), effects, final: false, name: "cancelJob" });
  return h("button", { type: "button", onclick: open }, say("cancelJob"), h("span", { class: "unseen" }, ` ${titleOf(job)}`));
}

function openDialogOf({ desk, again }, job, { label, effects, final, name }) {
  openAct({
    title: `${label}${say("colon")}${titleOf(job)}`, label, effects, fields: [], campaign: { ...NOWHERE, slug: job.id }, final, signInMethods: desk.signInMethods,
    act: () => act(mutation(name), { job: job.id }),
    done: () => {
      const upload = uploadOf(job.id);
      if (upload !== null && name === "cancelJob") upload.stop();
      return again();
    },
  });
}
