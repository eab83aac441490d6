// Which panels is somebody on? Those that gave him the role of an expert, and the way to accept another invitation.
import { h } from "../vote/dom.js";
import { langOf } from "../vote/language.js";
import { invitationForm } from "./invitation.js";
import { say } from "./language.js";
import { panelOf } from "./panel.js";
import { progressBar, timesOf } from "./panel-head.js";
import { addressOf } from "./routes.js";

/** The panels of an expert. */
export async function homeView({ viewer, goTo }) {
  const slugs = [...new Set(viewer.grants.filter(({ role, campaign }) => role === "EXPERT" && campaign !== null).map(({ campaign }) => campaign))];
  const panels = (await Promise.all(slugs.map(panelOf))).filter(Boolean);
  return h(
    "div",
    { class: "wide narrow" },
    h("h1", {}, say("yourPanels")),
    panels.length === 0 && h("p", {}, say("noPanels")),
    h("ul", { class: "panels" }, panels.map(card)),
    h("h2", {}, say("haveInvitation")),
    invitationForm(null, goTo),
  );
}

function card(panel) {
  return h(
    "li",
    { class: "card" },
    h("h2", {}, h("a", { href: addressOf(panel.slug), lang: langOf(panel.title) }, panel.title)),
    h("p", {}, timesOf(panel)),
    progressBar(panel.reviews),
  );
}

/** A campaign on whose panel the viewer is not, or that has none. */
export function strangerView(slug, goTo) {
  return h("div", { class: "wide narrow" }, h("h1", {}, say("notOnPanel")), h("p", {}, say("notOnPanelHelp", { slug })), invitationForm(slug, goTo), h("p", {}, h("a", { href: "#/" }, say("yourPanels"))));
}
