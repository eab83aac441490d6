// What is being selected, by which rules, and how long may one vote? The campaign's own words, and a countdown.
import { LIST } from "./addresses.js";
import { ServerClock, everySecond } from "./clock.js";
import { PICTURE, fill, h, picture } from "./dom.js";
import { ask } from "./graphql.js";
import { keysOf } from "./kept.js";
import { ballots, langOf, moment, remaining, say, span } from "./language.js";
import { readRules } from "./rules.js";
import { course } from "./stages.js";

const CAMPAIGN = `
  query Campaign($slug: String) {
    campaign(slug: $slug) {
      slug title organizer timeZone phase serverTime resultsVisibility languages candidateTerm currency projectOrder
      votingWindow { opensAt closesAt }
      pauses { from until reason }
      extensions { closesAt at reason }
      cover { ${PICTURE} }
      themes { code name }
      rules {
        __typename code description
        ... on ChoiceCountRule { minimum maximum }
        ... on VotingWindowRule { opensAt closesAt }
        ... on GroupChoiceRule { groupBy group least: minimum most: maximum }
        ... on BudgetRule { budget: limit }
        ... on VoteQuotaRule { limit perProject period }
        ... on VotingHoursRule { from until }
      }
      districts { code name }
      stages { name seats status description }
      criteria { code }
      publication { state objectionsUntil }
      source { publisher url }
      turnout { ballots }
      log { verifierKey receiptKey }
    }
    campaigns(first: 2) { nodes { slug } }
    signInMethods { door appid scope }
  }`;

const NOW = "query Now($slug: String) { campaign(slug: $slug) { serverTime phase turnout { ballots } } }";
const SPREAD = 2000; // milliseconds over which pages look again, so that not all come at once when voting opens

/** The campaign with this slug, or the featured one, as the API has it, with its rules read and its clock; null if none. */
export async function loadCampaign(slug) {
  const { campaign, campaigns, signInMethods } = await ask(CAMPAIGN, { slug });
  if (campaign === null) return null;
  const known = { limits: readRules(campaign.rules), clock: new ServerClock(campaign.serverTime), isAlone: campaigns.nodes.length < 2, keys: keysOf(campaign.slug, campaign.log) };
  return { ...campaign, ...known, signInMethods, allowance: null, counter: h("p", { class: "turnout" }) };
}

const WAITED = 30000; // milliseconds between two looks at whether a vote that stands still goes on

/** Whoever comes back to the page finds the right time: clocks may stand still while a phone sleeps. */
export function keepTime(campaign, beginAgain) {
  const look = async () => {
    if (document.hidden) return;
    try {
      const { campaign: now } = await ask(NOW, { slug: campaign.slug });
      if (now.phase !== campaign.phase) beginAgain();
      campaign.clock = new ServerClock(now.serverTime);
      showBallots(campaign, now.turnout.ballots);
    } catch (error) {
      // The clock goes on as it did; the next visit asks again.
    }
  };
  document.addEventListener("visibilitychange", look);
  if (campaign.phase === "PAUSED") setInterval(look, WAITED);
}

/** Have the head say how many ballots there are now. */
export async function countBallots(campaign) {
  try {
    showBallots(campaign, (await ask(NOW, { slug: campaign.slug })).campaign.turnout.ballots);
  } catch (error) {
    // The number stays as it was; whoever asks next brings it up to date.
  }
}

export function showBallots(campaign, number) {
  campaign.turnout.ballots = number;
  fill(campaign.counter, ballots(number));
}

/** The head of the page; begin again is called when the countdown has run out, since the phase is another one then. */
export function campaignHead(campaign, beginAgain) {
  return h(
    "section",
    { class: "campaign", "aria-labelledby": "title" },
    campaign.cover && picture(campaign.cover, "cover", "(min-width: 1180px) 1180px, 100vw"),
    h("div", { class: "wide" }, h("div", { class: "about" }, ...words(campaign)), timing(campaign, beginAgain)),
    course(campaign),
  );
}

function words(campaign) {
  const { opensAt, closesAt } = campaign.votingWindow;
  return [
    !campaign.isAlone && h("p", { class: "to-list" }, h("a", { href: LIST }, `‹ ${say("allCampaigns")}`)),
    h("p", { class: `phase ${campaign.phase.toLowerCase()}` }, say(campaign.phase)),
    h("h1", { id: "title", lang: langOf(campaign.title) }, campaign.title),
    h("p", { class: "quiet" }, h("span", { lang: langOf(campaign.organizer) }, say("organizer", campaign)), h("br"), span(opensAt, closesAt, campaign.timeZone).map((part) => h("span", { class: "whole" }, part))),
    h("ul", { class: "rules", "aria-label": say("rules") }, campaign.rules.map((rule) => h("li", {}, rule.description))),
    events(campaign),
    h("p", { class: "to-share" }, h("a", { href: "#/share" }, say("share"))),
  ];
}

/** What has become of the vote on its way: each time that it stood still or was extended, and why. */
function events({ pauses, extensions, phase, timeZone }) {
  const at = (instant) => moment(instant, timeZone);
  const over = pauses.filter(({ until }) => until !== null || phase !== "PAUSED");
  const lines = [
    ...over.map(({ from, until, reason }) => [from, until ? say("wasPaused", { from: at(from), until: at(until) }) : say("pausedSince", { at: at(from) }), reason]),
    ...extensions.map(({ closesAt, at: when, reason }) => [when, say("extended", { at: at(closesAt) }), reason]),
  ];
  lines.sort(([one], [other]) => Date.parse(one) - Date.parse(other));
  const line = ([, words, reason]) => h("li", {}, `${words} `, h("span", { lang: langOf(reason) }, reason));
  return lines.length > 0 && h("ul", { class: "rules events", "aria-label": say("events") }, lines.map(line));
}

function timing(campaign, beginAgain) {
  const { counter } = campaign;
  showBallots(campaign, campaign.turnout.ballots);
  if (campaign.phase === "UPCOMING") return countdown("untilOpen", "opensAt", campaign, beginAgain, counter);
  if (campaign.phase === "VOTING") return countdown("untilClose", "closesAt", campaign, beginAgain, counter);
  if (campaign.phase === "PAUSED") return paused(campaign, counter);
  if (campaign.phase === "ANNOUNCED" && campaign.publication) return announced(campaign, counter);
  if (campaign.phase === "ARCHIVED") return h("div", { class: "timing" }, h("p", {}, say("archivedNow")), counter, toOutcome(campaign));
  const at = moment(campaign.votingWindow.closesAt, campaign.timeZone);
  const over = say(campaign.phase === "CLOSED" ? "closedAt" : "publishedAt", { at });
  return h("div", { class: "timing" }, h("p", {}, over), counter, toOutcome(campaign));
}

const toOutcome = ({ publication }) => publication && h("a", { class: "button", href: "#/winners" }, say("seeOutcome"));

/** Until when objections to the outcome are heard, and how to make one. */
function announced(campaign, counter) {
  const { objectionsUntil } = campaign.publication;
  const isHeard = campaign.clock.now() < Date.parse(objectionsUntil);
  const at = moment(objectionsUntil, campaign.timeZone, { year: true });
  return h(
    "div",
    { class: "timing" },
    h("p", {}, h("strong", {}, say(isHeard ? "heardUntil" : "heardBefore", { at }))),
    isHeard && h("p", { class: "quiet" }, say("toObject", campaign)),
    counter,
    toOutcome(campaign),
  );
}

/** Since when voting stands still, why, and until when as far as anybody has said. */
function paused({ pauses, timeZone, votingWindow }, counter) {
  const at = (instant) => moment(instant, timeZone);
  const last = pauses[pauses.length - 1];
  const until = last && last.until;
  return h(
    "div",
    { class: "timing" },
    h("p", {}, h("strong", {}, last ? say("pausedSince", { at: at(last.from) }) : say("PAUSED"))),
    last && h("p", { lang: langOf(last.reason) }, last.reason),
    h("p", { class: "quiet" }, until ? say("goesOn", { at: at(until) }) : say("closesLater", { at: at(votingWindow.closesAt) })),
    counter,
  );
}

function countdown(name, until, campaign, beginAgain, counter) {
  const end = Date.parse(campaign.votingWindow[until]);
  const timer = h("p", { class: "countdown", role: "timer", "aria-label": say(name) });
  const place = h("div", { class: "timing" }, h("p", { class: "quiet" }, say(name)), timer, counter);
  everySecond(() => {
    const left = end - campaign.clock.now();
    const { days, time } = remaining(left);
    fill(timer, days && h("span", { class: "days" }, days, " "), time);
    if (left <= 0) setTimeout(beginAgain, Math.random() * SPREAD);
    return left <= 0;
  });
  return place;
}
