// What will voters see? The campaign's head and its candidates, small, before anybody else sees them.
import { h } from "../vote/dom.js";
import { count, language, span } from "../vote/language.js";
import { say } from "./language.js";
import { inLanguage } from "./texts.js";

const FIRST = 12; // candidates that are shown; more are counted

/** A text of the input in the page's language or, where it has none, in the campaign's own. */
export function textOf(text, languages) {
  const found = [language, ...languages].map((tag) => inLanguage(text || {}, tag)).find(Boolean);
  return found || "";
}

/** A campaign as voters will see it. */
export function previewOf(campaign) {
  const { input, languages, projects, votingWindow, timeZone } = campaign;
  return h(
    "section",
    { class: "preview", "aria-label": say("preview") },
    h("h3", {}, say("preview")),
    input.cover && h("img", { class: "cover", src: input.cover.url, alt: textOf(input.cover.alternative, languages) }),
    h("p", { class: "title" }, campaign.title),
    h("p", { class: "quiet" }, say("organizer", campaign), votingWindow && ` · ${span(votingWindow.opensAt, votingWindow.closesAt, timeZone).join("")}`),
    h("ul", {}, campaign.rules.map(({ description }) => h("li", {}, description))),
    h("p", {}, say(`seen_${campaign.resultsVisibility}`)),
    campaign.stages.length > 0 && h("ol", { class: "stage-rules", "aria-label": say("stages") }, campaign.stages.map(stage)),
    h("p", {}, say("candidatesCount", { count: projects.length })),
    h("ol", { class: "candidates small" }, projects.slice(0, FIRST).map((project) => one(project, languages))),
    projects.length > FIRST && h("p", { class: "quiet" }, say("andMore", { count: projects.length - FIRST })),
  );
}

/** How a stage is decided, in the words that voters read: made of its rules alone, and what the organizer says of it. */
const stage = ({ name, seats, description, formula }) => h("li", {}, h("b", {}, name), " · ", say("stageSeats", { seats: count(seats) }), h("br"), description, formula && [h("br"), h("span", { class: "quiet" }, formula)]);

function one(project, languages) {
  const [image] = project.images || [];
  return h(
    "li",
    {},
    image && h("img", { src: image.url, alt: textOf(image.alternative, languages), width: 48, height: 48, loading: "lazy" }),
    h("span", {}, say("number", { number: project.number }), " ", textOf(project.title, languages)),
  );
}
