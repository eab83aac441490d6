// What was held against the outcome, and what was answered? On record for everybody, without names.
import { h } from "../dom.js";
import { langOf, moment, say } from "../language.js";
import { titleOf } from "./winning.js";

/** The objections to a stage's outcome and their answers; that there are none only once no more are heard. */
export function objections({ state, objections: all }, known) {
  if (all.length === 0 && state !== "FINAL") return null;
  const list = all.length > 0 ? h("ul", { class: "objections" }, all.map((one) => entry(one, known))) : h("p", { class: "quiet" }, say("noObjections"));
  return [h("h4", {}, say("objections")), list];
}

function entry({ number, text, at, answer, answeredAt, project }, known) {
  const when = (instant) => moment(instant, known.campaign.timeZone);
  return h(
    "li",
    {},
    h("p", { class: "quiet" }, say("objectionAt", { number, at: when(at) }), project && [h("br"), say("aboutProject", { title: titleOf(project, known) })]),
    h("p", { lang: langOf(text) }, text),
    answer
      ? h("div", { class: "answer" }, h("p", { class: "quiet" }, say("answered", { at: when(answeredAt) })), h("p", { lang: langOf(answer) }, answer))
      : h("p", { class: "quiet" }, say("noAnswer")),
  );
}
