// How long is there still? The panel's deadline in words, as a moment and as what is left of it.
import { h } from "../vote/dom.js";
import { moment, remaining } from "../vote/language.js";
import { say } from "./language.js";
import { phaseOf, progressOf } from "./panel.js";

const DAY = 86400000; // milliseconds

/** Until when, such as "31 March at 18:00 (China Standard Time)". */
export const deadline = ({ panel, timeZone }) => moment(panel.closesAt, timeZone);

/** One sentence about when reviews may be written. */
export function timesOf(panel) {
  const phase = phaseOf(panel);
  if (phase === "BEFORE") return say("opensAt", { at: moment(panel.panel.opensAt, panel.timeZone) });
  if (phase === "OVER") return say("closedAt", { at: deadline(panel) });
  return say("openUntil", { at: deadline(panel), left: leftOf(Date.parse(panel.panel.closesAt) - panel.clock.now()) });
}

/** What is left of a time in words: days, or hours and minutes where it is short. */
export function leftOf(milliseconds) {
  if (milliseconds >= 2 * DAY) return remaining(milliseconds).days;
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours ? say(rest ? "hoursMinutes" : "hours", { hours, minutes: rest }) : say("minutes", { minutes: rest });
}

/** "12 of 50", with a bar. */
export function progressBar(reviews) {
  const { done, total } = progressOf(reviews);
  return h("p", { class: "progress" }, h("b", {}, say("progress", { done, total })), h("progress", { max: Math.max(1, total), value: done, "aria-label": say("progressIs") }));
}
