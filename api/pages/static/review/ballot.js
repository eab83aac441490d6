// How does an expert vote in a stage that a ballot of the experts decides? By choosing so many, casting, and changing it until the close.
import { fill, h } from "../vote/dom.js";
import { keep, recall } from "../vote/kept.js";
import { langOf, moment, say as sayToVoters } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { PROBLEMS, act, read, wordsOf } from "./api.js";
import { say } from "./language.js";
import { addressOf } from "./routes.js";

const BALLOT = "revision castAt projects { id }";
const MINE = `query Ballots($slug: String!) { viewer { expertBallots(campaign: $slug) { stage { code } candidates { id number title organization } ${BALLOT} } } }`;
const CAST = `mutation Cast($campaign: String!, $stage: String!, $projects: [ID!]!, $expectedRevision: Int) {
  castExpertBallot(campaign: $campaign, stage: $stage, projects: $projects, expectedRevision: $expectedRevision) { ballot { ${BALLOT} } ${PROBLEMS} }
}`;

/** The ballot of a stage. */
export async function ballotView(panel, code, again) {
  const stage = panel.stages.find((one) => one.code === code);
  const { expertBallots } = (await read(MINE, { slug: panel.slug })).viewer;
  const ballot = expertBallots.find((one) => one.stage.code === code);
  if (stage === undefined || ballot === undefined) return h("div", { class: "wide narrow" }, h("h1", {}, say("noSuchBallotHere")), h("p", {}, h("a", { href: addressOf(panel.slug) }, say("allProjects"))));
  const name = `ballot:${panel.viewer}:${panel.slug}:${code}`; // what was chosen and not cast
  const chosen = new Set(recall(name) || ballot.projects.map(({ id }) => id));
  const page = { panel, stage, ballot, chosen, name, again, said: h("div", { class: "problem", role: "alert" }), tray: h("div", { class: "foot" }) };
  const list = h("ul", { class: "reviews choices" }, ballot.candidates.map((project) => choice(page, project)));
  show(page);
  return h(
    "div",
    { class: "wide narrow" },
    h("p", { class: "ways" }, h("a", { class: "back", href: addressOf(panel.slug) }, "‹ ", say("allProjects"))),
    h("h1", {}, say("ballotOf", stage)),
    h("p", { class: "deadline" }, timesOf(page)),
    h("p", {}, boundsOf(stage)),
    ballot.castAt && h("p", { class: "kept" }, say("castAt", { at: moment(ballot.castAt, panel.timeZone) })),
    list,
    page.said,
    page.tray,
  );
}

const isOpen = ({ panel, stage }) => panel.clock.now() >= Date.parse(stage.opensAt) && panel.clock.now() < Date.parse(stage.closesAt);

function timesOf({ panel, stage }) {
  const at = (instant) => moment(instant, panel.timeZone);
  if (panel.clock.now() < Date.parse(stage.opensAt)) return say("ballotOpens", { at: at(stage.opensAt) });
  return say(isOpen({ panel, stage }) ? "ballotUntil" : "ballotClosed", { at: at(stage.closesAt) });
}

function boundsOf({ choices: { minimum, maximum } }) {
  return minimum === maximum ? say("chooseExactly", { maximum }) : say("chooseBetween", { minimum, maximum });
}

function choice(page, project) {
  const box = h("input", { type: "checkbox", checked: page.chosen.has(project.id), disabled: !isOpen(page), onchange: () => {
    if (box.checked) page.chosen.add(project.id);
    else page.chosen.delete(project.id);
    keep(page.name, [...page.chosen]);
    show(page);
  } });
  const words = h("span", {}, h("span", { class: "number" }, sayToVoters("number", project)), " ", h("b", { lang: langOf(project.title) }, project.title), h("br"), h("span", { class: "quiet", lang: langOf(project.organization) }, project.organization));
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
