// Which objections were made, and what was answered? All stay on record; each has to be answered before the outcome is final.
import { h } from "../vote/dom.js";
import { moment } from "../vote/language.js";
import { openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";

const ANSWER = `mutation Answer($objection: ID!, $answer: TextInput!) { answerObjection(objection: $objection, answer: $answer) { selection { state } ${PROBLEMS} } }`;
const FIELDS = [{ key: "answer", kind: "longtexts", label: "answer", required: true, help: "answerHelp" }];

/** The objections to this stage's outcome. */
export function objectionsOf(page) {
  const { campaign: { timeZone }, selection } = page;
  const all = selection.objections;
  if (selection.state === "PROVISIONAL") return null;
  const at = (instant) => moment(instant, timeZone, { year: true });
  const one = (objection) => h(
    "li",
    { class: "card" },
    h("p", { class: "quiet" }, at(objection.at), " · ", objection.by, objection.project && ` · ${objection.project.number} ${objection.project.title}`),
    h("p", {}, objection.text),
    objection.answer ? h("p", { class: "kept" }, h("b", {}, say("answer")), say("colon"), objection.answer, " ", h("span", { class: "quiet" }, at(objection.answeredAt))) : page.mayRun && h("p", {}, h("button", { type: "button", onclick: () => openAnswer(page, objection) }, say("act_answer"))),
  );
  return h("section", {}, h("h3", {}, say("objections")), all.length === 0 ? h("p", { class: "quiet" }, say("noObjections")) : h("ul", { class: "campaigns objections" }, all.map(one)));
}

function openAnswer({ campaign, desk, again }, objection) {
  openAct({
    title: say("act_answer"), effects: [1, 2].map((n) => say(`answer_does${n}`)), preview: h("p", { class: "preview" }, objection.text), fields: FIELDS, campaign, done: again, signInMethods: desk.signInMethods,
    act: (input) => act(ANSWER, { objection: objection.id, ...input }),
  });
}
