// How is it decided, in words? Stage by stage what counts and how ties are settled, then the criteria with their scales.
import { h } from "../dom.js";
import { count, langOf, moment, say } from "../language.js";
import { ready } from "./styles.js";

/** What there is to say of a campaign, in the order in which one wants to know it. */
export function inWords({ stages, criteria, awards, panel, lotDigest }, timeZone) {
  ready();
  const parts = [...stages.map((stage, at) => aboutStage(stage, at === stages.length - 1 ? awards : [])), review(panel, timeZone), judged(panel, criteria), lot(lotDigest)];
  const told = parts.filter(Boolean);
  return h("div", { class: "deciding" }, told.length > 0 ? told : h("p", {}, say("nothingStated")));
}

function aboutStage({ name, seats, status, kind, description, inputs, ties, threshold }, awards) {
  const counts = inputs.map((input) => h("li", {}, input.description));
  return h(
    "section",
    {},
    h("h3", {}, h("span", { lang: langOf(name) }, name), " ", h("small", { class: "quiet" }, `${say("seatsOf", { seats: count(seats) })} · ${say(status)}`)),
    h("p", {}, description),
    counts.length > 0 && [h("h4", {}, say("inputs")), h("ul", {}, counts)],
    threshold !== null && h("p", {}, say("threshold", { threshold })),
    (inputs.length > 0 || ties.steps.length > 0) && [h("h4", {}, say("tiesRule")), h("p", {}, ties.description)],
    awards.length > 0 && [h("h4", {}, say("awardsOf")), h("ul", {}, awards.map(prize))],
  );
}

function prize({ name, seats, threshold }) {
  const about = [say("seatsOf", { seats: count(seats) }), threshold !== null && say("awardThreshold", { threshold })];
  return h("li", {}, h("span", { lang: langOf(name) }, name), ` · ${about.filter(Boolean).join(" · ")}`);
}

function review(panel, timeZone) {
  if (panel === null) return null;
  const { opensAt, closesAt, quorum, effectiveQuorum, aggregation } = panel;
  const at = (instant) => moment(instant, timeZone, { year: true });
  return h(
    "section",
    {},
    h("h3", {}, say("panel")),
    h("p", {}, say("panelFrom", { from: at(opensAt), until: at(closesAt) })),
    aggregation && h("p", {}, aggregation.description),
    quorum !== null && h("p", {}, say("quorumOf", { quorum: count(quorum) }), effectiveQuorum !== quorum && ` ${say("quorumNow", { quorum: count(effectiveQuorum) })}`),
  );
}

/** The criteria: as the experts' rubric has them or, where there is no panel, by name. */
function judged(panel, criteria) {
  const known = panel === null || panel.rubric.length === 0 ? criteria : panel.rubric;
  return known.length > 0 && h("section", {}, h("h3", {}, say("criteria")), h("ul", { class: "rubric" }, known.map(criterion)));
}

function criterion({ name, weight, minimum, maximum, step, counted, anchors = [] }) {
  const scale = [
    counted === false ? say("uncounted") : weight && say("weightOf", { weight }),
    maximum && say("scaleOf", { minimum, maximum }),
    step && say("stepOf", { step }),
  ].filter(Boolean);
  const words = anchors.map(({ score, text }) => h("div", {}, h("dt", {}, say("anchor", { score })), h("dd", { lang: langOf(text) }, text)));
  return h(
    "li",
    {},
    h("strong", { lang: langOf(name) }, name),
    scale.length > 0 && h("span", { class: "quiet" }, ` ${scale.join(" · ")}`),
    words.length > 0 && h("dl", { class: "anchors" }, words),
  );
}

const lot = (digest) => digest !== null && h("section", {}, h("h3", {}, say("lotDigest")), h("code", { class: "digest" }, digest));
