// What is one candidate about? Its figures are asked for when somebody opens it.
import { choose, placeOf, tags } from "./candidates.js";
import { openDialog } from "./dialog.js";
import { fill, h } from "./dom.js";
import { askPublic, persist } from "./graphql.js";
import { say } from "./language.js";
import { isOffline, skeleton } from "./loading.js";
import { isPast } from "./rules.js";

const FIGURES = `
  query Figures($slug: String, $number: Int!) {
    project(campaign: $slug, number: $number) { figures { label value unit year } }
  }`;

/** Open the dialog about a candidate, where it can be chosen too. */
export async function openDetail(campaign, project, draft) {
  const box = h("input", { type: "checkbox", onchange: () => (choose(box, project, campaign, draft), show()) });
  const word = h("span", {});
  const label = h("label", { class: "choose" }, box, word);
  const show = () => {
    box.checked = draft.has(project.id);
    label.classList.toggle("chosen", box.checked);
    fill(word, say(box.checked ? "chosen" : "choose"));
  };
  show();
  const figures = h("div", { role: "status" }, skeleton("figures"));
  openDialog(
    project.title,
    h("p", { class: "quiet" }, `${say("number", project)} · ${placeOf(project)}`),
    h("p", { class: "long" }, project.summary),
    figures,
    h("p", { class: "tags" }, tags(project)),
    !isPast(campaign) && label,
  );
  await showFigures(figures, campaign, project);
}

async function showFigures(place, campaign, project) {
  const asked = { slug: campaign.slug, number: project.number };
  try {
    const { figures } = (await persist(() => askPublic(FIGURES, asked))).project;
    fill(place, figures.length > 0 && h("h3", {}, say("figures")), h("dl", { class: "figures" }, figures.map(figure)));
  } catch (error) {
    const retry = () => (fill(place, skeleton("figures")), showFigures(place, campaign, project));
    const again = h("button", { type: "button", class: "link", onclick: retry }, say("again"));
    fill(place, h("p", { class: "quiet" }, say(isOffline() ? "offline" : "failed"), " ", again));
  }
}

function figure({ label, value, unit, year }) {
  const shown = h("dd", {}, h("strong", {}, value), unit && ` ${unit}`);
  return h("div", {}, h("dt", {}, label, year && !label.includes(year) && say("year", { year })), shown);
}
