// Which campaigns are there to run? Those of the viewer, and the ways to a new one.
import { h } from "../vote/dom.js";
import { ballots, span } from "../vote/language.js";
import { read } from "./api.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";

const CAMPAIGNS = `query Campaigns { viewer { campaigns {
  slug title phase timeZone candidateTerm votingWindow { opensAt closesAt } turnout { ballots }
} } }`;

export const addressOf = (slug, part = "") => `#/campaign/${encodeURIComponent(slug)}${part && `/${part}`}`;
export const phaseOf = (campaign) => h("span", { class: `phase ${campaign.phase.toLowerCase()}` }, say(`phase_${campaign.phase}`));

/** The list of campaigns. */
export async function campaignsView(desk) {
  const { campaigns } = (await read(CAMPAIGNS)).viewer;
  const mayCreate = mayRun(desk, null);
  return h(
    "div",
    { class: "wide" },
    h("h1", {}, say("campaigns")),
    mayCreate && h("p", { class: "row" }, h("a", { class: "button main", href: "#/new" }, say("newCampaign")), h("a", { class: "button", href: "#/files" }, say("importCampaign"))),
    campaigns.length === 0 && h("p", {}, say("noCampaigns")),
    h("ul", { class: "campaigns" }, campaigns.map((campaign) => card(campaign, mayCreate))),
  );
}

function card(campaign, mayCreate) {
  const { slug, title, timeZone, votingWindow, turnout } = campaign;
  return h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: addressOf(slug) }, title || slug)),
    h("p", {}, phaseOf(campaign), " ", campaign.phase !== "DRAFT" && ballots(turnout.ballots)),
    h("p", { class: "quiet" }, votingWindow && span(votingWindow.opensAt, votingWindow.closesAt, timeZone).join(""), " · ", slug),
    mayCreate && h("p", {}, h("a", { href: `#/new/${encodeURIComponent(slug)}` }, say("copyCampaign"), h("span", { class: "unseen" }, ` ${title || slug}`))),
  );
}
