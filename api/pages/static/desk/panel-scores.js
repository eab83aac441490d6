// What did the experts' scores come to? Once the deadline has passed: by project with mean, median and spread, and how far the experts agree.
import { h } from "../vote/dom.js";
import { read } from "./api.js";
import { say } from "./language.js";

const SCORES = `query Scores($slug: String!) { campaign(slug: $slug) { panel {
  scores { project { id number title } reviews score mean median deviation minimum maximum disagreement }
  agreement { kendallsW krippendorffsAlpha experts projects }
} } }`;
const COLUMNS = ["score", "reviews", "mean", "median", "deviation", "minimum", "maximum", "disagreement"];

/** A decimal as people write it: without zeros at its end. */
export const plain = (value) => (String(value).includes(".") ? String(value).replace(/\.?0+$/, "") : String(value));

/** The scores by project, the highest first. */
export async function scoresOf({ campaign: { slug } }) {
  const { scores, agreement } = (await read(SCORES, { slug })).campaign.panel;
  if (scores === null) return null;
  const sorted = [...scores].sort((one, other) => Number(other.score || 0) - Number(one.score || 0));
  const cell = (value) => h("td", { class: "count" }, value === null ? "–" : plain(value));
  const row = (one) => h("tr", {}, h("th", { scope: "row" }, `${one.project.number} ${one.project.title}`), COLUMNS.map((column) => cell(one[column])));
  return h(
    "section",
    {},
    h("h2", {}, say("scoresTitle")),
    agreement && h("p", {}, agreementIn(agreement)),
    h("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": say("scoresTitle") },
      h("table", { class: "scores" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, say("project")), COLUMNS.map((column) => h("th", { scope: "col", class: "count" }, say(`column_${column}`))))), h("tbody", {}, sorted.map(row)))),
    h("p", { class: "quiet" }, say("disagreementHelp")),
  );
}

function agreementIn({ kendallsW, krippendorffsAlpha, experts, projects }) {
  const measure = kendallsW !== null ? say("kendall", { value: plain(kendallsW) }) : krippendorffsAlpha !== null && say("krippendorff", { value: plain(krippendorffsAlpha) });
  return measure ? say("agreement", { measure, experts, projects }) : say("noAgreement");
}
