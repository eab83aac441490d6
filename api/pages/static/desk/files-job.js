// How far is one file, and what came of it? Its upload, its progress, its problems, its result, and what can be done about it.
import { announce, fill, h } from "../vote/dom.js";
import { read } from "./api.js";
import { actsOf } from "./files-acts.js";
import { SHORT, isOver, momentOf, placeOf, rowsOf, stateOf, titleOf } from "./files-jobs.js";
import { problemsOf, reportOf } from "./files-report.js";
import { uploadPlace } from "./files-upload.js";
import { say } from "./language.js";
import { Upload, uploadOf } from "./uploading.js";

const JOB = `query Job($id: ID!) { job(id: $id) {
  ${SHORT} url uploadUrl expiresAt
  problems { __typename code message path ... on FileProblem { line column violations } }
  result { projects accepted refused { code count } differences { code official counted } }
} }`;
const AGAIN = { RUNNING: 1000, WAITING_FOR_FILE: 5000, WAITING_FOR_APPROVAL: 10000 }; // milliseconds after which it is read again
const MOVING = ["done", "total", "received", "size"]; // what changes all the time, and is drawn in place

/** One job, kept up while it is shown. */
export async function jobPlace(desk, key, isShown, again) {
  const id = `job/${key}`;
  const page = { desk, id, job: (await read(JOB, { id })).job, place: h("div", { class: "job" }), moving: h("div", {}), again };
  page.reload = async () => {
    const before = page.job;
    page.job = (await read(JOB, { id })).job;
    if (before.state !== page.job.state) later(); // sooner, or later, than it was to be read again
    if (still(before) === still(page.job)) return move(page);
    draw(page);
    announce(`${say(`jobState_${page.job.state}`)}. ${sentence(page.job)}`);
    return undefined;
  };
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    if (!isOver(page.job)) timer = setTimeout(keepUp, AGAIN[page.job.state]);
  };
  const keepUp = async () => {
    if (!isShown()) return;
    try {
      if (!document.hidden && !isOver(page.job)) await page.reload();
    } catch (error) {
      console.warn(error); // it stays as it was; the next time brings it up to date
    }
    later();
  };
  draw(page);
  later();
  return page.place;
}

const still = (job) => JSON.stringify({ ...job, ...Object.fromEntries(MOVING.map((name) => [name, 0])) });

function sentence({ state, kind }) {
  if (state === "DONE") return say(`jobIs_DONE_${kind}`);
  return say(state === "FAILED" && kind === "EXPORT" ? "jobIs_FAILED_EXPORT" : `jobIs_${state}`);
}

/** All of it anew; the keyboard stays where it was, or goes to the title where that is gone. */
function draw(page) {
  const { job, place } = page;
  const active = place.contains(document.activeElement);
  const title = h("h2", { tabindex: "-1" }, titleOf(job));
  move(page);
  fill(
    place,
    title,
    h("p", {}, stateOf(job), " ", job.place !== null && placeOf(job)),
    h("p", {}, sentence(job)),
    page.moving,
    job.state === "WAITING_FOR_FILE" && job.uploadUrl !== null && uploadPlace(page),
    actsOf(page),
    problemsOf(page),
    reportOf(page),
    h("p", { class: "quiet" }, say("startedAt", { at: momentOf(job, job.createdAt) })),
  );
  if (active) title.focus({ preventScroll: true });
  const upload = uploadOf(page.id);
  if (upload !== null && upload.state === "STOPPED") upload.run();
}

/** How far it is: a bar that moves. */
function move({ job, moving }) {
  if (job.state !== "RUNNING") return fill(moving);
  const bar = moving.querySelector("progress") || h("progress", { "aria-label": say("jobState_RUNNING") });
  const words = moving.querySelector("p") || h("p", {});
  if (job.total) Object.assign(bar, { max: job.total, value: job.done });
  else bar.removeAttribute("value");
  fill(words, rowsOf(job));
  return bar.isConnected ? undefined : fill(moving, bar, words);
}

/** Go on with a file that was chosen for this job. */
export function sendTo(job, file) {
  const upload = new Upload(job, file);
  upload.run();
  return upload;
}
