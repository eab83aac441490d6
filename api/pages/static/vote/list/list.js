// Which selections are there? Those that are open, those to come, and those that are over, a page of the API at a time.
import { addressOf } from "../addresses.js";
import { PICTURE, h, picture } from "../dom.js";
import { ask, persist } from "../graphql.js";
import { ballots, say, span } from "../language.js";
import { topHere } from "../kept.js";

const CAMPAIGNS = `
  query Campaigns($after: String) {
    campaigns(first: 50, after: $after) {
      nodes { slug title organizer timeZone phase votingWindow { opensAt closesAt } turnout { ballots } cover { ${PICTURE} } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
const GROUPS = [
  { name: "openNow", phases: ["VOTING", "PAUSED"] },
  { name: "upcoming", phases: ["UPCOMING"] },
  { name: "over", phases: null }, // whatever is left
];

/** The list, once its first campaigns are here. unknown: the slug of a campaign that somebody looked for and that is not there. */
export async function listView(unknown) {
  loadStyles();
  const groups = GROUPS.map(group);
  const nothing = h("p", { class: "nothing", hidden: true }, say("none"));
  const more = h("button", { type: "button", class: "show-more", hidden: true }, say("showMore"));
  let after = null;
  const read = async () => {
    const { campaigns } = await persist(() => ask(CAMPAIGNS, { after }));
    after = campaigns.pageInfo.endCursor;
    more.hidden = !campaigns.pageInfo.hasNextPage;
    for (const campaign of campaigns.nodes) groups.find(({ takes }) => takes(campaign)).add(campaign);
    nothing.hidden = groups.some(({ section }) => !section.hidden);
  };
  more.addEventListener("click", () => readMore(more, read));
  await read();
  const about = unknown === null ? [] : [h("p", { class: "advice", role: "alert" }, say("noSuchCampaign", { slug: unknown }))];
  const view = h("div", { class: "wide campaigns" }, h("h1", { id: "campaigns" }, say("campaigns")), about, groups.map(({ section }) => section), nothing, more);
  return { view, shown: () => window.scrollTo(0, topHere()) };
}

async function readMore(more, read) {
  more.disabled = true;
  try {
    await read();
  } catch (error) {
    console.warn(error); // the button stays, to be pressed again
  }
  more.disabled = false;
}

/** A part of the list, which shows itself with its first campaign. */
function group({ name, phases }) {
  const list = h("ul", { class: "campaign-cards" });
  const section = h("section", { "aria-labelledby": name, hidden: true }, h("h2", { id: name }, say(name)), list);
  const add = (campaign) => {
    section.hidden = false;
    list.append(card(campaign));
  };
  return { section, add, takes: ({ phase }) => phases === null || phases.includes(phase) };
}

function card(campaign) {
  const { opensAt, closesAt } = campaign.votingWindow;
  const days = span(opensAt, closesAt, campaign.timeZone).map((part) => h("span", { class: "whole" }, part));
  return h(
    "li",
    { class: "campaign-card" },
    campaign.cover && picture(campaign.cover, "cover", "(min-width: 700px) 380px, 100vw"),
    h("p", { class: `phase ${campaign.phase.toLowerCase()}` }, say(campaign.phase)),
    h("h3", {}, h("a", { href: addressOf(campaign) }, campaign.title)),
    h("p", { class: "quiet" }, say("organizer", campaign)),
    h("p", { class: "quiet" }, days),
    campaign.phase !== "UPCOMING" && h("p", { class: "turnout" }, ballots(campaign.turnout.ballots)),
  );
}

function loadStyles() {
  const href = new URL("list.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
}
