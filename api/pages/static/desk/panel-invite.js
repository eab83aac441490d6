// How are experts invited? One line each; the codes are shown once, as links that carry them where no server's log sees them.
import { copy, fill, h } from "../vote/dom.js";
import { closeDialog, openDialog, openedOver } from "../vote/dialog.js";
import { notice } from "../vote/notice.js";
import { openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";

const INVITE = `mutation Invite($campaign: String!, $invitations: [ExpertInvitation!]!) {
  inviteExperts(campaign: $campaign, invitations: $invitations) { invitations { code expiresAt expert { id number name } } ${PROBLEMS} }
}`;
const FIELDS = [
  { key: "people", kind: "paragraph", label: "invitePeople", help: "invitePeopleHelp", required: true, attributes: { rows: "6", class: "table" } },
  { key: "expiresAt", kind: "moment", label: "inviteExpires", required: true },
];
const CLAIM = /^([\w.:-]+)=(.+)$/;

/** The invitations that lines name: a name, an organization, and for whoever is known by a claim "claim=value"; by tabs or commas. */
export function invitationsFrom(text) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const cells = line.split(/[\t,，]/).map((cell) => cell.trim());
    const claims = cells.map((cell) => CLAIM.exec(cell)).filter(Boolean);
    const [name, organization] = cells.filter((cell) => !CLAIM.test(cell));
    return { name: name || "", ...(organization && { organization }), ...(claims.length && { claim: { claim: claims[0][1], value: claims[0][2] } }) };
  });
}

/** Ask for the people, invite them, and show their codes. */
export function openInvite({ campaign, panel, desk, again }) {
  openAct({
    title: say("inviteExperts"), effects: [1, 2, 3].map((n) => say(`invite_does${n}`)), fields: FIELDS, tree: { expiresAt: panel.closesAt }, campaign, signInMethods: desk.signInMethods,
    act: ({ people, expiresAt }) => invite(campaign.slug, invitationsFrom(people).map((one) => ({ ...one, expiresAt }))),
    done: async ({ invitations }) => {
      await again();
      openCodes(invitations);
    },
  });
}

/** Problems name a line of what was typed. */
async function invite(slug, invitations) {
  const payload = await act(INVITE, { campaign: slug, invitations });
  const ofLine = (problem) => {
    const [first, index, key] = problem.path;
    if (first !== "invitations") return problem;
    return { ...problem, path: [key === "expiresAt" ? "expiresAt" : "people"], message: say("ofLine", { line: Number(index) + 1, message: problem.message }) };
  };
  return { ...payload, problems: payload.problems.map(ofLine) };
}

const linkOf = (code) => `${location.origin}/review#code=${encodeURIComponent(code)}`;

function openCodes(invitations) {
  const withCode = invitations.filter(({ code }) => code);
  const text = withCode.map(({ expert, code }) => `${expert.name}\t${linkOf(code)}`).join("\n");
  const copied = (what) => async () => notice(say((await copy(what)) ? "copied" : "failed"));
  const row = ({ expert, code }) => h("li", {}, h("b", {}, expert.name), code ? [h("br"), h("code", { class: "code" }, code), " ", h("button", { type: "button", onclick: copied(linkOf(code)) }, say("copyLink"), h("span", { class: "unseen" }, ` ${expert.name}`))] : [" ", h("span", { class: "quiet" }, say("invitedByClaim"))]);
  openedOver(location.hash, false);
  openDialog(
    say("codesTitle"),
    h("p", { class: "final" }, say("codesOnce")),
    withCode.length > 0 && h("p", {}, h("button", { type: "button", class: "main", onclick: copied(text) }, say("copyAllLinks"))),
    fill(h("ul", { class: "codes" }), invitations.map(row)),
    h("p", { class: "row buttons" }, h("button", { type: "button", onclick: closeDialog }, say("codesKept"))),
  );
}
