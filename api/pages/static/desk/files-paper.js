// How do ballots on paper come in? A file of one polling place and day; another organizer sees what is in it, and approves.
import { h } from "../vote/dom.js";
import { count, language } from "../vote/language.js";
import { read } from "./api.js";
import { approveButton, ballotsIn, cancelButton, whyNot } from "./files-acts.js";
import { importForm, templateButton } from "./files-forms.js";
import { SHORT, addressOfJob, placeOf } from "./files-jobs.js";
import { say } from "./language.js";
import { toLocal } from "./times.js";

const WAITING = `query Waiting($slug: String!) { jobs(campaign: $slug, states: [WAITING_FOR_APPROVAL], first: 50) { nodes { ${SHORT} } } }`;
const TEMPLATE = { zh: ["选票编号", "所选项目"], "zh-Hant": ["選票編號", "所選項目"], en: ["ballot", "choices"] };

/** The form for a batch of paper. */
export function paperForm(campaign) {
  const { slug, timeZone, votingWindow } = campaign;
  const days = { min: toLocal(votingWindow.opensAt, timeZone).slice(0, 10), max: toLocal(votingWindow.closesAt, timeZone).slice(0, 10) };
  const fields = [
    { key: "place", kind: "text", label: "paperPlace", help: "paperPlaceHelp", required: true },
    { key: "day", kind: "day", label: "paperDay", help: "paperDayHelp", required: true, attributes: days },
    { key: "channel", kind: "choice", label: "paperChannel", options: ["PAPER", "ON_SITE", "SMS"], names: "channelOf_" },
    { key: "errorPolicy", kind: "choice", label: "errorPolicy", options: ["ALL_OR_NOTHING", "SKIP_REFUSED"], names: "policy_" },
  ];
  return [
    h("p", { class: "quiet" }, say("paperHelp")),
    h("p", { class: "row" }, templateButton(`${slug}-paper.csv`, TEMPLATE[language])),
    importForm({ content: "BALLOTS", campaign: slug, fields, label: "chooseCsv", suffixes: [".csv"], button: "startPaper" }),
  ];
}

/** The batches that wait for somebody other than whoever has uploaded them. */
export async function waitingOf(page, slug) {
  const { nodes } = (await read(WAITING, { slug })).jobs;
  return nodes.length > 0 && h("section", { class: "waiting-batches" }, h("h2", {}, say("waitingTitle")), h("ul", { class: "people" }, nodes.map((job) => batch(page, job))));
}

function batch(page, job) {
  return h(
    "li",
    { "data-batch": job.id },
    h("p", {}, h("b", {}, placeOf(job))),
    h("p", {}, say("waitingCount", { count: count(ballotsIn(job)) }), job.problemCount > 0 && say("waitingRefused", { count: count(job.problemCount) })),
    h("p", {}, h("a", { href: addressOfJob(job) }, say("toBatch"), h("span", { class: "unseen" }, ` ${placeOf(job)}`))),
    !job.approvable && whyNot(page, job),
    (job.approvable || job.cancellable) && h("p", { class: "row" }, job.approvable && approveButton(page, job), job.cancellable && cancelButton(page, job)),
  );
}
