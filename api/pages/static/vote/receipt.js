// What has a voter in hand afterwards? A ballot's number, by which anybody who has it can look the ballot up.
import { addressOf } from "./addresses.js";
import { copy, fill, h } from "./dom.js";
import { Unreachable, ask, persist } from "./graphql.js";
import { RECEIPT, keptReceipt } from "./kept.js";
import { day, langOf, moment, say } from "./language.js";
import { notice } from "./notice.js";
import { session } from "./session.js";

const BALLOT = `
  query Ballot($id: ID!) {
    ballot(id: $id) { id day castAt status statusReason campaign { slug title timeZone } projects { number title } ${RECEIPT} }
  }`;
const MINE = `
  query Mine($slug: String) {
    viewer { ballots(campaign: $slug) { id day castAt status projects { number } ${RECEIPT} } allowance(campaign: $slug) { nextAllowedAt } }
  }`;
const KEY = /(?:^|[^a-z0-9])([a-z2-7]{26})(?![a-z0-9])/; // what an id is but for the ballot/ before it
const WITHDRAWN = { HELD: "heldBallot", VOIDED: "voidedBallot" }; // what to call ballots that do not count
const SHOWN = 6; // of these, to tell ballots apart

/** The id of a ballot in what somebody typed or pasted: without ballot/, with blanks or capitals, or in an address. */
export function ballotId(text) {
  const plain = decoded(text.normalize("NFKC")).toLowerCase();
  const found = [plain, plain.replace(/[\s\u00ad\u200b-\u200f\u2060\ufeff]+/g, "")].map((one) => one.match(KEY)).find(Boolean);
  return found ? `ballot/${found[1]}` : text.trim();
}

/** What an address that was pasted spells with percent signs, perhaps twice. */
function decoded(text) {
  try {
    return decodeURIComponent(decodeURIComponent(text));
  } catch (error) {
    return text;
  }
}

/** The page about one ballot and its title; without a text, where a ballot is looked up. cast: it was cast just now. */
export async function receiptView(campaign, text, cast) {
  const id = text && ballotId(text);
  const kept = id ? keptReceipt(id) : null;
  const answer = id ? await found(id, kept) : null;
  const isGone = kept !== null && kept.campaign === campaign.slug && (answer === null || answer === undefined);
  const ballot = isGone ? fromKept(campaign, kept) : answer;
  const title = say(id ? titleOf(answer === undefined ? ballot : answer, cast) : "lookUp");
  const others = h("div", {});
  mine(campaign).then((list) => fill(others, list));
  const view = h(
    "section",
    { class: "wide receipt", "aria-labelledby": "receipt" },
    h("h1", { id: "receipt", tabindex: "-1" }, title),
    cast && ballot !== null && ballot.status === "COUNTED" && h("p", { class: "seal", "aria-hidden": "true" }, "✓"),
    ballot !== null && slip(campaign, ballot),
    id && answer === null && h("p", { class: "problem", role: "alert" }, say("notFound")),
    ballot !== null && (kept !== null || ballot.receipt || (campaign.log && ballot.campaign.slug === campaign.slug)) && proof(campaign, ballot, kept, answer === null),
    lookUp(ballot === null ? text : ""),
    others,
  );
  return { view, title };
}

/** A ballot that does not count is no success, however shortly ago it was cast. */
function titleOf(ballot, cast) {
  if (ballot === null) return "noSuchBallot";
  return WITHDRAWN[ballot.status] || (cast ? "thanks" : "receipt");
}

/** The ballot; null for whatever is not the number of one, undefined without an answer about one whose receipt is kept. */
async function found(id, kept) {
  const attempt = () => ask(BALLOT, { id });
  try {
    return (await (kept === null ? persist(attempt) : attempt())).ballot;
  } catch (error) {
    if (error.code === "BAD_INPUT") return null;
    if (kept !== null && error instanceof Unreachable) return undefined;
    throw error;
  }
}

/** What this browser knows of a ballot by itself. */
function fromKept(campaign, { ballotId, day, projects }) {
  const titles = new Map([...campaign.byId.values()].map(({ number, title }) => [number, title]));
  const named = projects.map((number) => ({ number, title: titles.get(number) || "" }));
  return { id: ballotId, day, castAt: null, status: "COUNTED", campaign, projects: named, receipt: null };
}

/** What proves that the ballot was accepted; its code comes with the first ballot that has such a thing. */
function proof(campaign, ballot, kept, isDenied) {
  const place = h("section", { class: "proof", "aria-busy": "true" });
  import("./receipts/panel.js")
    .then(({ showProof }) => showProof(place, campaign, ballot, kept, isDenied))
    .catch((error) => {
      console.warn(error);
      fill(place, h("p", { class: "quiet" }, say("failed")));
    })
    .then(() => place.removeAttribute("aria-busy"));
  return place;
}

function slip(campaign, ballot) {
  const link = `${location.origin}${location.pathname}${location.search}#/receipt/${encodeURIComponent(ballot.id)}`;
  const there = ballot.campaign.slug === campaign.slug ? "" : addressOf(ballot.campaign);
  const about = ({ number, title }) => h("a", { href: `${there}#/candidate/${number}`, lang: langOf(title) }, title);
  return h(
    "div",
    { class: "slip" },
    h("p", { class: "quiet" }, ballot.campaign.title),
    h("dl", {},
      h("dt", {}, say("receiptIs")), h("dd", {}, h("code", { id: "ballot-id" }, ballot.id)),
      ballot.castAt && [h("dt", {}, say("castOn")), h("dd", {}, moment(ballot.castAt, ballot.campaign.timeZone, { year: true }))],
      h("dt", {}, say("countsFor")), h("dd", {}, day(ballot.day))),
    ballot.status !== "COUNTED" && h("p", { class: "unsettled" }, say(ballot.status), " ", ballot.statusReason),
    h("p", { class: "row" }, copier("copyId", ballot.id), copier("copyLink", link)),
    h("p", { class: "quiet" }, say("receiptHint")),
    h("h2", {}, say("voted")),
    h("ol", { class: "choices" }, ballot.projects.map((project) => h("li", {}, h("span", { class: "number" }, String(project.number)), h("span", {}, about(project))))),
    h("p", { class: "row" }, h("a", { class: "button main", href: "#/ranking" }, say("toRanking")), h("a", { class: "button", href: "#/" }, say("backToVote"))),
  );
}

function copier(name, text) {
  const press = async () => notice((await copy(text)) ? say("copied") : text);
  return h("button", { type: "button", onclick: press }, say(name));
}

function lookUp(text) {
  const field = h("input", { id: "look-up", required: true, autocomplete: "off", autocapitalize: "off", spellcheck: "false", value: text });
  const go = (event) => {
    event.preventDefault();
    location.hash = `#/receipt/${encodeURIComponent(ballotId(field.value))}`;
  };
  return h(
    "form",
    { onsubmit: go, class: "look-up" },
    h("label", { for: "look-up" }, say("lookUpHint")),
    h("div", { class: "row" }, field, h("button", {}, say("lookUp"))),
  );
}

/** The viewer's own ballots; nothing while nobody is signed in. */
async function mine(campaign) {
  if (session.token === null) return null;
  try {
    const { viewer } = await ask(MINE, { slug: campaign.slug }, session.token);
    const { nextAllowedAt } = viewer.allowance;
    const ballots = [...viewer.ballots].sort((one, other) => Date.parse(one.castAt) - Date.parse(other.castAt));
    const states = new Map(ballots.filter((ballot) => ballot.receipt || keptReceipt(ballot.id)).map((ballot) => [ballot, h("span", {})]));
    if (states.size > 0) import("./receipts/panel.js").then(({ showStates }) => showStates(campaign, states)).catch(console.warn);
    return h(
      "div",
      { class: "mine" },
      ballots.length > 0 && h("h2", {}, say("mine")),
      h("ul", {}, ballots.map((ballot, before) => entry(campaign, ballot, before + 1, states.get(ballot)))),
      nextAllowedAt && h("p", { class: "quiet" }, say("nextAt", { at: moment(nextAllowedAt, campaign.timeZone) })),
    );
  } catch (error) {
    return null; // the session may have ended; it is asked for again where it is needed
  }
}

/** One of several ballots, which may be of one minute: also by its place among them and how its number begins. */
function entry({ timeZone }, { id, castAt, status }, place, state) {
  const begins = id.slice(0, "ballot/".length + SHOWN);
  return h(
    "li",
    {},
    h("a", { href: `#/receipt/${encodeURIComponent(id)}` }, moment(castAt, timeZone)),
    h("p", { class: "quiet" }, say("nth", { place }), " · ", h("code", {}, `${begins}…`), status in WITHDRAWN && ` · ${say(WITHDRAWN[status])}`, state),
  );
}
