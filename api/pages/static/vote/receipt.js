// What has a voter in hand afterwards? A ballot's number, by which anybody who has it can look the ballot up.
import { copy, fill, h } from "./dom.js";
import { ask, persist } from "./graphql.js";
import { day, moment, say } from "./language.js";
import { notice } from "./notice.js";
import { session } from "./session.js";

const BALLOT = `
  query Ballot($id: ID!) {
    ballot(id: $id) { id day castAt status statusReason campaign { title timeZone } projects { number title } }
  }`;
const MINE = "query Mine($slug: String) { viewer { ballots(campaign: $slug) { id day } allowance(campaign: $slug) { nextAllowedAt } } }";

/** The page about one ballot; or, without an id, where one is looked up. cast: it was cast just now. */
export async function receiptView(campaign, id, cast) {
  const view = h("section", { class: "wide receipt", "aria-labelledby": "receipt" });
  const title = h("h1", { id: "receipt", tabindex: "-1" }, say(cast ? "thanks" : id ? "receipt" : "lookUp"));
  const shown = id ? await ballotOf(id) : null;
  fill(view, title, cast && h("p", { class: "seal", "aria-hidden": "true" }, "✓"), shown, lookUp(), await mine(campaign));
  return view;
}

/** The ballot, or null for whatever is not the number of one. */
async function found(id) {
  try {
    return (await persist(() => ask(BALLOT, { id }))).ballot;
  } catch (error) {
    if (error.code === "BAD_INPUT") return null;
    throw error;
  }
}

async function ballotOf(id) {
  const ballot = await found(id);
  if (ballot === null) return h("p", { class: "problem", role: "alert" }, say("notFound"));
  const link = `${location.origin}${location.pathname}${location.search}#/receipt/${encodeURIComponent(ballot.id)}`;
  return h(
    "div",
    { class: "slip" },
    h("p", { class: "quiet" }, ballot.campaign.title),
    h("dl", {},
      h("dt", {}, say("receiptIs")), h("dd", {}, h("code", { id: "ballot-id" }, ballot.id)),
      h("dt", {}, say("castOn")), h("dd", {}, moment(ballot.castAt, ballot.campaign.timeZone)),
      h("dt", {}, say("countsFor")), h("dd", {}, day(ballot.day))),
    ballot.status !== "COUNTED" && h("p", { class: "problem" }, say(ballot.status), " ", ballot.statusReason),
    h("p", { class: "row" }, copier("copyId", ballot.id), copier("copyLink", link)),
    h("p", { class: "quiet" }, say("receiptHint")),
    h("h2", {}, say("voted")),
    h("ol", { class: "choices" }, ballot.projects.map(({ number, title }) => h("li", {}, h("span", { class: "number" }, String(number)), h("span", {}, title)))),
    h("p", { class: "row" }, h("a", { class: "button main", href: "#/ranking" }, say("toRanking")), h("a", { class: "button", href: "#/" }, say("backToVote"))),
  );
}

function copier(name, text) {
  const press = async () => notice((await copy(text)) ? say("copied") : text);
  return h("button", { type: "button", onclick: press }, say(name));
}

function lookUp() {
  const field = h("input", { id: "look-up", required: true, autocomplete: "off", spellcheck: "false" });
  const go = (event) => {
    event.preventDefault();
    location.hash = `#/receipt/${encodeURIComponent(field.value.trim())}`;
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
    const links = viewer.ballots.map((one) => h("li", {}, h("a", { href: `#/receipt/${encodeURIComponent(one.id)}` }, day(one.day))));
    return h(
      "div",
      { class: "mine" },
      links.length > 0 && h("h2", {}, say("mine")),
      h("ul", {}, links),
      nextAllowedAt && h("p", { class: "quiet" }, say("nextAt", { at: moment(nextAllowedAt, campaign.timeZone) })),
    );
  } catch (error) {
    return null; // the session may have ended; it is asked for again where it is needed
  }
}
