// How far is the ballot? A bar at the foot of the page that counts, and says what is missing.
import { fill, h } from "./dom.js";
import { moment, say } from "./language.js";
import { obstacle } from "./rules.js";

/** What stands in the way of casting now, in words; null if nothing does. */
export function missing(campaign, draft) {
  const found = obstacle(campaign.limits, campaign.allowance, draft.size, campaign.clock.now());
  if (found === null) return null;
  return say(found.name, { ...found, at: found.at && moment(found.at, campaign.timeZone) });
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
    tray.classList.toggle("ready", wanting === null);
    filled.style.width = `${Math.min(100, (100 * draft.size) / whole)}%`;
    const chosen = h("strong", {}, say("chosenOf", { chosen: draft.size }));
    fill(counted, chosen, " ", h("span", { class: "quiet" }, wanting || say("ready")));
  };
  draft.listeners.push(show);
  show();
}
