// Who may do what in a campaign? Those with a role in it; roles are given by the id that everybody sees of himself.
import { h } from "../vote/dom.js";
import { openAct, PRIVATE_REASON } from "./act-dialog.js";
import { PROBLEMS, act, read } from "./api.js";
import { headOf, loaded } from "./loaded.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";

const GRANTS = "query Grants($campaign: String) { grants(campaign: $campaign) { viewer role campaign } }";
const grantMutation = (name) => `mutation Act($viewer: ID!, $role: Role!, $campaign: String, $reason: TextInput) {
  ${name}(viewer: $viewer, role: $role, campaign: $campaign, reason: $reason) { grant { role campaign } ${PROBLEMS} }
}`;
const VIEWER = { key: "viewer", kind: "code", label: "viewerId", required: true, help: "viewerIdHelp" };
const ROLE = { key: "role", kind: "choice", label: "role", options: ["ORGANIZER", "AUDITOR", "EXPERT"], names: "role_" };

/** The people of a campaign, and the ways to add and to remove one. */
export async function peopleView(desk, slug, again) {
  const campaign = await loaded(slug);
  const { grants } = await read(GRANTS, { campaign: slug });
  const mayGrant = mayRun(desk, slug);
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, "people"),
    h("p", { class: "quiet" }, say("peopleHelp")),
    mayGrant && h("p", { class: "row" }, h("button", { type: "button", class: "main", onclick: () => openGrant(campaign, desk, again) }, say("grant"))),
    grants.length === 0 && h("p", {}, say("noGrants")),
    h("ul", { class: "people" }, grants.map((grant) => one(grant, campaign, desk, again, mayGrant))),
  );
}

function one(grant, campaign, desk, again, mayGrant) {
  const isMe = grant.viewer === desk.viewer.id;
  const whole = grant.campaign === null;
  return h(
    "li",
    {},
    h("p", {}, h("b", {}, say(`role_${grant.role}`)), isMe && ` · ${say("thisIsYou")}`, whole && ` · ${say("everyCampaign")}`),
    h("p", { class: "quiet" }, h("code", {}, grant.viewer)),
    mayGrant && !whole && h("button", { type: "button", onclick: () => openWithdraw(grant, campaign, desk, again) }, say("withdrawRole"), h("span", { class: "unseen" }, ` ${grant.viewer}`)),
  );
}

function openGrant(campaign, desk, done) {
  const title = say("grant");
  openAct({
    title, effects: [1, 2, 3].map((n) => say(`grant_does${n}`, campaign)), fields: [VIEWER, ROLE, PRIVATE_REASON], campaign, done, signInMethods: desk.signInMethods,
    act: (input) => act(grantMutation("grantRole"), { campaign: campaign.slug, viewer: "", ...input }),
  });
}

function openWithdraw(grant, campaign, desk, done) {
  openAct({
    title: say("withdrawRole"), effects: [1, 2].map((n) => say(`withdrawRole_does${n}`, { role: say(`role_${grant.role}`), viewer: grant.viewer })),
    fields: [PRIVATE_REASON], campaign, done, signInMethods: desk.signInMethods,
    act: (input) => act(grantMutation("withdrawRole"), { campaign: campaign.slug, viewer: grant.viewer, role: grant.role, ...input }),
  });
}
