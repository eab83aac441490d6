// Who objected, and what was answered? On record for everybody.
import { h } from "../dom.js";
import { langOf, moment, say } from "../language.js";
import { titleOf } from "./winning.js";

/** The section of objections and their answers. */
export function objections(all, known) {
  const list = all.length > 0 ? h("ul", { class: "objections" }, all.map((one) => entry(one, known))) : h("p", { class: "quiet" }, say("noObjections"));
  return h("section", { class: "verdict", "aria-labelledby": "objections" }, h("h3", { id: "objections" }, say("objections")), list);
}

function entry({ by, text, at, answer, answeredAt, project }, known) {
  const when = (instant) => moment(instant, known.campaign.timeZone);
  return h(
    "li",
    {},
    h("p", { class: "quiet" }, say("objectionBy", { by, at: when(at) }), project && [h("br"), say("aboutProject", { title: titleOf(project, known) })]),
    h("p", { lang: langOf(text) }, text),
    answer
      ? h("div", { class: "answer" }, h("p", { class: "quiet" }, say("answered", { at: when(answeredAt) })), h("p", { lang: langOf(answer) }, answer))
      : h("p", { class: "quiet" }, say("noAnswer")),
  );
}
