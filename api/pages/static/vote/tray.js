// How far is the ballot? A bar at the foot of the page that counts, and says what is missing.
import { everySecond } from "./clock.js";
import { fill, h } from "./dom.js";
import { moment, say, zoneOf } from "./language.js";
import { isOneByOne, obstacle } from "./rules.js";
import { sums, votesLine } from "./sums.js";

const ADVICE = {
  tooFew: "chooseMore", tooMany: "dropSome", notOpen: "comeWhenOpen", closed: "tooLate", spent: "comeAgain", spentForGood: "noneLeft",
};

const IN_SHORT = {
  notOpen: "notOpen", closed: "closed", spent: "spentInShort", spentForGood: "spentForGood", paused: "paused", outsideHours: "outsideHours",
  ineligible: "ineligible",
};

/** What stands in the way of casting now, in words; null if nothing does. */
export const missing = (campaign, draft) => inWords(campaign, draft, (name) => name);

/** What to do about it, for somebody who tried to cast all the same. */
export const advice = (campaign, draft) => inWords(campaign, draft, (name) => ADVICE[name] || name);

function inWords(campaign, draft, named) {
  const found = obstacle(campaign, draft.ids);
  return found === null ? null : say(named(found.name), { ...found, at: found.at && moment(found.at, campaign.timeZone), zone: zone(campaign) });
}

const zone = ({ clock, timeZone }) => zoneOf(clock.now(), timeZone, "long");

/** Fill the tray, and keep it up with the draft. */
export function showTray(tray, campaign, draft) {
  const { minimum, maximum } = campaign.limits;
  const oneByOne = isOneByOne(campaign);
  const whole = Number.isFinite(maximum) ? maximum : minimum;
  const [filled, enough] = [h("div", { class: "filled" }), h("div", { class: "enough" })];
  enough.style.left = `${(100 * minimum) / whole}%`;
  const bar = h("div", { class: "gauge", "aria-hidden": "true" }, filled, enough);
  const added = h("p", { class: "sums quiet" });
  const counted = h("p", { role: "status" });
  const way = h("a", { class: "button main", href: oneByOne ? "#/receipt" : "#/ballot", id: "review" }, say(oneByOne ? "receipts" : "review"));
  fill(tray, h("div", { class: "wide" }, counted, bar, added, way));
  tray.setAttribute("aria-label", say("ballot"));
  const show = () => {
    const wanting = missing(campaign, draft);
    const later = notNow(campaign, draft);
    const lines = later === null && !oneByOne ? sums(campaign, draft.ids) : [];
    tray.classList.toggle("ready", wanting === null);
    tray.classList.toggle("idle", later !== null); // there is nothing to fill it for
    filled.style.width = `${Math.min(100, (100 * draft.size) / whole)}%`;
    bar.hidden = oneByOne || lines.length > 0;
    fill(added, inOrder(lines).map(sum));
    added.hidden = lines.length === 0;
    if (oneByOne) return void fill(counted, later === null ? h("strong", {}, votesLine(campaign)) : h("span", { class: "quiet" }, later));
    const chosen = (draft.size > 0 || later === null) && h("strong", {}, say("chosenOf", { chosen: draft.size }));
    fill(counted, chosen, " ", h("span", { class: "quiet" }, later || wanting || say("ready")));
  };
  draft.listeners.push(show);
  if (campaign.limits.hours) watchHours(campaign, draft);
  show();
}

/** The sums that are not as they must be, then those that somebody has begun with, then the others. */
function inOrder(lines) {
  const rank = ({ kind, missing, surplus, count }) => (kind === "budget" ? 0 : surplus > 0 ? 1 : missing > 0 && count > 0 ? 2 : count > 0 ? 3 : 4);
  return [...lines].sort((one, other) => rank(one) - rank(other));
}

/** A sum as a line. */
export const sum = ({ text, missing, surplus }) => h("span", { class: `sum ${surplus > 0 ? "over" : missing > 0 ? "under" : "kept"}` }, text);

/** The hours begin and end while somebody looks at the page. */
function watchHours(campaign, draft) {
  let last = campaign.clock.timeIn(campaign.timeZone);
  everySecond(() => {
    const now = campaign.clock.timeIn(campaign.timeZone);
    if (now !== last) draft.tell();
    last = now;
    return false;
  });
}

/** That nothing can be cast now, whatever is chosen, in as few words as there is room for; null if something can. */
function notNow(campaign, draft) {
  const found = obstacle(campaign, draft.ids) || {};
  const at = found.at && moment(found.at, campaign.timeZone, { short: true });
  return found.name in IN_SHORT ? say(IN_SHORT[found.name], { ...found, at, zone: zone(campaign) }) : null;
}
