// Who reviews what? So many experts for each project, so many projects at most for each expert; tried first, and only then stored.
import { fill, h } from "../vote/dom.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { PROBLEMS, act } from "./api.js";
import { Form } from "./form.js";
import { say } from "./language.js";

const ASSIGN = `mutation Assign($campaign: String!, $input: AssignmentInput!) {
  assignReviews(campaign: $campaign, input: $input) { assignments { expert { id name } projects { id number } } ${PROBLEMS} }
}`;
const FIELDS = [
  { key: "perProject", kind: "number", label: "perProjectExperts", required: true },
  { key: "mostPerExpert", kind: "number", label: "mostPerExpert", required: true },
  { key: "seed", kind: "code", label: "assignSeed", help: "assignSeedHelp", required: true },
];

/** The form of an assignment, with what came of trying it. */
export function assignmentOf({ campaign, panel, again }) {
  const perProject = Math.min(3, Math.max(1, panel.progress.accepted));
  const most = Math.ceil((campaign.projects.length * perProject) / Math.max(1, panel.progress.accepted)) + 1;
  const form = new Form(FIELDS, { perProject, mostPerExpert: most, seed: campaign.slug }, {});
  const result = h("div", { role: "status" });
  const run = async (dryRun) => {
    const missing = form.missing();
    form.show(missing, true);
    if (missing.length > 0) return;
    fill(result, say("working"));
    try {
      const { assignments, problems } = await act(ASSIGN, { campaign: campaign.slug, input: { ...form.output(), dryRun } });
      const within = problems.map((problem) => ({ ...problem, path: problem.path.filter((part) => part !== "input") }));
      form.show(within, true);
      if (problems.length > 0) fill(result, within.filter((problem) => form.problems.placeOf(problem) === null).map(({ message }) => h("p", { class: "problem" }, message)));
      else if (dryRun) fill(result, table(assignments), h("p", {}, h("button", { type: "button", class: "main", onclick: () => run(false) }, say("assignNow"))));
      else {
        await again();
        notice(say("assigned"));
      }
    } catch (error) {
      fill(result, h("p", { class: "problem" }, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct")));
    }
  };
  const submit = (event) => {
    event.preventDefault();
    run(true);
  };
  return h("details", { class: "group" }, h("summary", {}, say("assignReviews")), h("p", { class: "quiet" }, say("assignHelp")), h("form", { onsubmit: submit, novalidate: true }, form.element, h("p", { class: "row" }, h("button", {}, say("assignTry")))), result);
}

function table(assignments) {
  const row = ({ expert, projects }) => h("tr", {}, h("th", { scope: "row" }, expert.name), h("td", { class: "count" }, projects.length), h("td", {}, projects.map(({ number }) => number).join(say("comma"))));
  return h("table", {}, h("caption", {}, say("assignTried")), h("tbody", {}, assignments.map(row)));
}
