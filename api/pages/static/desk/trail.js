// What has been done, by whom, when and why? The campaign's trail, the newest first.
import { h } from "../vote/dom.js";
import { moment } from "../vote/language.js";
import { read, unread } from "./api.js";
import { headOf, loaded } from "./loaded.js";
import { isSaid, say } from "./language.js";

const TRAIL = `query Trail($campaign: String, $after: String) {
  trail(campaign: $campaign, first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id at kind actor details { name value } }
  }
}`;
const VALUES = { channel: "channel", content: "content", format: "short" }; // details that have words for their values
const SHORT = 8; // characters of a pseudonym that are shown: enough to tell people apart

/** The entries of a campaign's trail. */
export async function trailView(desk, slug) {
  const campaign = await loaded(slug);
  const list = h("ol", { class: "trail" });
  const more = h("button", { type: "button", class: "show-more", hidden: true }, say("showMore"));
  let after = null;
  const next = async () => {
    const { trail } = await read(TRAIL, { campaign: slug, after });
    after = trail.pageInfo.endCursor;
    more.hidden = !trail.pageInfo.hasNextPage;
    list.append(...trail.nodes.map((entry) => one(entry, campaign)));
    return trail.nodes.length;
  };
  more.addEventListener("click", () => next().catch(unread));
  const found = await next();
  return h("div", { class: "wide" }, headOf(campaign, "trail"), h("p", { class: "quiet" }, say("trailHelp")), found === 0 && h("p", {}, say("noTrail")), list, more);
}

function one({ at, kind, actor, details }, { timeZone }) {
  const named = (name) => (isSaid(`detail_${name}`) ? say(`detail_${name}`) : name);
  const valued = ({ name, value }) => (isSaid(`${VALUES[name]}_${value}`) ? say(`${VALUES[name]}_${value}`) : value);
  return h(
    "li",
    {},
    h("p", {}, h("b", {}, isSaid(`trail_${kind}`) ? say(`trail_${kind}`) : kind)),
    h("p", { class: "quiet" }, moment(at, timeZone, { year: true }), " · ", actor ? say("by", { actor: actor.slice(-SHORT) }) : say("byStaff")),
    details.length > 0 && h("dl", {}, details.map((detail) => h("div", {}, h("dt", {}, named(detail.name)), h("dd", {}, valued(detail))))),
  );
}
