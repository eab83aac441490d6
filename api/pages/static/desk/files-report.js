// What came of an import? What was accepted and refused, line by line, and the totals of the file beside the count.
import { fill, h } from "../vote/dom.js";
import { count } from "../vote/language.js";
import { read, unread } from "./api.js";
import { CANDIDATE } from "./candidate-fields.js";
import { addressOf } from "./home.js";
import { isSaid, say } from "./language.js";
import { worded } from "./wording.js";

const PROBLEMS = `query Problems($id: ID!) { job(id: $id) { problems(first: 1000) { code message path ... on FileProblem { line column violations } } } }`;
const TOTALS = "query Totals($id: ID!) { job(id: $id) { result { totals { code official counted } } } }";

/** What is wrong with a file, each with its place in it. */
export function problemsOf({ id, job }) {
  const { problems, problemCount } = job;
  if (problemCount === 0) return null;
  const list = h("ul", { class: "wrong-lines" }, problems.map((problem) => wrong(problem, job)));
  const left = h("p", { class: "quiet" });
  const more = h("button", { type: "button", class: "show-more", onclick: () => read(PROBLEMS, { id }).then((answer) => show(answer.job.problems)).catch(unread) }, say("allProblems"));
  const show = (shown) => {
    fill(list, shown.map((problem) => wrong(problem, job)));
    more.remove();
    if (problemCount > shown.length) left.textContent = say("moreProblems", { count: count(problemCount - shown.length) });
  };
  if (problemCount > problems.length) left.textContent = say("moreProblems", { count: count(problemCount - problems.length) });
  return h("section", {}, h("h3", {}, say(job.state === "FAILED" ? "problemsTitle" : "problemLines")), list, left, problemCount > problems.length && more);
}

/** A problem: of a spreadsheet without the character in the line, which nobody counts there, and of a candidate by the labels of its form. */
function wrong(problem, { format, campaign }) {
  const { path, line, column } = problem;
  const place = [line && say("atLine", { line: count(line) }), column && format !== "CSV" && say("atColumn", { column: count(column) })].filter(Boolean).join(say("comma"));
  const ofCandidate = path[0] === "projects" && path.length > 2 && campaign !== null;
  const { whole, message } = ofCandidate ? worded({ ...problem, path: path.slice(2) }, CANDIDATE, campaign.timeZone) : problem;
  return h("li", {}, place && [h("b", {}, place), say("colon")], whole || message);
}

/** What an import that is done has brought. */
export function reportOf({ id, job }) {
  const { result, importContent, campaign, state } = job;
  if (result === null || state === "FAILED") return null;
  const refused = result.refused.reduce((sum, one) => sum + one.count, 0);
  const number = (name, value) => h("div", {}, h("dt", {}, say(name)), h("dd", {}, count(value)));
  return h(
    "section",
    { class: "import-report" },
    h("h3", {}, say(state === "WAITING_FOR_APPROVAL" ? "wouldCount" : "reportTitle")),
    h("dl", { class: "numbers" },
      importContent !== "PROJECTS" && [number("acceptedBallots", result.accepted), number("refusedBallots", refused)],
      importContent !== "BALLOTS" && number("projectsCount", result.projects)),
    refused > 0 && reasonsOf(result.refused),
    importContent === "CAMPAIGN" && totalsOf(id, result),
    importContent === "BALLOTS" && votesOf(id, say(state === "WAITING_FOR_APPROVAL" ? "wouldCountVotes" : "countedVotes")),
    state === "DONE" && campaign !== null && h("p", { class: "row" }, h("a", { class: "button main", href: addressOf(campaign.slug, importContent === "PROJECTS" ? "candidates" : "") }, say(importContent === "PROJECTS" ? "toCandidates" : "toCampaign"))),
  );
}

function reasonsOf(refused) {
  const sorted = [...refused].sort((one, other) => other.count - one.count);
  const named = (code) => (isSaid(`refusal_${code}`) ? say(`refusal_${code}`) : code);
  return h("table", {}, h("caption", {}, say("refusedWhy")), h("tbody", {}, sorted.map((one) => h("tr", {}, h("th", { scope: "row" }, named(one.code)), h("td", { class: "count" }, count(one.count))))));
}

/** Where the file's totals and the count differ, and all of them folded up. */
function totalsOf(id, { accepted, differences }) {
  if (accepted === 0) return null;
  const place = h("div", {});
  const said = h("p", {}, differences.length > 0 && say("totalsDiffer", { count: count(differences.length) }));
  const show = async () => {
    try {
      const { totals } = (await read(TOTALS, { id })).job.result;
      if (differences.length === 0) said.textContent = say(totals.some(({ official }) => official !== null) ? "totalsAgree" : "totalsNone");
      fill(place, tableOf(say("totalsAll"), totals));
    } catch (error) {
      unread(error);
    }
  };
  const all = h("details", {}, h("summary", {}, say("totalsAll")), place);
  show();
  return [h("h3", {}, say("totalsTitle")), said, differences.length > 0 && tableOf(say("difference"), differences), all];
}

/** What a batch brings each candidate: what a second organizer compares with the paper. */
function votesOf(id, caption) {
  const place = h("div", {});
  const row = ({ code, counted }) => h("tr", {}, h("th", { scope: "row" }, code), h("td", { class: "count" }, count(counted)));
  const head = h("tr", {}, h("th", { scope: "col" }, say("projectCode")), h("th", { scope: "col", class: "count" }, say("votesOf")));
  const show = ({ job }) => fill(place, h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, job.result.totals.map(row))));
  read(TOTALS, { id }).then(show).catch(unread);
  return place;
}

function tableOf(caption, totals) {
  const cell = (value) => h("td", { class: "count" }, value === null ? "–" : count(value));
  const head = ["projectCode", "official", "recounted", "difference"].map((name, index) => h("th", { scope: "col", class: index > 0 && "count" }, say(name)));
  const row = ({ code, official, counted }) => h("tr", {}, h("th", { scope: "row" }, code), cell(official), cell(counted), cell(official === null ? null : counted - official));
  return h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": caption }, h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, head)), h("tbody", {}, totals.map(row))));
}
