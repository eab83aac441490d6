// What happens between choosing and the receipt? One dialog: the choices, what is missing, signing in, casting, refusals.
import { cast, unanswered } from "./casting.js";
import { openDialog } from "./dialog.js";
import { fill, h } from "./dom.js";
import { ask } from "./graphql.js";
import { moment, say } from "./language.js";
import { isOver, session } from "./session.js";
import { signInForm } from "./signing-in.js";
import { missing } from "./tray.js";

const ALLOWANCE = "query Allowance($slug: String) { viewer { allowance(campaign: $slug) { remaining nextAllowedAt } } }";

/** Open the dialog; opening says why, if there is something to say at once. */
export function openBallot(campaign, candidates, draft, opening = null) {
  const told = h("div", { class: "told", role: "alert" }, opening);
  const rest = h("div", {});
  openDialog(say("yourBallot"), told, rest);
  const show = () => fill(rest, list(candidates, draft, show), ending(campaign, draft, told));
  session.listeners = [show];
  show();
}

function list(candidates, draft, show) {
  const chosen = candidates.filter((project) => draft.has(project.id));
  if (chosen.length === 0) return h("p", {}, say("empty"));
  const drop = (project) => {
    draft.drop(project.id);
    show();
    document.getElementById("dialog-title").focus();
  };
  const rows = chosen.map((project) => {
    const remove = h("button", { type: "button", "aria-label": say("remove", project), onclick: () => drop(project) }, "×");
    return h("li", {}, h("span", { class: "number" }, String(project.number)), h("span", {}, project.title), remove);
  });
  return h("ol", { class: "choices" }, rows);
}

function ending(campaign, draft, told) {
  const { minimum, maximum } = campaign.limits;
  const wanting = missing(campaign, draft);
  const chosen = `${say("chosenOf", { chosen: draft.size })} · ${say("bounds", { minimum, maximum })}`;
  const state = h("p", { id: "state", role: "status", class: wanting ? "wanting" : "ready" }, `${chosen} · ${wanting || say("ready")}`);
  if (session.token === null) return h("div", { class: "ending" }, state, signInForm(campaign));
  const spent = h("p", { class: "quiet" });
  showAllowance(spent, campaign);
  return h("div", { class: "ending" }, state, spent, castButton(campaign, draft, told), signedIn());
}

/** A button that stays reachable while something is missing, and says what. An unanswered ballot goes first. */
function castButton(campaign, draft, told) {
  const open = unanswered(campaign, session);
  const wanting = open ? null : missing(campaign, draft);
  const press = async () => {
    if (button.getAttribute("aria-disabled") === "true") {
      fill(told, missing(campaign, draft));
      return;
    }
    button.setAttribute("aria-disabled", "true");
    fill(button, say("casting"));
    await castNow(campaign, draft, told);
    if (button.isConnected) button.replaceWith(castButton(campaign, draft, told));
  };
  const settings = { type: "button", class: "main wide-button", "aria-describedby": "state", "aria-disabled": String(wanting !== null) };
  const button = h("button", { ...settings, onclick: press }, say(open ? "settle" : "cast"));
  return h("div", { class: "cast" }, open && h("p", {}, say("unsettled")), button);
}

async function castNow(campaign, draft, told) {
  fill(told);
  try {
    const { ballot, violations } = await cast(campaign, session, [...draft.ids]);
    if (ballot === null) fill(told, say("refused"), h("ul", {}, violations.map(({ message }) => h("li", {}, message))));
    else {
      draft.clear();
      location.hash = `#/receipt/${encodeURIComponent(ballot.id)}/cast`;
    }
  } catch (error) {
    if (isOver(error)) {
      session.end();
      fill(told, say("sessionOver"));
    } else fill(told, error.code ? say("serverSays", error) : say("unanswered"));
  }
}

async function showAllowance(place, campaign) {
  try {
    const { viewer } = await ask(ALLOWANCE, { slug: campaign.slug }, session.token);
    const { remaining, nextAllowedAt } = viewer.allowance;
    if (remaining > 0 || campaign.phase !== "VOTING") return;
    fill(place, nextAllowedAt ? say("spent", { at: moment(nextAllowedAt, campaign.timeZone) }) : say("spentForGood"));
  } catch (error) {
    if (isOver(error)) session.end();
    // else: casting will tell
  }
}

function signedIn() {
  const leave = h("button", { type: "button", class: "link", onclick: () => session.end() }, say("signOut"));
  return h("p", { class: "quiet signed-in" }, say("signedIn"), " · ", leave);
}
