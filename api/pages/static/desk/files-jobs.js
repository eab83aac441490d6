// Which files have come and gone lately? Each with its state; those that are under way are read again every few seconds.
import { fill, h } from "../vote/dom.js";
import { count, day, moment } from "../vote/language.js";
import { read, unread } from "./api.js";
import { addressOf } from "./home.js";
import { say } from "./language.js";

export const SHORT = "id kind state format exportContent importContent fileName place day channel received size done total problemCount createdAt mine approvable cancellable campaign { slug timeZone } result { accepted }";
const JOBS = `query Jobs($slug: String, $after: String) { jobs(campaign: $slug, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { ${SHORT} }
} }`;
const AGAIN = 5000; // milliseconds after which the list is read again while something in it is under way
const OVER = ["DONE", "FAILED", "CANCELLED"];

export const isOver = ({ state }) => OVER.includes(state);

/** What a job does, in words. */
export function titleOf({ kind, exportContent, importContent, format, fileName }) {
  if (kind === "EXPORT") return say("jobTitle_EXPORT", { content: say(`content_${exportContent}`), format: say(`short_${format}`) });
  return say(`jobTitle_${importContent}`, { name: fileName });
}

/** Where a job is shown: with its campaign, unless it makes one. */
export function addressOfJob({ id, campaign, importContent }) {
  const key = id.slice("job/".length);
  return campaign === null || importContent === "CAMPAIGN" ? `#/files/${key}` : addressOf(campaign.slug, `files/${key}`);
}

/** The place, day and channel of ballots on paper. */
export const placeOf = ({ place, day: date, channel }) => say("waitingIs", { place, day: day(date), channel: say(`channel_${channel}`) });

/** An instant of a job, in its campaign's zone or else in the computer's. */
export const momentOf = ({ campaign }, instant) => moment(instant, campaign ? campaign.timeZone : Intl.DateTimeFormat().resolvedOptions().timeZone, { year: true });

export const stateOf = ({ state }) => h("span", { class: `chip job-${state.toLowerCase()}` }, say(`jobState_${state}`));

/** How far it is, in rows. */
export function rowsOf({ done, total }) {
  if (total === null && done === 0) return say("working_job");
  return total === null ? say("doneRows", { done: count(done) }) : say("doneRowsOf", { done: count(done), total: count(total) });
}

/** The jobs of a campaign, or one's own where slug is null, the newest first. stopped: tells whether the view is gone. */
export async function jobsOf(slug, isShown) {
  const list = h("ul", { class: "people jobs" });
  const none = h("p", { hidden: true }, say("noJobs"));
  const more = h("button", { type: "button", class: "show-more", hidden: true }, say("showMore"));
  let [after, nodes] = [null, []];
  const draw = () => {
    const active = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    fill(list, nodes.map(one));
    if (active !== null) [...list.querySelectorAll("a")].filter((link) => link.getAttribute("href") === active).forEach((link) => link.focus());
    none.hidden = nodes.length > 0;
  };
  const next = async () => {
    const { jobs } = await read(JOBS, { slug, after });
    after = jobs.pageInfo.endCursor;
    nodes = [...nodes, ...jobs.nodes];
    more.hidden = !jobs.pageInfo.hasNextPage;
    draw();
  };
  const again = async () => {
    if (!isShown()) return;
    if (!document.hidden && nodes.some((job) => !isOver(job))) {
      try {
        const first = (await read(JOBS, { slug })).jobs.nodes;
        nodes = [...first, ...nodes.filter(({ id }) => !first.some((job) => job.id === id))];
        draw();
      } catch (error) {
        console.warn(error); // the list stays as it was; the next time brings it up to date
      }
    }
    setTimeout(again, AGAIN);
  };
  more.addEventListener("click", () => next().catch(unread));
  await next();
  setTimeout(again, AGAIN);
  return h("section", {}, h("h2", {}, say("jobsTitle")), none, list, more);
}

function one(job) {
  return h(
    "li",
    { "data-job": job.id },
    h("p", {}, h("a", { href: addressOfJob(job) }, titleOf(job)), " ", stateOf(job)),
    job.place !== null && h("p", {}, placeOf(job)),
    job.state === "RUNNING" && h("p", {}, rowsOf(job)),
    h("p", { class: "quiet" }, say("startedAt", { at: momentOf(job, job.createdAt) }), job.mine && ` · ${say("thisIsYou")}`),
  );
}
