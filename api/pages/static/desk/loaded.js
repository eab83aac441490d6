// What does the desk know of one campaign? Its state, and the tree that was put in, from which forms are filled.
import { read } from "./api.js";
import { h } from "../vote/dom.js";
import { addressOf, phaseOf } from "./home.js";
import { say } from "./language.js";

export const COUNTS = "ballots held voided byDay { day ballots } byChannel { channel ballots }";
const STATE = `
  slug title organizer phase revision languages timeZone candidateTerm serverTime resultsVisibility
  votingWindow { opensAt closesAt }
  rules { __typename code description }
  turnout { ${COUNTS} }
  pauses { from until reason }
  extensions { at was closesAt reason }
  stages { code name seats description formula selection { state } }
  awards { code name seats }
  panel { closesAt }
  publication { state }`;

const ROUND = `query Round($slug: String!, $passed: String!) { campaignInput(campaign: $slug, passed: $passed) }`;

/** The candidates of a second round: those that passed a stage whose outcome is announced. */
export const passedIn = async (slug, passed) => (await read(ROUND, { slug, passed })).campaignInput.projects;

const LOADED = `query Loaded($slug: String!) { campaign(slug: $slug) { ${STATE} } campaignInput(campaign: $slug) }`;

/** The campaign with its input. Throws Refused where there is none. */
export async function loaded(slug) {
  const { campaign, campaignInput } = await read(LOADED, { slug });
  if (campaign === null) throw Object.assign(new Error(say("noSuchCampaign", { slug })), { code: "NOT_FOUND" });
  const { projects, ...input } = campaignInput;
  return { ...campaign, input: { languages: campaign.languages, ...input }, projects: projects || [] };
}

const PARTS = ["", "candidates", "settings", "panel", "selection", "suspicions", "files", "people", "trail"];
const partsOf = ({ panel }) => PARTS.filter((part) => part !== "panel" || panel !== null);

/** What stands above every view of a campaign: which it is, and the ways between its views. */
export function headOf(campaign, part) {
  const link = (name) => h("a", { href: addressOf(campaign.slug, name), "aria-current": name === part ? "page" : null }, say(`part_${name}`));
  return h(
    "header",
    { class: "head" },
    h("p", {}, phaseOf(campaign), " ", h("span", { class: "quiet" }, campaign.slug)),
    h("h1", {}, campaign.title || campaign.slug, h("span", { class: "unseen" }, ` · ${say(`part_${part}`)}`)),
    h("nav", { class: "parts", "aria-label": say("partsOf") }, partsOf(campaign).map(link)),
  );
}
