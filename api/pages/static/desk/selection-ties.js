// How does somebody settle what is equal? By an order with a reason, by what the experts voted again, or by the seed of the lot.
import { fill, h } from "../vote/dom.js";
import { Form } from "./form.js";
import { say } from "./language.js";
import { REASON } from "./act-dialog.js";

const SEED = [{ key: "seed", kind: "code", label: "seed", required: true, help: "seedHelp" }];

/** What a decision on record is made of. */
export const decisionFields = [{ key: "selected", kind: "some", label: "selectedOnes", from: "candidates" }, REASON];
export const decisionOf = ({ selected = [], reason }) => ({ selected, reason });

/** What people have decided for the outcome that is stored, so that computing it anew need not ask for it again. */
export function decidedBefore(slug, selection) {
  if (selection === null || !selection.record) return { decisions: [] };
  const { decisions, decision, seed } = JSON.parse(selection.record);
  const ids = (numbers) => numbers.map((number) => `project/${slug}/${number}`);
  const settled = decisions.map(({ step, order, votes, reason }) => ({ step, order: ids(order), ...(votes.length && { votes }), reason: textOf(reason) }));
  return { decisions: settled, ...(seed && { seed }), ...(decision && { decision: { selected: ids(decision.selected), reason: textOf(decision.reason) } }) };
}

/** A text by language tag as the API takes it. */
function textOf({ zh, en, ...others }) {
  const other = Object.entries(others).map(([tag, text]) => ({ tag, text }));
  return { ...(zh && { zh }), ...(en && { en }), ...(other.length && { other }) };
}

/** The form of one tie; taken is given the decision, or { seed }. */
export function tieForm(page, tie, taken) {
  const title = h("legend", {}, say(tie.award ? "tieForAward" : "tieForSeat", { numbers: tie.equal.map(({ number }) => number).join(say("comma")), award: tie.award && tie.award.name }));
  const body = tie.step === "LOT" ? seedForm(page, taken) : orderForm(page, tie, taken);
  return h("fieldset", { class: "group tie", "data-step": tie.step }, title, h("p", {}, say(`tie_${tie.step}`)), body);
}

function seedForm({ campaign, given }, taken) {
  const form = new Form(SEED, { seed: given.seed }, {});
  return h("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const missing = form.missing();
    form.show(missing, true);
    if (missing.length === 0) taken(form.output());
  } }, campaign.lotDigest && h("p", { class: "quiet" }, say("lotDigest"), say("colon"), h("code", {}, campaign.lotDigest)), form.element, h("button", { class: "main" }, say("drawLot")));
}

/** The order of the equal ones, moved by buttons; of a revote the votes, by which they are put in order. */
function orderForm({ campaign }, { step, equal }, taken) {
  const revote = step === "EXPERT_REVOTE";
  const form = new Form([REASON], {}, { languages: () => campaign.languages });
  const said = h("p", { class: "problem", role: "alert" });
  const list = h("ol", { class: "order" });
  let order = equal.map((project) => ({ project, votes: "" }));
  const move = (index, by) => {
    const moved = [...order];
    moved.splice(index + by, 0, ...moved.splice(index, 1));
    order = moved;
    draw();
    const buttons = list.children[index + by].querySelectorAll("button");
    (buttons[by < 0 ? 0 : 1] || buttons[0]).focus();
  };
  const votesOf = (one) => h("input", { type: "text", inputmode: "numeric", class: "short", value: one.votes, "aria-label": say("revotesFor", one.project), oninput: (event) => (one.votes = event.target.value.trim()), onchange: sort });
  const button = (index, by, name) => h("button", { type: "button", "aria-label": say(name, order[index].project), disabled: !order[index + by], onclick: () => move(index, by) }, by < 0 ? "↑" : "↓");
  const row = (one, index) => h("li", {}, h("span", {}, `${one.project.number} ${one.project.title}`), " ", revote && votesOf(one), button(index, -1, "moveUp"), button(index, 1, "moveDown"));
  const draw = () => fill(list, order.map(row));
  function sort() {
    if (!order.every(({ votes }) => /^\d+$/.test(votes))) return;
    order = [...order].sort((one, other) => Number(other.votes) - Number(one.votes));
    draw();
  }
  draw();
  return h("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const missing = form.missing();
    form.show(missing, true);
    if (revote && !order.every(({ votes }) => /^\d+$/.test(votes))) fill(said, say("revotesMissing"));
    else if (missing.length === 0) taken({ step, order: order.map(({ project }) => project.id), ...(revote && { votes: order.map(({ votes }) => Number(votes)) }), ...form.output() });
  } }, h("p", { class: "quiet" }, say(revote ? "revoteHelp" : "orderHelp")), list, form.element, said, h("button", { class: "main" }, say("settleTie")));
}
