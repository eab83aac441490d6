// How far is each project? Its submitted reviews against the quorum, those that lack the most first.
import { h } from "../vote/dom.js";
import { count } from "../vote/language.js";
import { say } from "./language.js";

/** The projects with how many reviews of each are in, until the scores themselves are shown. */
export function projectsOf({ panel: { progress, effectiveQuorum } }) {
  const rows = [...progress.byProject].sort((one, other) => other.missing - one.missing || one.project.number - other.project.number);
  if (rows.length === 0 || progress.accepted === 0) return null;
  const lacking = rows.filter(({ missing }) => missing > 0).length;
  return h(
    "details",
    { class: "group", open: rows.length <= 20 },
    h("summary", {}, say("byProjectTitle")),
    effectiveQuorum !== null && h("p", {}, lacking > 0 ? say("lackingQuorum", { count: count(lacking), quorum: count(effectiveQuorum) }) : say("quorumReached", { quorum: count(effectiveQuorum) })),
    h("table", { class: "by-project" }, h("thead", {}, h("tr", {}, ["project", "submittedReviews", "missingReviews"].slice(0, effectiveQuorum === null ? 2 : 3).map((name, index) => h("th", { scope: "col", class: index > 0 && "count" }, say(name))))), h("tbody", {}, rows.map((row) => one(row, effectiveQuorum)))),
  );
}

function one({ project, assigned, submitted, abstained, missing }, quorum) {
  const of = abstained > 0 ? say("submittedOfAbstained", { submitted, assigned, abstained }) : say("submittedOf", { submitted, assigned });
  return h(
    "tr",
    { "data-project": project.number },
    h("th", { scope: "row" }, `${project.number} ${project.title}`),
    h("td", { class: "count" }, of, " ", h("meter", { min: 0, max: Math.max(1, quorum || assigned), value: submitted, "aria-hidden": "true" })),
    quorum !== null && h("td", { class: "count" }, missing > 0 ? h("b", {}, count(missing)) : "✓"),
  );
}
