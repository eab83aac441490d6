// How does the panel of experts stand? Who is on it, how far each is, and what can be done about it.
import { h } from "../vote/dom.js";
import { count, moment } from "../vote/language.js";
import { REASON, openAct } from "./act-dialog.js";
import { PROBLEMS, act, read } from "./api.js";
import { addressOf } from "./home.js";
import { say } from "./language.js";
import { headOf, loaded } from "./loaded.js";
import { assignmentOf } from "./panel-assign.js";
import { expertsOf } from "./panel-experts.js";
import { openInvite } from "./panel-invite.js";
import { projectsOf } from "./panel-projects.js";
import { reviewsOf } from "./panel-reviews.js";
import { scoresOf } from "./panel-scores.js";
import { remindersOf } from "./panel-reminders.js";
import { mayRun } from "./rights.js";

const EXPERT = "id number name organization state invitedAt acceptedAt droppedAt droppedReason";
const PANEL = `query Panel($slug: String!) { campaign(slug: $slug) { panel {
  opensAt closesAt quorum effectiveQuorum published
  rubric { code name weight counted } aggregation { description }
  experts { ${EXPERT} }
  progress { experts invited accepted dropped reviews { state count } byExpert { expert { id } assigned notBegun draft submitted abstained recused } byProject { project { number title } assigned submitted abstained missing } behind { id name organization } }
} } }`;
const EXTEND = `mutation Extend($campaign: String!, $closesAt: DateTime!, $reason: TextInput!) {
  extendPanel(campaign: $campaign, closesAt: $closesAt, reason: $reason) { campaign { slug } ${PROBLEMS} }
}`;
const CLOSES_AT = { key: "closesAt", kind: "moment", label: "newClosesAt", required: true };

/** The panel of a campaign. */
export async function panelView(desk, slug, again) {
  const campaign = await loaded(slug);
  const { panel } = (await read(PANEL, { slug })).campaign;
  if (panel === null) return h("div", { class: "wide" }, headOf(campaign, "panel"), h("p", {}, say("noPanel")), h("p", {}, h("a", { href: addressOf(slug, "settings") }, say("part_settings"))));
  const page = { desk, campaign, panel, again, mayRun: mayRun(desk, slug), isOver: Date.parse(campaign.serverTime) >= Date.parse(panel.closesAt) };
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, "panel"),
    h("p", {}, timesOf(page), h("br"), h("span", { class: "quiet" }, panel.aggregation.description)),
    figures(page),
    page.mayRun && !page.isOver && actsOf(page),
    !page.isOver && remindersOf(page),
    !page.isOver && projectsOf(page),
    expertsOf(page),
    page.mayRun && !page.isOver && assignmentOf(page),
    page.isOver && [await scoresOf(page), reviewsOf(page)],
  );
}

function timesOf({ campaign: { timeZone, serverTime }, panel: { opensAt, closesAt }, isOver }) {
  const at = (instant) => moment(instant, timeZone, { year: true });
  if (isOver) return say("panelClosed", { at: at(closesAt) });
  return say(Date.parse(serverTime) < Date.parse(opensAt) ? "panelOpens" : "panelIsOpen", { from: at(opensAt), until: at(closesAt) });
}

function figures({ panel: { progress, quorum, effectiveQuorum } }) {
  const one = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const lowered = quorum !== effectiveQuorum ? say("quorumLowered", { quorum, effectiveQuorum }) : count(quorum || 0);
  return [
    h("dl", { class: "numbers" },
      ["invited", "accepted", "dropped"].map((name) => one(say(`experts_${name}`), count(progress[name]))),
      progress.reviews.filter((each) => each.count > 0).map((each) => one(say(`review_${each.state}`), count(each.count))),
      quorum !== null && one(say("quorum"), lowered)),
  ];
}

function actsOf(page) {
  const button = (name, open, main) => h("button", { type: "button", class: main && "main", onclick: open }, say(name));
  return h("section", { "aria-label": say("acts") }, h("p", { class: "row" }, button("inviteExperts", () => openInvite(page), true), button("extendPanel", () => openExtend(page))));
}

function openExtend({ campaign, panel, desk, again }) {
  openAct({
    title: say("extendPanel"), effects: [1, 2].map((n) => say(`extendPanel_does${n}`, { closes: moment(panel.closesAt, campaign.timeZone, { year: true }) })),
    fields: [CLOSES_AT, REASON], campaign, done: again, signInMethods: desk.signInMethods,
    act: (input) => act(EXTEND, { campaign: campaign.slug, ...input }),
  });
}
