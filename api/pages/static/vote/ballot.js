// What happens between choosing and the receipt? One dialog: the choices, what is missing, signing in, casting, refusals.
import { countBallots } from "./campaign.js";
import { cast, learnAllowance, unanswered } from "./casting.js";
import { leave, openDialog } from "./dialog.js";
import { fill, h } from "./dom.js";
import { langOf, say } from "./language.js";
import { isOneByOne, isPast } from "./rules.js";
import { isOver, session } from "./session.js";
import { signInForm } from "./signing-in.js";
import { sums, votesLine } from "./sums.js";
import { advice, missing, sum } from "./tray.js";

const WAY_ON = "#cast, .sign-in input, .sign-in button"; // what a voter would do next

/** Open the dialog, which follows the draft and the session for as long as it is there. */
export function openBallot(campaign, candidates, draft) {
  const told = h("div", { class: "told", role: "alert" });
  const rest = h("div", {});
  openDialog(say("yourBallot"), told, rest);
  const desk = { campaign, candidates, draft, told, casting: false };
  const show = () => {
    if (!rest.isConnected) return false;
    const within = rest.contains(document.activeElement);
    fill(rest, isPast(campaign) ? h("p", {}, missing(campaign, draft)) : parts(desk));
    if (within) (rest.querySelector(WAY_ON) || document.getElementById("dialog-title")).focus();
    return true;
  };
  draft.listeners.push(show);
  show();
  learnAllowance(campaign, draft);
}

/** The ballot that is to be cast next: one without an answer goes first, and as it was sent. */
function parts(desk) {
  const { campaign, draft } = desk;
  const open = session.token === null || desk.casting ? null : unanswered(campaign, session);
  if (open === null && isOneByOne(campaign) && draft.size === 0) return [h("p", {}, say("noVote")), session.token === null ? signInForm(campaign) : signedIn()];
  if (open === null) return [choices(desk, draft.ids, isOneByOne(campaign) ? null : (project) => drop(project, draft)), ending(desk)];
  const settled = h("div", { class: "ending" }, castButton(desk, "settle", null), signedIn());
  return [h("p", { class: "unsettled" }, say("unsettled")), choices(desk, new Set(open.projectIds), null), settled];
}

function drop(project, draft) {
  draft.drop(project.id);
  document.getElementById("dialog-title").focus();
}

/** The rows of a ballot; without drop, it is as it is. */
function choices({ candidates }, ids, drop) {
  const chosen = candidates.filter((project) => ids.has(project.id));
  if (chosen.length === 0) return h("p", {}, say("empty"));
  const rows = chosen.map((project) => {
    const remove = drop && h("button", { type: "button", "aria-label": say("remove", project), onclick: () => drop(project) }, "×");
    const title = h("a", { href: `#/candidate/${project.number}`, lang: langOf(project.title) }, project.title);
    return h("li", {}, h("span", { class: "number" }, String(project.number)), title, remove);
  });
  return h("ol", { class: "choices" }, rows);
}

function ending(desk) {
  const { campaign, draft } = desk;
  const { minimum, maximum } = campaign.limits;
  const wanting = missing(campaign, draft);
  const bounds = minimum === maximum ? say("exactly", { minimum }) : Number.isFinite(maximum) ? say("bounds", { minimum, maximum }) : say("atLeast", { minimum });
  const counted = isOneByOne(campaign) ? votesLine(campaign) : `${say("chosenOf", { chosen: draft.size })} · ${bounds}`;
  const parts = [...(draft.size > 0 ? [counted] : []), wanting || say("ready")];
  const state = h("p", { id: "state", role: "status", class: wanting ? "wanting" : "ready" }, parts.join(" · "));
  const next = session.token === null ? [signInForm(campaign)] : [castButton(desk, "cast", wanting), signedIn()];
  const added = sums(campaign, draft.ids).map((one) => h("li", {}, sum(one)));
  const who = campaign.limits.eligibility && h("p", { class: "quiet" }, campaign.limits.eligibility.description);
  return [added.length > 0 && h("ul", { class: "sums-list" }, added), h("div", { class: "ending" }, who, state, next)];
}

/** A button that stays reachable while something is missing, and says what. */
function castButton(desk, name, wanting) {
  const settings = { type: "button", id: "cast", class: "main wide-button", "aria-disabled": String(wanting !== null || desk.casting) };
  const described = name === "cast" && { "aria-describedby": "state" };
  return h("button", { ...settings, ...described, onclick: () => press(desk, wanting) }, say(desk.casting ? "casting" : name));
}

async function press(desk, wanting) {
  if (desk.casting) return;
  fill(desk.told, wanting !== null && wayOut(desk));
  if (wanting !== null) return;
  desk.casting = true;
  desk.draft.tell();
  const outcome = await castNow(desk);
  desk.casting = false;
  learnAllowance(desk.campaign, desk.draft);
  if (outcome === null || !desk.told.isConnected) return;
  desk.draft.tell();
  fill(desk.told, outcome);
}

/** What is missing is on the screen already, so say what to do about it. */
function wayOut({ campaign, draft }) {
  const back = h("button", { type: "button", class: "link", onclick: leave }, say("backToList"));
  return [h("p", {}, advice(campaign, draft)), draft.size < campaign.limits.minimum && back];
}

/** What there is to tell about it; null if the receipt tells. */
async function castNow(desk) {
  const { campaign, draft } = desk;
  const sent = [...(unanswered(campaign, session) || { projectIds: draft.ids }).projectIds];
  try {
    const { ballot, violations } = await cast(campaign, session, sent);
    if (ballot === null) return [say("refused"), h("ul", {}, violations.map((violation) => h("li", {}, reason(violation, desk))))];
    if (draft.isOf(sent)) draft.clear(); // else it is about another ballot already
    if (isOneByOne(campaign)) return voted(desk, ballot, sent);
    if (desk.told.isConnected) location.replace(`#/receipt/${encodeURIComponent(ballot.id)}/cast`);
    return null;
  } catch (error) {
    if (!isOver(error)) return [error.code ? say("serverSays", error) : say("unanswered")];
    session.end();
    return [say("sessionOver")];
  }
}

/** After one of several votes, the next one is a step away, and so is its receipt. */
function voted({ campaign }, ballot, [id]) {
  const title = campaign.byId.has(id) ? campaign.byId.get(id).title : id;
  if (campaign.allowance) campaign.allowance.remaining -= 1; // until the server says so
  countBallots(campaign);
  const receipt = h("a", { href: `#/receipt/${encodeURIComponent(ballot.id)}` }, say("receipt"));
  const back = h("button", { type: "button", class: "link", onclick: leave }, say("voteAgain"));
  return [h("p", {}, say("votedFor", { title }), " · ", receipt), back];
}

/** A violation in the server's words; choices that stand no longer are dropped, and named rather than listed by their ids. */
function reason({ message, projectIds = [] }, { candidates, draft }) {
  const gone = candidates.filter(({ id }) => projectIds.includes(id));
  for (const { id } of gone) draft.drop(id);
  return gone.length > 0 ? say("gone", { titles: gone.map(({ title }) => title).join(say("comma")) }) : message;
}

function signedIn() {
  const leave = h("button", { type: "button", class: "link", onclick: () => session.end() }, say("signOut"));
  return h("p", { class: "quiet signed-in" }, say("signedIn"), " · ", leave);
}
