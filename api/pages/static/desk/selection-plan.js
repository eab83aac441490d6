// What would the outcome be? The plan says all of it and stores nothing; what it waits for is asked for, and then it is committed as it was seen.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { REASON, openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { Form } from "./form.js";
import { say } from "./language.js";
import { PLANNED, changesOf, outcomeOf } from "./selection-rows.js";
import { decidedBefore, decisionFields, decisionOf, tieForm } from "./selection-ties.js";

const DECLARED = "$campaign: String!, $stage: String!, $decisions: [TieDecision!], $seed: String, $decision: StageDecision";
const PASSED = "campaign: $campaign, stage: $stage, decisions: $decisions, seed: $seed, decision: $decision";
const PLAN = `mutation Plan(${DECLARED}) { planSelection(${PASSED}) { plan { ${PLANNED} } ${PROBLEMS} } }`;
const COMMIT = `mutation Commit(${DECLARED}, $digest: String!) { commitSelection(${PASSED}, digest: $digest) { selection { version } ${PROBLEMS} } }`;
const CORRECT = `mutation Correct(${DECLARED}, $digest: String!, $reason: TextInput!) {
  correctSelection(${PASSED}, digest: $digest, reason: $reason) { selection { version } ${PROBLEMS} }
}`;

/** The step that plans a stage, and commits it or corrects what was announced. */
export function planningOf(page) {
  const { campaign, stage, selection, mayRun } = page;
  if (!mayRun) return h("p", { class: "quiet" }, say("onlyToRead"));
  if (stage.kind === "SUBMISSION") return null;
  const kept = `selection:${campaign.slug}:${stage.code}`; // what was decided and not committed yet
  page.given = tab.recall(kept) || decidedBefore(campaign.slug, selection);
  page.keep = () => tab.keep(kept, page.given);
  page.forget = () => tab.keep(kept, null);
  page.result = h("div", { class: "plan" });
  const label = selection === null ? "it" : selection.state === "PROVISIONAL" ? "anew" : "correction";
  const form = stage.kind === "DECISION" ? decisionForm(page) : null;
  const submit = (event) => {
    event.preventDefault();
    if (form !== null) {
      const missing = form.missing();
      form.show(missing, true);
      if (missing.length > 0) return;
      page.given.decision = decisionOf(form.output());
    }
    plan(page, form);
  };
  return h("section", { class: "planning" }, h("h3", {}, say(`plan_${label}`)), h("p", { class: "quiet" }, say(`planHelp_${label}`)), h("form", { onsubmit: submit, novalidate: true }, form && form.element, h("p", { class: "row" }, h("button", { class: selection === null && "main" }, say(`plan_${label}`)))), page.result);
}

function decisionForm(page) {
  const { campaign, given } = page;
  const offered = campaign.projects.map(({ number, title }) => ({ code: `project/${campaign.slug}/${number}`, name: `${number} ${title.zh || title.en || ""}` }));
  return new Form(decisionFields, given.decision || {}, { languages: () => campaign.languages, options: { candidates: () => offered }, changed: () => undefined });
}

const variablesOf = ({ campaign, stage, given }) => ({ campaign: campaign.slug, stage: stage.code, decisions: given.decisions, seed: given.seed, decision: given.decision });

async function plan(page, form) {
  const { result } = page;
  fill(result, h("p", { role: "status" }, say("working")));
  page.keep();
  try {
    const { plan: found, problems } = await act(PLAN, variablesOf(page));
    if (found === null) return refused(page, problems, form);
    fill(result, h("h3", { tabindex: "-1" }, say("plannedOutcome")), outcomeOf(page, found), changesOf(found.changes), openTies(page, found), !found.unresolved && commitment(page, found));
    result.querySelector("h3").focus();
  } catch (error) {
    fill(result, h("p", { class: "problem", role: "alert" }, error.code ? error.message : say(isOffline() ? "offline" : "failed")));
  }
  return undefined;
}

/** What is in the way: beside the form's fields, and the rest in a list; a decision that is no good any more can be taken back. */
function refused(page, problems, form) {
  if (form !== null) form.show(problems.map((problem) => ({ ...problem, path: problem.path.filter((part) => part !== "decision") })), true);
  const { given } = page;
  const clear = given.decisions.length > 0 || given.seed ? h("button", { type: "button", onclick: () => {
    Object.assign(given, { decisions: [], seed: undefined });
    plan(page, form);
  } }, say("clearDecisions")) : null;
  fill(page.result, h("div", { class: "findings", role: "alert" }, h("p", {}, say("planRefused")), h("ul", {}, problems.map(({ message }) => h("li", {}, message)))), clear);
}

/** A form for each tie that waits for somebody: an order with its reason, or the seed of the lot. */
function openTies(page, { ties }) {
  const taken = (decision) => {
    if (decision.seed !== undefined) page.given.seed = decision.seed;
    else page.given.decisions = [...page.given.decisions, decision];
    plan(page, null);
  };
  const open = ties.filter(({ resolved }) => !resolved);
  return open.length > 0 && h("section", { class: "open-ties" }, h("h3", {}, say("openTies")), open.map((tie) => tieForm(page, tie, taken)));
}

function commitment(page, found) {
  const { campaign, desk, again, selection, stage } = page;
  const correcting = selection !== null && selection.state !== "PROVISIONAL";
  const name = correcting ? "correctSelection" : "commitSelection";
  const done = async () => {
    page.forget();
    await again();
  };
  const open = () => openAct({
    title: `${say(name)}: ${stage.name}`, label: say(name), effects: [1, 2, 3].map((n) => say(`${name}_does${n}`, { digest: found.digest.slice(0, 12) })),
    fields: correcting ? [REASON] : [], campaign, final: correcting, done, signInMethods: desk.signInMethods,
    act: (input) => act(correcting ? CORRECT : COMMIT, { ...variablesOf(page), digest: found.digest, ...input }),
  });
  return h("p", { class: "row" }, h("button", { type: "button", class: "main commit", onclick: open }, say(name)));
}
