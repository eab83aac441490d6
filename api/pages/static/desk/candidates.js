// How are candidates edited? A row each, one opened at a time; all are stored at once, with the revision they were changed from.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { openProjectAct, projectActsFor } from "./acts.js";
import { read } from "./api.js";
import { editorOf, rowOf } from "./candidate-row.js";
import { Checker, below } from "./checking.js";
import { finder, isSought } from "./finding.js";
import { headOf, loaded } from "./loaded.js";
import { openPaste } from "./paste.js";
import { textOf } from "./preview.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";
import { whenLeft } from "./routes.js";
import { isStale, openStale } from "./stale.js";
import { differing, missingAmong, store } from "./storing.js";
import { findingText } from "./wording.js";

const DISTRICTS = "query Districts($slug: String!) { campaign(slug: $slug) { districts { code name } } }";
const GONE = `query Gone($slug: String!) {
  projects(campaign: $slug, filter: { standing: [WITHDRAWN, DISQUALIFIED] }, first: 100) { nodes { number standing standingReason } }
}`;
const PAGE = 100; // rows that are shown at once
const MANY = 20; // candidates, from which on one looks for one

/** The candidates of a campaign: to add and remove until voting opens, to withdraw afterwards; their texts can be corrected until it is archived. */
export async function candidatesView(desk, slug, again) {
  const [campaign, { campaign: { districts } }] = await Promise.all([loaded(slug), read(DISTRICTS, { slug })]);
  const gone = campaign.phase === "DRAFT" ? [] : (await read(GONE, { slug })).projects.nodes;
  const kept = tab.recall(`candidates:${slug}`);
  const page = {
    slug, campaign, desk, again, districts, gone, opened: null, latest: null, sought: "", shown: PAGE, problems: [],
    projects: kept === null ? campaign.projects : kept.projects, revision: kept === null ? campaign.revision : kept.revision,
    rows: h("ul", { class: "candidates" }), said: h("div", { class: "problem", role: "alert" }), count: h("p", { class: "quiet", role: "status" }),
  };
  page.checker = new Checker(() => ({ input: { ...campaign.input, slug }, projects: page.projects, campaign: slug }), () => missingAmong(page), (problems) => told(page, problems));
  whenLeft(() => page.checker.stop());
  page.mayRun = mayRun(desk, slug);
  page.mayEdit = page.mayRun && campaign.phase !== "ARCHIVED";
  page.mayAdd = page.mayRun && ["DRAFT", "UPCOMING"].includes(campaign.phase);
  draw(page);
  if (kept !== null) page.checker.soon();
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, "candidates"),
    page.count,
    kept !== null && h("p", { class: "kept" }, say("unsavedKept"), " ", h("button", { type: "button", class: "link", onclick: () => forget(page) }, say("discard"))),
    page.mayEdit && !page.mayAdd && h("p", { class: "quiet" }, say("frozenCandidates")),
    page.mayAdd && h("p", { class: "row" },
      h("button", { type: "button", onclick: () => add(page) }, say("addCandidate")),
      h("button", { type: "button", onclick: () => openPaste(knownTo(page), (found) => take(page, found)) }, say("pasteTable"))),
    page.projects.length > MANY && finder((sought) => draw(Object.assign(page, { sought }))),
    page.rows,
    page.said,
    page.mayEdit && h("p", { class: "row buttons" }, h("button", { type: "button", class: "main", onclick: () => save(page) }, say("saveCandidates"))),
  );
}

const themesOf = ({ campaign }) => (campaign.input.themes || []).map(({ code, name }) => ({ code, name: textOf(name, campaign.languages) || code }));
const lastNumber = ({ projects }) => Math.max(0, ...projects.map(({ number }) => number || 0));
const knownTo = (page) => ({ last: lastNumber(page), language: page.campaign.languages[0], themes: themesOf(page), districts: page.districts });

function draw(page) {
  const { projects, shown } = page;
  const found = projects.map((project, index) => ({ project, index })).filter(({ project }) => project === page.opened || isSought(project, page.sought));
  const there = found.filter(({ project }, place) => place < shown || project === page.opened || project.number === page.latest);
  const rows = there.map(({ project, index }) => (project === page.opened ? editor(page, project, index) : row(page, project, index)));
  const more = found.length > there.length && h("li", {}, h("button", { type: "button", class: "show-more", onclick: () => draw(Object.assign(page, { shown: shown + PAGE })) }, say("showMore")));
  fill(page.rows, rows, more);
  fill(page.count, say("candidatesCount", { count: projects.length }));
}

function row(page, project, index) {
  const wrong = below(page.problems, "projects", String(index));
  const stored = page.campaign.projects.find(({ number }) => number === project.number);
  const gone = page.gone.find(({ number }) => number === project.number);
  const acts = stored && page.mayRun && !gone ? projectActsFor(page.campaign) : [];
  const named = { id: `project/${page.slug}/${project.number}`, title: textOf(project.title, page.campaign.languages) };
  return rowOf(project, { languages: page.campaign.languages, themes: themesOf(page), wrong, gone, edit: page.mayEdit && !gone && (() => open(page, project)), acts, doAct: (name) => openProjectAct(name, page.campaign, named, page.desk, page.again) });
}

function editor(page, project, index) {
  const options = { campaign: () => page.slug, themes: () => themesOf(page), districts: () => page.districts };
  const { element, form } = editorOf(project, {
    campaign: page.campaign, options,
    changed: (changed) => replace(page, project, changed),
    close: () => close(page),
    drop: page.mayAdd && (() => drop(page, page.opened)),
  });
  page.form = form;
  form.show(below(page.problems, "projects", String(index)), true);
  return element;
}

function open(page, project) {
  page.opened = project;
  draw(page);
  const field = page.rows.querySelector(".editor input");
  if (field) field.focus();
}

/** Put the changed candidate in the place of the one that is open, without drawing anything anew while somebody types. */
function replace(page, project, changed) {
  page.projects = page.projects.map((one) => (one === page.opened ? changed : one));
  page.opened = changed;
  changedAll(page);
}

function close(page) {
  const number = page.opened.number;
  page.opened = null;
  page.latest = number; // stays in sight, however many are before it
  page.projects = [...page.projects].sort((one, other) => (one.number || 0) - (other.number || 0));
  changedAll(page);
  draw(page);
  const edit = page.rows.querySelector(`[data-number="${number}"] .edit`);
  if (edit) edit.focus();
}

function drop(page, project) {
  page.projects = page.projects.filter((one) => one !== project);
  page.opened = null;
  changedAll(page);
  draw(page);
}

function add(page) {
  if (page.opened !== null) close(page);
  const made = { number: lastNumber(page) + 1 };
  page.projects = [...page.projects, made];
  changedAll(page);
  open(page, made);
}

/** Candidates from a table: one whose number is there already takes its place. */
function take(page, found) {
  const numbers = found.map(({ number }) => number);
  const before = page.projects.filter(({ number }) => !numbers.includes(number));
  const had = (number) => page.projects.find((one) => one.number === number) || {};
  page.projects = [...before, ...found.map((one) => ({ ...had(one.number), ...one }))].sort((one, other) => one.number - other.number);
  changedAll(page);
  draw(page);
}

function changedAll(page) {
  tab.keep(`candidates:${page.slug}`, { projects: page.projects, revision: page.revision });
  page.checker.soon();
}

function told(page, problems) {
  page.problems = problems;
  if (page.opened === null) draw(page);
  else page.form.show(below(problems, "projects", String(page.projects.indexOf(page.opened))));
}

function forget({ slug, again }) {
  tab.keep(`candidates:${slug}`, null);
  again();
}

async function save(page) {
  const { slug, said } = page;
  if (page.opened !== null) close(page);
  page.checker.stop();
  const missing = missingAmong(page);
  told(page, missing);
  if (missing.length > 0) return fill(said, say("notStored"), missing.map(({ message }) => h("p", {}, message)));
  fill(said, say("working"));
  try {
    const { campaign: { input, projects: before }, projects, revision } = page;
    const { problems, revision: reached = revision } = await store({ slug, input, before, projects, revision });
    page.revision = reached; // a batch may be stored before another is refused
    if (problems.some(isStale)) return await stale(page);
    told(page, problems);
    if (problems.length) return fill(said, say("notStored"), problems.map((problem) => h("p", {}, findingText(problem, page.campaign))));
    tab.keep(`candidates:${slug}`, null);
    await page.again();
    notice(say("saved"));
  } catch (error) {
    fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
  }
  return undefined;
}

async function stale(page) {
  const now = await loaded(page.slug);
  const changed = (after) => differing(page.campaign.projects, after).map((number) => say("number", { number }));
  fill(page.said);
  openStale({
    expected: page.revision, present: now.revision, mine: changed(page.projects), theirs: changed(now.projects),
    takeTheirs: () => forget(page),
    putMine: () => {
      page.revision = now.revision;
      save(page);
    },
  });
}
