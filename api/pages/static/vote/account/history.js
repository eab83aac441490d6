// What has somebody voted for, in whichever campaign? Their ballots, the newest first, a page at a time, each with what it names.
import { addressOf } from "../addresses.js";
import { fill, h } from "../dom.js";
import { ask } from "../graphql.js";
import { langOf, moment, say } from "../language.js";
import { isOffline } from "../loading.js";
import { notice } from "../notice.js";

export const BALLOTS = `
  pageInfo { hasNextPage endCursor }
  nodes { id castAt status campaign { slug title timeZone } projects { number title } }`;
const MORE = `query More($after: String!) { viewer { history(first: 20, after: $after) { ${BALLOTS} } } }`;
const WITHDRAWN = { HELD: "heldBallot", VOIDED: "voidedBallot" };

/** The part of the sheet about them. */
export function historyOf(campaign, first, token) {
  const list = h("ul", { class: "entries" });
  const more = h("button", { type: "button" }, say("showMore"));
  let { pageInfo } = first;
  const show = ({ nodes }) => {
    list.append(...nodes.map((ballot) => entry(campaign, ballot)));
    more.hidden = !pageInfo.hasNextPage;
  };
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const { viewer } = await ask(MORE, { after: pageInfo.endCursor }, token);
      ({ pageInfo } = viewer.history);
      const before = list.lastChild;
      show(viewer.history);
      if (before.nextSibling) before.nextSibling.querySelector("a").focus(); // the button may be gone
    } catch (error) {
      notice(error.code ? error.message : say(isOffline() ? "offline" : "failed"));
    }
    more.disabled = false;
  });
  show(first);
  const title = h("h3", { id: "account-history" }, say("mine"));
  const nothing = first.nodes.length === 0 && h("p", { class: "quiet" }, say("noBallotsYet"));
  return h("section", { "aria-labelledby": "account-history" }, title, nothing, list, more);
}

function entry(here, { id, castAt, status, campaign, projects }) {
  const isHere = campaign.slug === here.slug;
  const there = isHere ? "" : addressOf(campaign);
  const choices = h("ol", { class: "choices" });
  const about = ({ number, title }) => h("a", { href: `${there}#/candidate/${number}`, lang: isHere && langOf(title) }, title);
  const row = (project) => h("li", {}, h("span", { class: "number" }, String(project.number)), h("span", {}, about(project)));
  const details = h("details", {}, h("summary", {}, say("votedForSo", { count: projects.length })), choices);
  details.addEventListener("toggle", () => details.open && choices.firstChild === null && fill(choices, projects.map(row)));
  return h(
    "li",
    {},
    h("a", { href: `${there}#/receipt/${encodeURIComponent(id)}` }, moment(castAt, campaign.timeZone, { year: true })),
    h("p", { class: "quiet" }, campaign.title, status in WITHDRAWN && ` · ${say(WITHDRAWN[status])}`),
    details,
  );
}
