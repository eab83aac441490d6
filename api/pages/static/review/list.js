// What is there to review in a campaign, and how far is it? The expert's projects with their states.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { langOf, moment, say as sayToVoters } from "../vote/language.js";
import { draftOf } from "./drafts.js";
import { say } from "./language.js";
import { isOut, isSettled } from "./panel.js";
import { progressBar, timesOf } from "./panel-head.js";
import { addressOf } from "./routes.js";

const FILTERS = {
  all: () => true,
  todo: (review) => !isSettled(review) && !isOut(review),
  settled: (review) => isSettled(review) || isOut(review),
};

/** The projects of one panel. */
export function listView(panel) {
  const list = h("ul", { class: "reviews" });
  const reviews = panel.reviews.map((review) => {
    const draft = draftOf(panel, review);
    return Object.assign(review, draft.review);
  });
  const filters = h("p", { class: "filters", role: "group", "aria-label": say("filters") });
  const draw = (name) => {
    tab.keep("filter", name);
    fill(filters, Object.keys(FILTERS).map((one) => h("button", { type: "button", "aria-pressed": String(one === name), onclick: () => draw(one) }, say(`filter_${one}`, { count: reviews.filter(FILTERS[one]).length }))));
    const shown = reviews.filter(FILTERS[name]);
    fill(list, shown.length ? shown.map((review) => row(panel, review)) : h("li", { class: "quiet" }, say(reviews.length ? "noneHere" : "noneAssigned")));
  };
  draw(tab.recall("filter", "all") in FILTERS ? tab.recall("filter", "all") : "all");
  return h(
    "div",
    { class: "wide narrow" },
    h("header", { class: "head" }, h("h1", { lang: langOf(panel.title) }, panel.title), h("p", { class: "deadline" }, timesOf(panel))),
    progressBar(reviews),
    ballots(panel),
    reviews.length > 0 && filters,
    list,
  );
}

function row(panel, review) {
  const { project, state, total } = review;
  const draft = draftOf(panel, review);
  return h(
    "li",
    {},
    h(
      "a",
      { href: addressOf(panel.slug, project.number), class: `review ${state.toLowerCase()}` },
      h("span", { class: "number" }, sayToVoters("number", project)),
      h("b", { lang: langOf(project.title) }, project.title),
      h("span", { class: "quiet", lang: langOf(project.organization) }, project.organization),
      h("span", { class: "stateline" }, h("span", { class: `chip ${state.toLowerCase()}` }, say(`state_${state}`)), total !== null && h("span", { class: "quiet" }, say("total", { total })), draft.isUnsent() && h("span", { class: "unsent" }, say("unsent"))),
    ),
  );
}

/** The expert ballots of the campaign's stages. */
function ballots({ slug, stages, timeZone }) {
  const ours = stages.filter(({ opensAt }) => opensAt !== null); // else experts cast no ballots in it
  const link = ({ code, name, opensAt, closesAt }) => h("li", {}, h("a", { class: "button", href: addressOf(slug, "ballot", code) }, say("ballotOf", { name })), " ", h("span", { class: "quiet" }, say("betweenTimes", { from: moment(opensAt, timeZone), until: moment(closesAt, timeZone) })));
  return ours.length > 0 && h("ul", { class: "ballots" }, ours.map(link));
}
