// What does the server know of whoever is signed in, and what may they still do? One sheet: who they are, what remains, ballots, reminders.
import { LIST, ROOT, addressOf } from "../addresses.js";
import { openDialog } from "../dialog.js";
import { copy, fill, h } from "../dom.js";
import { ask, persist } from "../graphql.js";
import { learn, moment, say } from "../language.js";
import { isOffline } from "../loading.js";
import { notice } from "../notice.js";
import { isPast } from "../rules.js";
import { isOver, session } from "../session.js";
import { signInForm } from "../signing-in.js";
import { BALLOTS, historyOf } from "./history.js";
import { en, zh } from "./words.js";

const ACCOUNT = `
  query Account {
    viewer { id roles reminders { id kind sendAt campaign { title timeZone } } history(first: 10) { ${BALLOTS} } }
    campaigns(first: 50) { nodes { slug title phase timeZone allowance { remaining limit nextAllowedAt } } }
  }`;
const CANCEL = "mutation Cancel($id: ID!) { cancelReminder(id: $id) { viewer { id } } }";
const SIGN_OUT = "mutation SignOut { signOut }";
const ROLES = { EXPERT: ["roleExpert", "review"], ORGANIZER: ["roleOrganizer", "desk"], AUDITOR: ["roleAuditor", "desk"] };
const REMINDED = { VOTING_OPENS: "remindOpens", BALLOT_AGAIN: "remindAgain", VOTING_CLOSES: "remindCloses" };
const OPEN = ["VOTING", "PAUSED"];
const IN_WECHAT = /micromessenger/i.test(navigator.userAgent);

/** Open the sheet, which follows the session for as long as it is there. */
export function openAccount(campaign) {
  learn({ zh, en });
  loadStyles();
  const body = h("div", { class: "account" });
  openDialog(say("account"), body);
  const show = () => body.isConnected && showAccount(body, campaign, show);
  session.listeners.push(() => show());
  show();
}

async function showAccount(body, campaign, again) {
  const { token } = session;
  const within = body.contains(document.activeElement);
  if (token === null) fill(body, signInForm(campaign, say("accountSignIn")), calendar(campaign));
  else fill(body, h("p", { class: "quiet", role: "status" }, say("loading")));
  if (within) document.getElementById("dialog-title").focus(); // what had it is gone
  if (token === null) return;
  const parts = await partsOf(campaign, token, again);
  if (body.isConnected && session.token === token) fill(body, parts);
}

async function partsOf(campaign, token, again) {
  try {
    const { viewer, campaigns } = await persist(() => ask(ACCOUNT, {}, token));
    return [
      identity(viewer),
      remaining(campaigns.nodes.filter(({ phase }) => OPEN.includes(phase))),
      historyOf(campaign, viewer.history, token),
      reminders(viewer.reminders, again),
      calendar(campaign),
      leaving(),
    ];
  } catch (error) {
    if (isOver(error)) return void session.end();
    const retry = h("button", { type: "button", onclick: again }, say("again"));
    return [h("p", { class: "problem", role: "alert" }, error.code ? error.message : say(isOffline() ? "offline" : "failed")), retry];
  }
}

function identity({ id, roles }) {
  const press = async () => notice((await copy(id)) ? say("copied") : id);
  const staff = roles.map((role) => ROLES[role]).filter(Boolean);
  return h(
    "section",
    { "aria-labelledby": "account-who" },
    h("h3", { id: "account-who" }, say("accountId")),
    h("p", { class: "id" }, h("code", {}, id), h("button", { type: "button", onclick: press }, say("copy"))),
    h("p", { class: "quiet" }, say("accountIdHint")),
    staff.length > 0 && h("ul", { class: "roles" }, staff.map(([words, page]) => h("li", {}, h("a", { href: `${ROOT}/${page}` }, say(words))))),
  );
}

/** What is left in each campaign that is open, and when there is more. */
function remaining(campaigns) {
  if (campaigns.length === 0) return null;
  const line = ({ allowance, timeZone }) => [
    say("accountLeft", allowance),
    allowance.nextAllowedAt && ` · ${say("accountNext", { at: moment(allowance.nextAllowedAt, timeZone) })}`,
  ];
  const entry = (each) => h("li", {}, h("a", { href: addressOf(each) }, each.title), h("p", { class: "quiet" }, each.allowance && line(each)));
  return h("section", { "aria-labelledby": "account-left" }, h("h3", { id: "account-left" }, say("accountRemains")), h("ul", { class: "entries" }, campaigns.map(entry)));
}

/** The messages that were accepted in the mini-program; nothing where none wait. */
function reminders(waiting, again) {
  if (waiting.length === 0) return null;
  const entry = ({ id, kind, sendAt, campaign }) =>
    h(
      "li",
      {},
      h("span", {}, say(REMINDED[kind], { title: campaign.title })),
      h("p", { class: "quiet" }, moment(sendAt, campaign.timeZone), " · ", h("button", { type: "button", class: "link", onclick: () => cancel(id, again) }, say("reminderCancel"))),
    );
  return h("section", { "aria-labelledby": "account-reminders" }, h("h3", { id: "account-reminders" }, say("reminders")), h("ul", { class: "entries" }, waiting.filter(({ kind }) => REMINDED[kind]).map(entry)));
}

async function cancel(id, again) {
  try {
    await ask(CANCEL, { id }, session.token);
  } catch (error) {
    if (error.code !== "NOT_FOUND") return void notice(error.code ? error.message : say("failed"));
  }
  again();
}

/** The campaign's dates for the calendar of this device, of which the server learns nothing. */
function calendar(campaign) {
  if (isPast(campaign)) return null;
  const address = `${addressOf(campaign)}/calendar.ics`;
  return h(
    "section",
    { "aria-labelledby": "account-calendar" },
    h("h3", { id: "account-calendar" }, say("calendar")),
    h("p", {}, IN_WECHAT ? say("calendarInWechat") : h("a", { class: "button", href: address, type: "text/calendar" }, say("calendarAdd"))),
    h("p", { class: "quiet" }, say("calendarHint")),
  );
}

function leaving() {
  const button = (words, press) => h("button", { type: "button", onclick: press }, say(words));
  return h("p", { class: "row leaving" }, button("signOut", () => session.end()), button("signOutEverywhere", everywhere), h("a", { href: LIST }, say("allCampaigns")));
}

/** End the session on every device; here it is over only once the server says so. */
async function everywhere() {
  const { token } = session;
  try {
    await ask(SIGN_OUT, {}, token);
  } catch (error) {
    if (!isOver(error)) return void notice(error.code ? error.message : say(isOffline() ? "offline" : "failed"));
  }
  if (session.token === token) session.end();
  notice(say("signedOutEverywhere"));
}

function loadStyles() {
  const href = new URL("account.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
}
