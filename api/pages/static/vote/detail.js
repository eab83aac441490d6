// What is one candidate about? Its figures are asked for when somebody opens it.
import { badge, fallen, placeOf, tags } from "./candidates.js";
import { chooser } from "./choosing.js";
import { openDialog } from "./dialog.js";
import { fill, h, picture } from "./dom.js";
import { ask, askPublic, persist } from "./graphql.js";
import { langOf, moment, say } from "./language.js";
import { isOffline, skeleton } from "./loading.js";
import { stands } from "./rules.js";
import { session } from "./session.js";

const FIGURES = `
  query Figures($slug: String, $number: Int!) {
    project(campaign: $slug, number: $number) {
      descriptionHtml
      voidedVotes { from until reason }
      links { title url }
      figures { label value unit year }
      result {
        rank districtRank tiedCount votes share
        byDay { day votes }
        ahead { rank project { id } }
        behind { rank project { id } }
      }
    }
  }`;

/** Open the dialog about a candidate, where it can be chosen too. */
export async function openDetail(campaign, project, draft) {
  const { control, show } = chooser(project, campaign, draft);
  show();
  const figures = h("div", { role: "status" }, skeleton("figures"));
  openDialog(
    h("span", { lang: langOf(project.title) }, project.title),
    project.images.length > 0 && h("div", { class: "pictures" }, project.images.map((image) => picture(image, "picture", "(min-width: 700px) 640px, 100vw"))),
    h("p", { class: "quiet" }, [say("number", project), placeOf(project, campaign)].filter(Boolean).join(" · ")),
    fallen(project),
    h("p", { class: "long", lang: langOf(project.summary) }, project.summary),
    figures,
    h("p", { class: "tags" }, badge(project, campaign), tags(project)),
    control,
    h("p", { class: "to-share" }, h("a", { href: `#/share/${project.number}` }, say("share"))),
  );
  draft.listeners.push(() => figures.isConnected && (show(), true));
  await showFigures(figures, campaign, project, (other) => stepTo(campaign, other, draft));
}

/** Show another candidate in place of this one: closing and the Back button go where they would have gone from here. */
function stepTo(campaign, project, draft) {
  history.replaceState(history.state, "", `#/candidate/${project.number}`);
  openDetail(campaign, project, draft);
}

async function showFigures(place, campaign, project, step) {
  const asked = { slug: campaign.slug, number: project.number };
  try {
    const { figures, links, descriptionHtml, voidedVotes, result } = (await persist(() => answerFor(campaign, asked))).project;
    const about = descriptionHtml && (await longText(descriptionHtml));
    const list = figures.length > 0 && [h("h3", {}, say("figures")), h("dl", { class: "figures" }, figures.map(figure))];
    const pages = links.length > 0 && [h("h3", {}, say("links")), h("ul", { class: "links" }, links.map(link))];
    const rank = result && stands(project) && campaign.turnout.ballots > 0 && (await standing(campaign, result, step));
    fill(place, voidedVotes.map((one) => voided(one, campaign)), about, list, pages, rank);
  } catch (error) {
    const retry = () => (fill(place, skeleton("figures")), showFigures(place, campaign, project, step));
    const again = h("button", { type: "button", class: "link", onclick: retry }, say("again"));
    fill(place, h("p", { class: "quiet" }, say(isOffline() ? "offline" : "failed"), " ", again));
  }
}

/** Where only voters see the standings, it matters who asks. */
function answerFor({ resultsVisibility }, asked) {
  return session.token && resultsVisibility === "AFTER_CASTING" ? ask(FIGURES, asked, session.token) : askPublic(FIGURES, asked);
}

/** What shows how far a candidate has come is loaded when there is anything to show. */
async function standing(campaign, result, step) {
  const { standingOf } = await import("./standing/standing.js");
  return standingOf(campaign, result, step);
}

/** What makes elements of a long text comes with the first of them. */
async function longText(html) {
  const { rich } = await import("./rich/rich.js");
  return h("div", { class: "rich", lang: langOf(html) }, rich(html));
}

/** Which votes for it count nowhere, and why. */
function voided({ from, until, reason }, { timeZone }) {
  const at = (instant) => moment(instant, timeZone);
  const words = until ? say("votesVoided", { from: at(from), until: at(until) }) : say("votesVoidedSince", { from: at(from) });
  return h("p", { class: "standing" }, `${words} `, h("span", { lang: langOf(reason) }, reason));
}

function link({ title, url }) {
  return h("li", {}, /^https?:/.test(url) ? h("a", { href: url, rel: "noopener noreferrer", lang: langOf(title) }, title) : title);
}

function figure({ label, value, unit, year }) {
  const shown = h("dd", {}, h("strong", {}, value), unit && ` ${unit}`);
  return h("div", {}, h("dt", {}, label, year && !label.includes(year) && say("year", { year })), shown);
}
