// What has each expert said? All reviews by project, with scores, comments and reasons; read when somebody asks for them.
import { fill, h } from "../vote/dom.js";
import { read, unread } from "./api.js";
import { say } from "./language.js";
import { plain } from "./panel-scores.js";

const REVIEWS = `query Reviews($slug: String!) { campaign(slug: $slug) { panel { reviews {
  state comment reason total scores { criterion score } expert { name } project { number title }
} } } }`;

/** A button, and in its place the reviews. */
export function reviewsOf({ campaign: { slug }, panel: { rubric } }) {
  const names = new Map(rubric.map(({ code, name }) => [code, name]));
  const place = h("div", { class: "all-reviews" });
  const show = async () => {
    try {
      const { reviews } = (await read(REVIEWS, { slug })).campaign.panel;
      const begun = reviews.filter(({ state }) => state !== "NOT_BEGUN");
      const numbers = [...new Set(begun.map(({ project }) => project.number))].sort((one, other) => one - other);
      fill(place, numbers.map((number) => ofProject(begun.filter(({ project }) => project.number === number), names)));
    } catch (error) {
      unread(error);
    }
  };
  fill(place, h("button", { type: "button", onclick: show }, say("showReviews")));
  return place;
}

function ofProject(reviews, names) {
  const [{ project }] = reviews;
  const scores = (one) => one.scores.map(({ criterion, score }) => `${names.get(criterion) || criterion} ${plain(score)}`).join(say("comma"));
  const row = (one) => h("li", {}, h("b", {}, one.expert.name), " ", h("span", { class: "chip" }, say(`review_${one.state}`)), " ", scores(one), one.total !== null && ` = ${plain(one.total)}`, [one.comment, one.reason].filter(Boolean).map((text) => h("p", { class: "quiet" }, text)));
  return h("details", { open: true }, h("summary", {}, `${project.number} ${project.title}`), h("ul", {}, reviews.map(row)));
}
