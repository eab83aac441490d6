// Which view does an address show, and which panel over it? Panels close to where they were opened from.
import { openBallot } from "./ballot.js";
import { countBallots } from "./campaign.js";
import { openDetail } from "./detail.js";
import { closeDialog, openedOver } from "./dialog.js";
import { fill, h } from "./dom.js";
import { topHere } from "./kept.js";
import { say } from "./language.js";
import { isOffline, skeleton } from "./loading.js";
import { dismissNotice, notice } from "./notice.js";
import { receiptView } from "./receipt.js";
import { isPast } from "./rules.js";

export const NAMES = { candidates: "vote", ranking: "ranking", winners: "outcome", receipt: "receipts" };
const TITLES = { ranking: "standings", winners: "outcome", receipt: "receipt" }; // the ids of what has the focus first
const PANELS = ["candidate", "ballot", "deciding", "share", "account"];
const place = (id) => document.getElementById(id);
const main = place("main");
const tops = {}; // how far down views were left
let leaveView = () => {};
let shown = null; // what is behind any panel: its view and its address
let firstTop = topHere();

/** The parts of an address; one that is spelled wrong is taken as it is. */
function partsOf(address) {
  const parts = address.split("/").slice(1);
  try {
    return parts.map(decodeURIComponent);
  } catch (error) {
    return parts;
  }
}

/** Show the view that the address asks for, or the panel over the view that is there. */
export async function route(page) {
  const address = location.hash;
  const [name, ...rest] = partsOf(address);
  const isPanel = PANELS.includes(name);
  const before = shown;
  dismissNotice();
  if (!isPanel) await show(page, address);
  else if (shown === null) await show(page, (history.state && history.state.behind) || "#/");
  if (location.hash !== address) return; // somebody went on while it was loading
  closeDialog();
  if (isPanel) openPanel(page, name, rest, before !== null);
}

function openPanel({ campaign, candidates, draft }, name, rest, within) {
  history.replaceState({ behind: shown.address }, ""); // a reload finds both again
  openedOver(shown.address, within);
  const project = candidates.find(({ number }) => String(number) === rest[0]);
  if (name === "ballot") openBallot(campaign, candidates, draft);
  else if (name === "deciding") openWhenLoaded(() => import("./outcome/deciding.js"), ({ openDeciding }) => openDeciding(campaign));
  else if (name === "account") openWhenLoaded(() => import("./account/account.js"), ({ openAccount }) => openAccount(campaign));
  else if (name === "share") openWhenLoaded(() => import("./sharing/sharing.js"), ({ openSharing }) => openSharing(campaign, shown.view, sharedOf(candidates, rest)));
  else if (project) openDetail(campaign, project, draft);
  else notice(say("notThere"));
}

const sharedOf = (candidates, [number]) => candidates.find((project) => String(project.number) === number) || null;

/** A dialog whose code comes with the first look at it. */
async function openWhenLoaded(load, open) {
  const address = location.hash;
  try {
    const module = await load();
    if (location.hash === address) open(module); // nobody has gone on while it was loading
  } catch (error) {
    console.warn(error);
    notice(say(isOffline() ? "offline" : "failed"));
  }
}

/** Forget what is shown, since something else is or will be. */
export function nothingShown() {
  shown = null;
}

async function show(page, address) {
  const [name, ...rest] = partsOf(address);
  const view = name in TITLES ? name : "candidates";
  if (shown !== null && shown.view === view && (view !== "receipt" || shown.address === address)) return;
  const first = shown === null;
  if (!first) tops[shown.view] = window.pageYOffset;
  closeDialog();
  leaveView();
  leaveView = () => {};
  shown = { view, address };
  if (!first) window.scrollTo(0, 0);
  document.title = [...(view === "candidates" ? [] : [say(NAMES[view])]), page.campaign.title].join(" · ");
  for (const link of place("views").children) current(link, view);
  place("tray").hidden = place("skips").lastChild.hidden = view !== "candidates" || isPast(page.campaign);
  if (view === "receipt") await showReceipt(page, rest.join("/"));
  else if (view === "ranking") await showRanking(page);
  else if (view === "winners") await showWinners(page);
  else showCandidates(page);
  if (shown === null || shown.address !== address) return;
  if (!first && view !== "candidates") focusOnTitle(TITLES[view]);
  window.scrollTo(0, first ? firstTop : view === "candidates" ? tops.candidates || 0 : 0);
  firstTop = 0;
}

function showCandidates({ head, cards }) {
  head.classList.remove("brief");
  done(head, cards);
}

async function showReceipt({ campaign }, text) {
  const { address } = shown;
  busy("slip");
  const cast = text.endsWith("/cast");
  if (cast) countBallots(campaign);
  const { view, title } = await receiptView(campaign, text.replace(/\/cast$/, ""), cast);
  if (shown === null || shown.address !== address) return; // somebody went on while it was loading
  document.title = [title, campaign.title].join(" · ");
  done(view);
}

async function showRanking({ campaign, candidates, head }) {
  busy("rows");
  const { rankingView } = await import("./ranking/ranking.js");
  if (shown === null || shown.view !== "ranking") return; // somebody went on while it was loading
  const top = firstTop;
  const { view, leave, filled } = rankingView(campaign, candidates);
  leaveView = leave;
  head.classList.add("brief");
  done(head, view);
  filled.then(() => window.pageYOffset === 0 && view.isConnected && window.scrollTo(0, top)); // it was too short before
}

async function showWinners({ campaign, candidates, head }) {
  busy("rows");
  const { winnersView } = await import("./outcome/winners.js");
  const view = await winnersView(campaign, candidates);
  if (shown === null || shown.view !== "winners") return; // somebody went on while it was loading
  head.classList.add("brief");
  done(head, view);
}

/** What is shown while something loads, in the form of what will come. */
export function busy(form) {
  main.setAttribute("aria-busy", "true");
  fill(main, h("div", { class: "wide", id: form === "page" && "waiting" }, skeleton(form)));
}

/** Show this in place of the view that was there or was awaited. */
export function done(...content) {
  main.removeAttribute("aria-busy");
  fill(main, ...content);
}

function focusOnTitle(id) {
  const title = place(id);
  title.tabIndex = -1;
  title.focus();
}

function current(link, view) {
  if (link.dataset.view === view) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}
