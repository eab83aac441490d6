// How does a campaign stand, and what can be done about it now? Its state, its turnout, and the acts that its phase allows.
import { fill, h } from "../vote/dom.js";
import { count, day, moment, span } from "../vote/language.js";
import { ROOT } from "../vote/addresses.js";
import { actsFor, openCampaignAct } from "./acts.js";
import { read } from "./api.js";
import { areTooMany, checked } from "./checking.js";
import { addressOf } from "./home.js";
import { COUNTS, headOf, loaded } from "./loaded.js";
import { previewOf } from "./preview.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";
import { whenLeft } from "./routes.js";
import { findingText } from "./wording.js";

const TURNOUT = `query Turnout($slug: String!) { campaign(slug: $slug) { turnout { ${COUNTS} } } }`;
const AGAIN = 15000; // milliseconds after which turnout is read again

/** The first view of a campaign. */
export async function overviewView(desk, slug, again) {
  const campaign = await loaded(slug);
  const turnout = h("div", {}, turnoutOf(campaign));
  if (["VOTING", "PAUSED"].includes(campaign.phase)) keepUp(slug, turnout);
  const isDraft = campaign.phase === "DRAFT";
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, ""),
    timesOf(campaign),
    actsOf(campaign, desk, again),
    isDraft ? h("div", {}, nextSteps(campaign), previewOf(campaign)) : turnout,
    !isDraft && h("p", {}, h("a", { href: `${ROOT}/c/${encodeURIComponent(slug)}` }, say("asVotersSee"))),
    records(campaign),
  );
}

function timesOf({ votingWindow, timeZone, serverTime }) {
  if (!votingWindow) return null;
  return h("p", {}, span(votingWindow.opensAt, votingWindow.closesAt, timeZone).join(""), h("br"), h("span", { class: "quiet" }, say("nowIs", { at: moment(serverTime, timeZone) })));
}

function actsOf(campaign, desk, again) {
  if (!mayRun(desk, campaign.slug)) return null;
  const names = actsFor(campaign);
  const button = (name, index) => h("button", { type: "button", class: index === 0 && campaign.phase === "DRAFT" && "main", onclick: () => openCampaignAct(name, campaign, desk, again) }, say(`act_${name}`));
  return names.length > 0 && h("section", { "aria-label": say("acts") }, h("p", { class: "row" }, names.map(button)));
}

function nextSteps(campaign) {
  const { slug, projects } = campaign;
  return h(
    "section",
    {},
    h("h2", {}, say("nextSteps")),
    h(
      "ol",
      { class: "steps" },
      h("li", {}, h("a", { href: addressOf(slug, "settings") }, say("stepSettings"))),
      h("li", {}, h("a", { href: addressOf(slug, "candidates") }, say("stepCandidates")), " ", say("candidatesCount", { count: projects.length })),
      h("li", {}, say("stepPresent")),
    ),
    readiness(campaign),
  );
}

/** What the API finds before the draft may be presented, once it has answered. */
function readiness({ slug, input, projects, timeZone }) {
  const place = h("div", { role: "status" });
  const told = (found) => (found.length ? say("beforePresenting") : areTooMany(projects) ? say("lookedAtLater") : say("readyToPresent"));
  const tell = (found) => fill(place, h("p", {}, told(found)), h("ul", {}, found.map((problem) => h("li", {}, findingText(problem, { timeZone })))));
  checked({ input, projects, campaign: slug }).then(tell, (error) => console.warn(error));
  return place;
}

/** Ballots altogether, by day and by channel. */
function turnoutOf({ turnout }) {
  const most = Math.max(1, ...turnout.byDay.map(({ ballots }) => ballots));
  const rows = turnout.byDay.map(({ day: date, ballots }) =>
    h("tr", {}, h("th", { scope: "row" }, day(date)), h("td", { class: "bar" }, h("meter", { min: 0, max: most, value: ballots, "aria-hidden": "true" })), h("td", { class: "count" }, count(ballots))));
  const channels = turnout.byChannel || [];
  return [
    h("h2", {}, say("turnout")),
    h("dl", { class: "numbers" }, ["ballots", "held", "voided"].map((name) => h("div", {}, h("dt", {}, say(`turnout_${name}`)), h("dd", {}, count(turnout[name]))))),
    rows.length > 0 && h("table", {}, h("caption", {}, say("byDayTable")), h("tbody", {}, rows)),
    channels.length > 0 && h("table", {}, h("caption", {}, say("byChannel")), h("tbody", {}, channels.map((one) => h("tr", {}, h("th", { scope: "row" }, say(`channel_${one.channel}`)), h("td", { class: "count" }, count(one.ballots)))))),
  ];
}

function keepUp(slug, place) {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    try {
      fill(place, turnoutOf((await read(TURNOUT, { slug })).campaign));
    } catch (error) {
      console.warn(error); // the numbers stay as they were; the next time brings them up to date
    }
  }, AGAIN);
  whenLeft(() => clearInterval(timer));
}

/** Pauses and extensions so far, with their reasons. */
function records({ pauses, extensions, timeZone }) {
  const at = (instant) => moment(instant, timeZone, { year: true });
  const rows = [
    ...pauses.map(({ from, until, reason }) => h("li", {}, say(until ? "pausedFromTo" : "pausedFrom", { from: at(from), until: until && at(until) }), " ", reason)),
    ...extensions.map(({ was, closesAt, reason }) => h("li", {}, say("extendedTo", { was: at(was), to: at(closesAt) }), " ", reason)),
  ];
  return rows.length > 0 && h("section", {}, h("h2", {}, say("records")), h("ul", {}, rows));
}
