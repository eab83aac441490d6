// Who is on the panel and how far is each? With the ways to declare a conflict and to drop an expert.
import { h } from "../vote/dom.js";
import { moment } from "../vote/language.js";
import { PRIVATE_REASON, openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";

const DROP = `mutation Drop($expert: ID!, $reason: TextInput!) { dropExpert(expert: $expert, reason: $reason) { expert { id state } ${PROBLEMS} } }`;
const CONFLICT = `mutation Conflict($expert: ID!, $project: ID!, $reason: String!) {
  declareConflict(expert: $expert, project: $project, reason: $reason) { expert { id } ${PROBLEMS} }
}`;

/** The experts, those who still review first. */
export function expertsOf(page) {
  const { panel: { experts, progress } } = page;
  const of = new Map(progress.byExpert.map((one) => [one.expert.id, one]));
  const order = ["ACCEPTED", "INVITED", "DROPPED"];
  const sorted = [...experts].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.number - other.number);
  return h("section", {}, h("h2", {}, say("expertsTitle")), experts.length === 0 && h("p", {}, say("noExperts")), h("ul", { class: "people" }, sorted.map((expert) => one(page, expert, of.get(expert.id)))));
}

function one(page, expert, counts) {
  const { campaign, mayRun } = page;
  const at = (instant) => moment(instant, campaign.timeZone, { year: true });
  return h(
    "li",
    { "data-expert": expert.number },
    h("p", {}, h("b", {}, expert.name), expert.organization && ` · ${expert.organization}`, " ", h("span", { class: `chip ${expert.state.toLowerCase()}` }, say(`expert_${expert.state}`))),
    expert.state === "DROPPED" && h("p", { class: "quiet" }, say("droppedAt", { at: at(expert.droppedAt) }), expert.droppedReason),
    expert.state === "INVITED" && h("p", { class: "quiet" }, say("invitedAt", { at: at(expert.invitedAt) })),
    expert.state === "ACCEPTED" && counts && progress(counts),
    mayRun && expert.state !== "DROPPED" && h("p", { class: "row" },
      !page.isOver && h("button", { type: "button", onclick: () => openConflict(page, expert) }, say("declareConflict"), h("span", { class: "unseen" }, ` ${expert.name}`)),
      h("button", { type: "button", onclick: () => openDrop(page, expert) }, say("dropExpert"), h("span", { class: "unseen" }, ` ${expert.name}`))),
  );
}

function progress({ assigned, notBegun, draft, submitted, abstained, recused }) {
  const done = submitted + abstained;
  const parts = Object.entries({ submitted, draft, notBegun, abstained, recused }).filter(([, number]) => number > 0);
  return [
    h("p", {}, say("doneOf", { done, assigned }), " ", h("meter", { min: 0, max: Math.max(1, assigned), value: done, "aria-hidden": "true" })),
    h("p", { class: "quiet" }, parts.map(([name, number]) => say(`count_${name}`, { count: number })).join(say("comma"))),
  ];
}

function openConflict({ campaign, desk, again }, expert) {
  const projects = campaign.projects.map(({ number, title }) => ({ code: `project/${campaign.slug}/${number}`, name: `${number} ${title.zh || title.en || ""}` }));
  openAct({
    title: `${say("declareConflict")}: ${expert.name}`, label: say("declareConflict"), effects: [1, 2].map((n) => say(`conflict_does${n}`, expert)),
    fields: [{ key: "project", kind: "one", label: "conflictWith", from: "projects", required: true }, { key: "reason", kind: "paragraph", label: "reason", required: true, help: "trailReasonHelp" }],
    options: { projects: () => projects }, campaign, done: again, signInMethods: desk.signInMethods,
    act: (input) => act(CONFLICT, { expert: expert.id, ...input }),
  });
}

function openDrop({ campaign, desk, again }, expert) {
  openAct({
    title: `${say("dropExpert")}: ${expert.name}`, label: say("dropExpert"), effects: [1, 2, 3].map((n) => say(`drop_does${n}`, expert)),
    fields: [PRIVATE_REASON], campaign, final: true, done: again, signInMethods: desk.signInMethods,
    act: (input) => act(DROP, { expert: expert.id, ...input }),
  });
}
