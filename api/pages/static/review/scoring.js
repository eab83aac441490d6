// How is one project reviewed? Its texts, the rubric to touch, a comment; kept as it is typed, submitted when it is complete.
import { announce, fill, h, picture, whenTyped } from "../vote/dom.js";
import { langOf, say as sayToVoters } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { rich } from "../vote/rich/rich.js";
import { done } from "./acting.js";
import { PROBLEMS, act } from "./api.js";
import { COMMENT } from "./draft.js";
import { draftOf } from "./drafts.js";
import { say } from "./language.js";
import { keepInTime } from "./opening.js";
import { REVIEW, isOut, isSettled, phaseOf } from "./panel.js";
import { deadline } from "./panel-head.js";
import { openReason } from "./reason.js";
import { addressOf } from "./routes.js";
import { savingOf } from "./saving.js";
import { scaleOf } from "./scale.js";

const SUBMIT = `mutation Submit($project: ID!, $expectedRevision: Int) {
  submitReview(project: $project, expectedRevision: $expectedRevision) { review { ${REVIEW} } ${PROBLEMS} }
}`;

/** The page of one review. */
export function scoringView(panel, number) {
  const review = panel.reviews.find(({ project }) => project.number === number);
  if (review === undefined) return h("div", { class: "wide narrow" }, h("h1", {}, say("noSuchReview")), back(panel));
  const draft = draftOf(panel, review);
  const mayWrite = phaseOf(panel) === "OPEN" && !isOut(draft.review);
  const page = { panel, review, draft, mayWrite };
  page.scales = new Map(panel.panel.rubric.map((criterion) => [criterion.code, scaleOf(criterion, !mayWrite, (value) => draft.change(criterion.code, value))]));
  page.comment = commentOf(page);
  page.saving = savingOf(draft, nameIn(panel));
  page.state = h("p", { class: "state", role: "status" });
  page.foot = h("div", { class: "foot" });
  draft.listeners = [() => (page.foot.isConnected ? show(page) : null)];
  show(page);
  const element = h(
    "div",
    { class: "wide narrow" },
    h("p", { class: "ways" }, back(panel), neighbours(panel, review)),
    h("header", { class: "head" }, h("p", { class: "quiet" }, sayToVoters("number", review.project), " · ", review.project.organization), h("h1", { lang: langOf(review.project.title) }, review.project.title)),
    page.state,
    aboutProject(review.project),
    h("h2", {}, say("rubric")),
    h("p", { class: "quiet" }, say("rubricHelp")),
    [...page.scales.values()].map(({ element }) => element),
    h("div", { class: "field" }, h("label", { for: "comment" }, say("comment")), h("p", { class: "quiet", id: "comment-help" }, say("commentHelp")), page.comment),
    mayWrite && waysOut(page),
    page.foot,
  );
  keepInTime(panel, draft, element);
  return element;
}

const back = (panel) => h("a", { class: "back", href: addressOf(panel.slug) }, "‹ ", say("allProjects"));
const nameIn = ({ panel: { rubric } }) => (key) => (key === COMMENT ? say("comment") : (rubric.find(({ code }) => code === key) || { name: key }).name);

function neighbours({ slug, reviews }, review) {
  const index = reviews.indexOf(review);
  const link = (one, name, sign) => one && h("a", { class: "button", href: addressOf(slug, one.project.number), "aria-label": say(name) }, sign);
  return h("span", {}, link(reviews[index - 1], "previous", "←"), " ", link(reviews[index + 1], "next", "→"));
}

function aboutProject({ summary, descriptionHtml, images, links }) {
  const long = descriptionHtml && h("details", {}, h("summary", {}, say("more")), h("div", { class: "rich", lang: langOf(descriptionHtml) }, rich(descriptionHtml)));
  const address = ({ title, url }) => h("li", {}, /^https?:/.test(url) ? h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, title) : title);
  return h(
    "section",
    { class: "about", "aria-label": say("aboutProject") },
    images.length > 0 && h("div", { class: "pictures" }, images.map((image) => picture(image, "picture", "(min-width: 700px) 640px, 100vw"))),
    summary && h("p", { class: "long", lang: langOf(summary) }, summary),
    long,
    links.length > 0 && h("ul", { class: "links" }, links.map(address)),
  );
}

function commentOf({ draft, mayWrite }) {
  const field = h("textarea", { id: "comment", rows: "4", maxlength: "4000", "aria-describedby": "comment-help", disabled: !mayWrite });
  field.value = draft.values[COMMENT];
  whenTyped(field, (typed) => draft.change(COMMENT, typed));
  return field;
}

/** Bring everything up to what the draft is now. */
function show(page) {
  const { draft, scales, comment, state, foot, panel, mayWrite } = page;
  const { values } = draft;
  for (const [code, scale] of scales) {
    scale.show(values[code] || "");
    scale.tell(problemsAt(draft, code, values));
  }
  if (document.activeElement !== comment && comment.value !== values[COMMENT]) comment.value = values[COMMENT];
  fill(state, h("span", { class: `chip ${draft.review.state.toLowerCase()}` }, say(`state_${draft.review.state}`)), " ", noteOn(page), draft.review.total !== null && h("span", { class: "total" }, say("total", { total: draft.review.total })));
  page.saving.show();
  if (foot.dataset.state === draft.review.state && foot.firstChild) return;
  foot.dataset.state = draft.review.state;
  fill(foot, mayWrite && page.saving.element, mayWrite && h("p", { class: "row" }, submitButton(page), nextButton(panel, page.review, draft)));
}

function noteOn({ panel, draft, mayWrite }) {
  if (draft.review.state === "SUBMITTED" && mayWrite) return say("mayRevise", { until: deadline(panel) });
  if (phaseOf(panel) === "BEFORE") return say("notOpenYet");
  if (phaseOf(panel) !== "OVER") return "";
  return say(draft.isUnsent() ? "notSavedInTime" : "closed");
}

/** Messages of the server about a criterion: by its code, or by its place among the scores that were sent. */
function problemsAt(draft, code, values) {
  const sent = Object.keys(values).filter((key) => key !== COMMENT && values[key] !== "");
  const isHere = ({ path }) => path.includes(code) || (path.includes("scores") && sent[Number(path[path.indexOf("scores") + 1])] === code);
  return [...draft.problems, ...(draft.lacking || []).filter(() => !values[code])].filter(isHere).map(({ message }) => h("span", {}, message));
}

function submitButton(page) {
  const { draft } = page;
  if (draft.review.state === "SUBMITTED") return null;
  return h("button", { type: "button", class: "main submit", onclick: () => submit(page) }, say("submit"));
}

/** The way to what is still to do, once this one is done. */
function nextButton({ slug, reviews }, review, draft) {
  if (!isSettled(draft.review)) return null;
  const index = reviews.indexOf(review);
  const next = [...reviews.slice(index + 1), ...reviews.slice(0, index)].find((one) => !isSettled(one) && !isOut(one));
  return next ? h("a", { class: "button main next", href: addressOf(slug, next.project.number) }, say("nextToDo")) : h("a", { class: "button main next", href: addressOf(slug) }, say("allDone"));
}

/** Submit what is complete; else lead to what is missing. */
async function submit(page) {
  const { draft, panel, scales } = page;
  const missing = panel.panel.rubric.filter(({ code }) => !draft.values[code]);
  draft.lacking = missing.map(({ code, name }) => ({ path: [code], message: say("scoreMissing", { name }) }));
  show(page);
  if (missing.length > 0) {
    const first = scales.get(missing[0].code).element;
    first.scrollIntoView({ block: "center" });
    first.querySelector("input").focus({ preventScroll: true });
    return announce(say("scoresMissing", { count: missing.length }));
  }
  await draft.send();
  if (draft.state !== "saved") return notice(say(draft.state === "waiting" ? "submitLater" : "notSubmitted"));
  return done(page, () => act(SUBMIT, { project: draft.project, expectedRevision: draft.review.revision }), say("submitted"));
}

/** What else one may do with a project than score it. */
function waysOut(page) {
  const button = (name) => h("button", { type: "button", onclick: () => openReason(name, page) }, say(name));
  return h("details", { class: "out" }, h("summary", {}, say("cannotJudge")), h("p", { class: "quiet" }, say("abstainHelp")), h("p", {}, button("abstain")), h("p", { class: "quiet" }, say("recuseHelp")), h("p", {}, button("recuse")));
}
