// How are experts invited? One line each; the codes are shown once, as links that carry them where no server's log sees them.
import { copy, fill, h } from "../vote/dom.js";
import { closeDialog, openDialog, openedOver } from "../vote/dialog.js";
import { notice } from "../vote/notice.js";
import { ROOT } from "../vote/addresses.js";
import { openAct } from "./act-dialog.js";
import { PROBLEMS, act } from "./api.js";
import { say } from "./language.js";

const INVITE = `mutation Invite($campaign: String!, $invitations: [ExpertInvitation!]!, $dryRun: Boolean!) {
  inviteExperts(campaign: $campaign, invitations: $invitations, dryRun: $dryRun) { invitations { code expiresAt expert { id number name } conflicts { number } } ${PROBLEMS} }
}`;
const FIELDS = [
  { key: "people", kind: "paragraph", label: "invitePeople", help: "invitePeopleHelp", required: true, attributes: { rows: "6", class: "table" } },
  { key: "expiresAt", kind: "moment", label: "inviteExpires", required: true },
];
const CLAIM = /^([\w.:-]+)=(.+)$/;
const CONFLICTS = /^(?:回避|not)\s*((?:\d+[\s、;]*)+)$/i;

/** The invitations that lines name, by tabs or commas: a name, an organization, "claim=value" of whoever accepts by a claim, "not 3 7" of what is not to be reviewed. */
export function invitationsFrom(text, slug) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const cells = line.split(/[\t,，]/).map((cell) => cell.trim());
    const found = (pattern) => cells.map((cell) => pattern.exec(cell)).find(Boolean);
    const [claim, conflicts] = [found(CLAIM), found(CONFLICTS)];
    const [name, organization] = cells.filter((cell) => !CLAIM.test(cell) && !CONFLICTS.test(cell));
    return {
      name: name || "",
      ...(organization && { organization }),
      ...(claim && { claim: { claim: claim[1], value: claim[2] } }),
      ...(conflicts && { conflicts: conflicts[1].match(/\d+/g).map((number) => `project/${slug}/${number}`) }),
    };
  });
}

/** Ask for the people, invite them, and show their codes. */
export function openInvite({ campaign, panel, desk, again }) {
  const invite = ({ people, expiresAt }, dryRun) => send(campaign.slug, invitationsFrom(people, campaign.slug).map((one) => ({ ...one, expiresAt })), dryRun);
  openAct({
    title: say("inviteExperts"), effects: [1, 2, 3].map((n) => say(`invite_does${n}`)), fields: FIELDS, tree: { expiresAt: panel.closesAt }, campaign, signInMethods: desk.signInMethods,
    act: (given) => invite(given, false),
    trial: { label: say("inviteTry"), tried: async (given) => {
      const { invitations, problems } = await invite(given, true);
      return problems.length > 0 ? problems.map(({ message }) => h("p", {}, message)) : [h("p", {}, say("inviteTried")), h("ul", { class: "codes tried" }, invitations.map(({ expert, conflicts }) => h("li", {}, h("b", {}, expert.name), conflictsOf(conflicts))))];
    } },
    done: async ({ invitations }) => {
      await again();
      openCodes(invitations);
    },
  });
}

const conflictsOf = (conflicts) => conflicts.length > 0 && h("span", { class: "quiet" }, " ", say("willNotReview", { numbers: conflicts.map(({ number }) => number).join(say("comma")) }));

/** Problems name a line of what was typed. */
async function send(slug, invitations, dryRun) {
  const payload = await act(INVITE, { campaign: slug, invitations, dryRun });
  const ofLine = (problem) => {
    const [first, index, key] = problem.path;
    if (first !== "invitations") return problem;
    return { ...problem, path: [key === "expiresAt" ? "expiresAt" : "people"], message: say("ofLine", { line: Number(index) + 1, message: problem.message }) };
  };
  return { ...payload, problems: payload.problems.map(ofLine) };
}

const linkOf = (code) => `${location.origin}${ROOT}/review#code=${encodeURIComponent(code)}`;

function openCodes(invitations) {
  const withCode = invitations.filter(({ code }) => code);
  const text = withCode.map(({ expert, code }) => `${expert.name}\t${linkOf(code)}`).join("\n");
  const copied = (what) => async () => notice(say((await copy(what)) ? "copied" : "failed"));
  const row = ({ expert, code, conflicts }) => h("li", {}, h("b", {}, expert.name), conflictsOf(conflicts), code ? [h("br"), h("code", { class: "code" }, code), " ", h("button", { type: "button", onclick: copied(linkOf(code)) }, say("copyLink"), h("span", { class: "unseen" }, ` ${expert.name}`))] : [" ", h("span", { class: "quiet" }, say("invitedByClaim"))]);
  openedOver(location.hash, false);
  openDialog(
    say("codesTitle"),
    h("p", { class: "final" }, say("codesOnce")),
    withCode.length > 0 && h("p", {}, h("button", { type: "button", class: "main", onclick: copied(text) }, say("copyAllLinks"))),
    fill(h("ul", { class: "codes" }), invitations.map(row)),
    h("p", { class: "row buttons" }, h("button", { type: "button", onclick: closeDialog }, say("codesKept"))),
  );
}
