// Through which stages does a selection go? A bar: how many pass each, and which is decided, under way or still to come.
import { h } from "./dom.js";
import { count, langOf, say } from "./language.js";

/** The bar, what is said of the stage that is under way, and where all of it is told; null where nothing has been stated. */
export function course({ stages, criteria }) {
  if (stages.length === 0 && criteria.length === 0) return null;
  const open = stages.find(({ status }) => status === "OPEN");
  return h(
    "div",
    { class: "wide course" },
    stages.length > 0 && stageBar(stages),
    h("p", { class: "quiet" }, open && `${firstOf(open.description)} `, h("a", { href: "#/deciding" }, say("howDecided"))),
  );
}

/** The first sentence; a point within a number ends none. */
const firstOf = (text) => text.replace(/(。|\. ).*$/, (rest, end) => end.trim());

const stageBar = (stages) => h("ol", { class: "stages", "aria-label": say("stages") }, stages.map(step));

function step({ seats, name, status }) {
  return h(
    "li",
    { class: status.toLowerCase(), "aria-current": status === "OPEN" ? "step" : null },
    h("strong", {}, count(seats)),
    h("span", { lang: langOf(name) }, name),
    h("small", {}, say(status)),
  );
}

/** Whether there is an outcome to be seen: one that has been announced, or one that the candidates' cards tell of. */
export function hasOutcome({ publication }, candidates) {
  return Boolean(publication) || candidates.some(({ award, outcome }) => award !== null || ["FINALIST", "WINNER"].includes(outcome));
}
