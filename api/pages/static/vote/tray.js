// How far is the ballot? A bar at the foot of the page that counts, and says what is missing.
import { fill, h } from "./dom.js";
import { moment, say } from "./language.js";
import { obstacle } from "./rules.js";

const ADVICE = {
  tooFew: "chooseMore", tooMany: "dropSome", notOpen: "comeWhenOpen", closed: "tooLate", spent: "comeAgain", spentForGood: "noneLeft",
};

const IN_SHORT = { notOpen: "notOpen", closed: "closed", spent: "spentInShort", spentForGood: "spentForGood" };

/** What stands in the way of casting now, in words; null if nothing does. */
export const missing = (campaign, draft) => inWords(campaign, draft, (name) => name);

/** What to do about it, for somebody who tried to cast all the same. */
export const advice = (campaign, draft) => inWords(campaign, draft, (name) => ADVICE[name]);

function inWords(campaign, draft, named) {
  const found = obstacle(campaign.limits, campaign.allowance, draft.size, campaign.clock.now());
  if (found === null) return null;
  return say(named(found.name), { ...found, at: found.at && moment(found.at, campaign.timeZone) });
}

/** Fill the tray, and keep it up with the draft. */
export function showTray(tray, campaign, draft) {
  const { minimum, maximum } = campaign.limits;
  const whole = Number.isFinite(maximum) ? maximum : minimum;
  const [filled, enough] = [h("div", { class: "filled" }), h("div", { class: "enough" })];
  enough.style.left = `${(100 * minimum) / whole}%`;
  const bar = h("div", { class: "gauge", "aria-hidden": "true" }, filled, enough);
  const counted = h("p", { role: "status" });
  fill(tray, h("div", { class: "wide" }, counted, bar, h("a", { class: "button main", href: "#/ballot", id: "review" }, say("review"))));
  tray.setAttribute("aria-label", say("ballot"));
  const show = () => {
    const wanting = missing(campaign, draft);
    const later = notNow(campaign, draft);
    tray.classList.toggle("ready", wanting === null);
    tray.classList.toggle("idle", later !== null); // there is nothing to fill it for
    filled.style.width = `${Math.min(100, (100 * draft.size) / whole)}%`;
    const chosen = (draft.size > 0 || later === null) && h("strong", {}, say("chosenOf", { chosen: draft.size }));
    fill(counted, chosen, " ", h("span", { class: "quiet" }, later || wanting || say("ready")));
  };
  draft.listeners.push(show);
  show();
}

/** That nothing can be cast now, whatever is chosen, in as few words as there is room for; null if something can. */
function notNow({ limits, allowance, clock, timeZone }, draft) {
  const { name, at } = obstacle(limits, allowance, draft.size, clock.now()) || {};
  return name in IN_SHORT ? say(IN_SHORT[name], { at: at && moment(at, timeZone, { short: true }) }) : null;
}
