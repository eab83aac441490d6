// How is it decided, in words? Stage by stage what counts and how ties are settled, then the criteria with their scales.
import { h } from "../dom.js";
import { count, langOf, moment, say } from "../language.js";
import { ready } from "./styles.js";

/** What there is to say of a campaign, in the order in which one wants to know it. */
export function inWords({ stages, criteria, panel, lotDigest }, timeZone) {
  ready();
  const told = [...stages.map(aboutStage), judged(panel, criteria), review(panel, timeZone), lot(lotDigest)].filter(Boolean);
  return h("div", { class: "deciding", role: "group", "aria-label": say("howDecided"), tabindex: "0" }, told.length > 0 ? told : h("p", {}, say("nothingStated")));
}

/** A stage in the server's words, a sentence a line. */
function aboutStage({ name, seats, status, formula, description }) {
  return h(
    "section",
    {},
    h("h3", {}, h("span", { lang: langOf(name) }, name), " ", h("small", { class: "quiet" }, `${say("seatsOf", { seats: count(seats) })} · ${say(status)}`)),
    formula && h("p", { lang: langOf(formula) }, formula),
    sentences(description).map((sentence) => h("p", {}, sentence)),
  );
}

/** The sentences of a text; what is in brackets after a number or a name ends none. */
const sentences = (text) => text.replace(/。(?=[^）”])|\. (?=[A-Z(])/g, (end) => `${end.trim()}\n`).split("\n");

function review(panel, timeZone) {
  if (panel === null) return null;
  const { opensAt, closesAt, quorum, effectiveQuorum } = panel;
  const at = (instant) => moment(instant, timeZone, { year: true });
  const fewer = effectiveQuorum !== quorum && h("p", {}, say("quorumNow", { quorum: count(effectiveQuorum) }));
  return h("section", {}, h("h3", {}, say("panel")), h("p", {}, say("panelFrom", { from: at(opensAt), until: at(closesAt) })), fewer);
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
