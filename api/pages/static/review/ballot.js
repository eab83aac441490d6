// How does an expert vote in a stage that a ballot of the experts decides? By choosing so many, casting, and changing it until the close.
import { fill, h } from "../vote/dom.js";
import { keep, recall } from "../vote/kept.js";
import { langOf, moment, say as sayToVoters } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { PROBLEMS, act, read, wordsOf } from "./api.js";
import { say } from "./language.js";
import { keepBallotInTime } from "./opening.js";
import { addressOf } from "./routes.js";

const BALLOT = "revision castAt projects { id }";
const MINE = `query Ballots($slug: String!) {
  viewer { expertBallots(campaign: $slug) { stage { code } ${BALLOT} } }
  campaign(slug: $slug) { stages { code kind status } }
}`;
const CANDIDATES = `query Candidates($slug: String!, $after: String) {
  projects(campaign: $slug, filter: { outcomes: [CANDIDATE, FINALIST, WINNER], standing: [STANDING] }, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { id number title organization }
  }
}`;
const NONE = { revision: 0, castAt: null, projects: [] };
const CAST = `mutation Cast($campaign: String!, $stage: String!, $projects: [ID!]!, $expectedRevision: Int) {
  castExpertBallot(campaign: $campaign, stage: $stage, projects: $projects, expectedRevision: $expectedRevision) { ballot { ${BALLOT} } ${PROBLEMS} }
}`;

/** The ballot of a stage. */
export async function ballotView(panel, code, again) {
  const { slug, viewer } = panel;
  const stage = panel.stages.find((one) => one.code === code);
  if (stage === undefined || stage.opensAt === null) return h("div", { class: "wide narrow" }, h("h1", {}, say("noSuchBallotHere")), back(panel));
  const mine = await read(MINE, { slug });
  const ballot = mine.viewer.expertBallots.find((one) => one.stage.code === code) || NONE;
  const name = `ballot:${viewer}:${slug}:${code}`; // what was chosen and not cast
  const page = { panel, stage, ballot, name, again, waits: waitsFor(mine.campaign.stages, code), chosen: new Set(recall(name) || ballot.projects.map(({ id }) => id)) };
  page.said = h("div", { class: "problem", role: "alert" });
  page.tray = h("div", { class: "foot" });
  const candidates = page.waits ? [] : await candidatesOf(slug);
  page.chosen.forEach((id) => candidates.some((project) => project.id === id) || page.chosen.delete(id));
  show(page);
  const element = h(
    "div",
    { class: "wide narrow" },
    h("p", { class: "ways" }, back(panel)),
    h("h1", {}, say("ballotOf", stage)),
    h("p", { class: "deadline" }, page.waits ? say("ballotWaits") : timesOf(page)),
    h("p", {}, boundsOf(stage)),
    ballot.castAt && h("p", { class: "kept" }, say("castAt", { at: moment(ballot.castAt, panel.timeZone) })),
    h("ul", { class: "reviews choices" }, candidates.map((project) => choice(page, project))),
    page.said,
    page.tray,
  );
  keepBallotInTime(panel, () => isOpen(page), element, () => timesOf(page));
  return element;
}

const back = (panel) => h("a", { class: "back", href: addressOf(panel.slug) }, "‹ ", say("allProjects"));

/** Whether a stage before is not decided yet, so that nobody knows who can be chosen. */
function waitsFor(stages, code) {
  const before = stages.slice(0, stages.findIndex((one) => one.code === code));
  return before.some(({ kind, status }) => kind !== "SUBMISSION" && status !== "DECIDED");
}

async function candidatesOf(slug) {
  const found = [];
  let page = { hasNextPage: true, endCursor: null };
  while (page.hasNextPage) {
    const { projects } = await read(CANDIDATES, { slug, after: page.endCursor });
    found.push(...projects.nodes);
    page = projects.pageInfo;
  }
  return found.sort((one, other) => one.number - other.number);
}

const isOpen = ({ panel, stage, waits }) => !waits && panel.clock.now() >= Date.parse(stage.opensAt) && panel.clock.now() < Date.parse(stage.closesAt);

function timesOf({ panel, stage }) {
  const at = (instant) => moment(instant, panel.timeZone);
  if (panel.clock.now() < Date.parse(stage.opensAt)) return say("ballotOpens", { at: at(stage.opensAt) });
  return say(isOpen({ panel, stage, waits: false }) ? "ballotUntil" : "ballotClosed", { at: at(stage.closesAt) });
}

function boundsOf({ choices: { minimum, maximum } }) {
  return minimum === maximum ? say("chooseExactly", { maximum }) : say("chooseBetween", { minimum, maximum });
}

function choice(page, project) {
  const isRecused = page.panel.reviews.some((review) => review.project.id === project.id && review.state === "RECUSED");
  const box = h("input", { type: "checkbox", checked: page.chosen.has(project.id), disabled: isRecused || !isOpen(page), onchange: () => {
    if (box.checked) page.chosen.add(project.id);
    else page.chosen.delete(project.id);
    keep(page.name, [...page.chosen]);
    show(page);
  } });
  const words = h("span", {}, h("span", { class: "number" }, sayToVoters("number", project)), " ", h("b", { lang: langOf(project.title) }, project.title), h("br"), h("span", { class: "quiet", lang: langOf(project.organization) }, project.organization), isRecused && h("span", { class: "unsent" }, ` ${say("state_RECUSED")}`));
  return h("li", {}, h("label", { class: "review choice" }, box, words));
}

/** How many are chosen, and whether they may be cast. */
function show(page) {
  const { stage: { choices: { minimum, maximum } }, ballot, chosen, tray } = page;
  const fits = chosen.size >= minimum && chosen.size <= maximum;
  const before = ballot.projects.map(({ id }) => id);
  const isCast = ballot.castAt !== null && before.length === chosen.size && before.every((id) => chosen.has(id));
  const cast = h("button", { type: "button", class: "main cast", "aria-disabled": fits && !isCast ? null : "true", onclick: () => fits && !isCast && castIt(page) }, say(ballot.castAt ? "castAgain" : "castIt"));
  fill(tray, h("p", { class: "saving" }, say("chosenOf", { count: chosen.size, maximum }), " ", isCast ? say("isCast") : !fits && boundsOf(page.stage)), isOpen(page) && h("p", { class: "row" }, cast));
}

async function castIt(page) {
  const { panel, stage, ballot, chosen, said } = page;
  fill(said, say("working"));
  try {
    const { problems } = await act(CAST, { campaign: panel.slug, stage: stage.code, projects: [...chosen], expectedRevision: ballot.revision });
    if (problems.length > 0) return fill(said, problems.map(({ message }) => h("p", {}, message)), problems.some(({ code }) => code === "STALE_REVISION") && h("button", { type: "button", onclick: page.again }, say("seeOther")));
    keep(page.name, null);
    await page.again();
    notice(say("isCast"));
  } catch (error) {
    fill(said, wordsOf(error));
  }
  return undefined;
}
