// What becomes of an outcome that is decided? It is announced for objections, and confirmed once they are answered.
import { h } from "../vote/dom.js";
import { openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";

const payload = `selection { state } ${PROBLEMS}`;
const ANNOUNCE = `mutation Announce($campaign: String!, $stage: String!, $objectionsUntil: DateTime!) {
  announceSelection(campaign: $campaign, stage: $stage, objectionsUntil: $objectionsUntil) { ${payload} }
}`;
const CONFIRM = `mutation Confirm($campaign: String!, $stage: String!) { confirmSelection(campaign: $campaign, stage: $stage) { ${payload} } }`;
const OBJECT = `mutation Object($campaign: String!, $stage: String!, $input: ObjectionInput!) {
  recordObjection(campaign: $campaign, stage: $stage, input: $input) { ${payload} }
}`;
const UNTIL = { key: "objectionsUntil", kind: "moment", label: "objectionsUntil", required: true, help: "objectionsUntilHelp" };
const OBJECTION = [
  { key: "by", kind: "text", label: "objectionBy", required: true, help: "objectionByHelp" },
  { key: "text", kind: "paragraph", label: "objectionText", required: true },
  { key: "project", kind: "one", label: "objectionProject", from: "projects" },
  { key: "at", kind: "moment", label: "objectionAt", help: "objectionAtHelp" },
];

/** The acts that the state of the selection allows. */
export function actsOf(page) {
  const { selection } = page;
  if (selection === null) return null;
  const button = (name, open, main) => h("button", { type: "button", class: main && "main", onclick: () => open(page) }, say(`act_${name}`));
  const acts = {
    PROVISIONAL: [button("announce", openAnnounce, true)],
    ANNOUNCED: [button("confirm", openConfirm, true), button("objection", openObjection)],
    FINAL: [],
  };
  return acts[selection.state].length > 0 && h("section", { "aria-label": say("acts") }, h("p", { class: "row" }, acts[selection.state]));
}

const effects = (name, many, values) => Array.from({ length: many }, (_, index) => say(`${name}_does${index + 1}`, values));
const doIt = (mutation, { campaign, stage }) => (input) => act(mutation, { campaign: campaign.slug, stage: stage.code, ...input });

function openAnnounce(page) {
  const { campaign, stage, desk, again } = page;
  openAct({ title: `${say("act_announce")}${say("colon")}${stage.name}`, label: say("act_announce"), effects: effects("announce", 3), fields: [UNTIL], campaign, final: true, done: again, signInMethods: desk.signInMethods, act: doIt(ANNOUNCE, page) });
}

function openConfirm(page) {
  const { campaign, stage, desk, again } = page;
  openAct({ title: `${say("act_confirm")}${say("colon")}${stage.name}`, label: say("act_confirm"), effects: effects("confirm", 3), fields: [], campaign, final: true, done: again, signInMethods: desk.signInMethods, act: doIt(CONFIRM, page) });
}

function openObjection(page) {
  const { campaign, stage, desk, again } = page;
  const projects = campaign.projects.map(({ number, title }) => ({ code: `project/${campaign.slug}/${number}`, name: `${number} ${title.zh || title.en || ""}` }));
  openAct({
    title: `${say("act_objection")}${say("colon")}${stage.name}`, label: say("act_objection"), effects: effects("objection", 2), fields: OBJECTION, options: { projects: () => projects }, campaign, done: again, signInMethods: desk.signInMethods,
    act: (input) => doIt(OBJECT, page)({ input }),
  });
}
