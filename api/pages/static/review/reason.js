// Why is a project not scored? Abstaining and recusing ask for a reason, in a dialog that says what they mean.
import { closeDialog, leave, openDialog, openedOver } from "../vote/dialog.js";
import { fill, h } from "../vote/dom.js";
import { keep, recall } from "../vote/kept.js";
import { done } from "./acting.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";
import { REVIEW } from "./panel.js";

const mutation = (name) => `mutation Out($project: ID!, $reason: String!) { ${name}(project: $project, reason: $reason) { review { ${REVIEW} } ${PROBLEMS} } }`;
const ACTS = { abstain: mutation("abstainFromReview"), recuse: mutation("recuseFromReview") };

/** Ask for the reason, and do it. */
export function openReason(name, page) {
  const kept = `${page.draft.name}:${name}`;
  openedOver(location.hash, false);
  const field = h("textarea", { id: "reason", rows: "3", required: true, maxlength: "500", "aria-describedby": "reason-problem" });
  field.value = recall(kept, "");
  field.addEventListener("input", () => keep(kept, field.value));
  const problem = h("p", { class: "problem", id: "reason-problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    const reason = field.value.trim();
    if (!reason) return fill(problem, say("reasonMissing"));
    const problems = await done(page, () => act(ACTS[name], { project: page.draft.project, reason }), say(`${name}Done`));
    if (problems.length > 0) return fill(problem, problems.map(({ message }) => h("span", {}, message)));
    keep(kept, null);
    closeDialog();
    return page.panel.again();
  };
  openDialog(
    say(name),
    h("p", {}, say(`${name}Help`)),
    h("form", { onsubmit: submit, novalidate: true }, h("label", { for: "reason" }, say("reason")), field, problem, h("p", { class: "row" }, h("button", { class: "main" }, say(name)), h("button", { type: "button", onclick: leave }, say("cancel")))),
  );
}
