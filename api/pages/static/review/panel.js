// What does an expert have to review? The panel's terms, its rubric, and the expert's own reviews with all there is to read about the projects.
import { ServerClock } from "../vote/clock.js";
import { PICTURE } from "../vote/dom.js";
import { read } from "./api.js";

export const REVIEW = "id state revision comment total scores { criterion score }";
const PROJECT = `id number title summary organization descriptionHtml standing
  images { ${PICTURE} } links { title url }`;
const PANEL = `query Panel($slug: String!) {
  campaign(slug: $slug) {
    slug title timeZone serverTime candidateTerm languages phase
    panel { opensAt closesAt rubric { code name weight minimum maximum step counted anchors { score text } } }
    stages { code name kind seats opensAt closesAt choices { minimum maximum } }
  }
  viewer { id reviews(campaign: $slug) { ${REVIEW} project { ${PROJECT} } } }
}`;
const ONE = `query Review($slug: String!) { viewer { reviews(campaign: $slug) { ${REVIEW} project { id } } } }`;

/** The campaign's panel with the expert's reviews by number; null where there is no such campaign or no panel. */
export async function panelOf(slug) {
  const { campaign, viewer } = await readOrNothing(slug);
  if (campaign === null || campaign.panel === null) return null;
  const reviews = [...viewer.reviews].sort((one, other) => one.project.number - other.project.number);
  const stages = campaign.stages.map((stage) => ({ ...stage, choices: stage.choices || { minimum: 1, maximum: stage.seats } }));
  return { ...campaign, stages, reviews, viewer: viewer.id, clock: new ServerClock(campaign.serverTime) };
}

async function readOrNothing(slug) {
  try {
    return await read(PANEL, { slug });
  } catch (error) {
    if (error.code !== "NOT_FOUND") throw error;
    return { campaign: null };
  }
}

/** One review as the server has it now, whoever has changed it; null for one that is gone. */
export async function reviewNow(slug, project) {
  const { reviews } = (await read(ONE, { slug })).viewer;
  return reviews.find((one) => one.project.id === project) || null;
}

/** "BEFORE", "OPEN" or "OVER", by the server's clock. */
export function phaseOf({ clock, panel }) {
  const now = clock.now();
  if (now < Date.parse(panel.opensAt)) return "BEFORE";
  return now < Date.parse(panel.closesAt) ? "OPEN" : "OVER";
}

const SETTLED = ["SUBMITTED", "ABSTAINED"];
const OUT = ["RECUSED", "VOIDED"];
export const isSettled = ({ state }) => SETTLED.includes(state);
export const isOut = ({ state }) => OUT.includes(state);

/** How many reviews are done, of how many there are to do. */
export function progressOf(reviews) {
  const mine = reviews.filter((review) => !isOut(review));
  return { done: mine.filter(isSettled).length, total: mine.length };
}
