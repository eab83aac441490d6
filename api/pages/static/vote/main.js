// Where does everything begin? Here: load the campaign and its candidates, then show what the address asks for.
import { learnAllowance } from "./allowance.js";
import { openBallot } from "./ballot.js";
import { campaignHead, countBallots, keepTime, loadCampaign } from "./campaign.js";
import { candidatesView, loadCandidates } from "./candidates.js";
import { openDetail } from "./detail.js";
import { closeDialog, openedFromWithin } from "./dialog.js";
import { fill, h } from "./dom.js";
import { Draft } from "./draft.js";
import { persist } from "./graphql.js";
import { language, say, switchLanguage } from "./language.js";
import { dismissNotice, notice } from "./notice.js";
import { receiptView } from "./receipt.js";
import { isPast } from "./rules.js";
import { session } from "./session.js";
import { returnFromWechat } from "./signing-in.js";
import { showTray } from "./tray.js";

const SLUG = new URLSearchParams(location.search).get("campaign"); // without it, the featured one
const place = (id) => document.getElementById(id);
const main = place("main");
const NAMES = { candidates: "vote", ranking: "ranking", receipt: "receipts" };
let leaveView = () => {};
let shown = null; // the view behind any dialog: candidates, receipt or ranking

async function begin() {
  fill(place("waiting") || main, say("loading"));
  try {
    const problem = await returnFromWechat();
    const [campaign, candidates] = await Promise.all([persist(() => loadCampaign(SLUG)), loadCandidates(SLUG)]);
    if (campaign === null) fill(main, h("p", { class: "wide" }, say("none")));
    else open(campaign, candidates, problem);
  } catch (error) {
    failed(error, begin);
  }
}

function open(campaign, candidates, problem) {
  const draft = new Draft(campaign.slug, new Set(candidates.map(({ id }) => id)));
  const { publisher, url } = campaign.source || {};
  const source = publisher && say("source", { publisher });
  fill(place("footer"), h("p", {}, say("footer"), " ", h("a", { href: "/graphql" }, say("playground")), h("br"), url ? h("a", { href: url }, source) : source));
  const head = campaignHead(campaign, () => location.reload());
  keepTime(campaign, () => location.reload());
  const cards = candidatesView(campaign, candidates, draft);
  const go = () => follow(route(campaign, candidates, draft, head, cards), go);
  showTray(place("tray"), campaign, draft);
  session.listeners = [() => draft.tell(), () => learnAllowance(campaign, draft)];
  learnAllowance(campaign, draft);
  window.onhashchange = go;
  shown = null;
  go();
  if (problem) notice(problem);
}

/** What fails after somebody has gone on is no longer of interest. */
async function follow(routed, again) {
  const asked = location.hash;
  try {
    await routed;
  } catch (error) {
    if (location.hash === asked) failed(error, again);
    else console.warn(error);
  }
}

async function route(campaign, candidates, draft, head, cards) {
  const [, name, ...rest] = location.hash.split("/").map(decodeURIComponent);
  const before = shown;
  const view = name === "receipt" || name === "ranking" ? name : "candidates";
  dismissNotice();
  openedFromWithin(before === "candidates");
  document.title = [...(view === "candidates" ? [] : [say(NAMES[view])]), campaign.title].join(" · ");
  if (view !== "candidates" || before !== "candidates") {
    closeDialog();
    leaveView();
    leaveView = () => {};
    shown = view;
  }
  for (const link of place("views").children) current(link, view);
  place("tray").hidden = place("skips").lastChild.hidden = view !== "candidates" || isPast(campaign);
  if (view === "receipt") await showReceipt(campaign, rest, before !== null);
  else if (view === "ranking") await showRanking(campaign, candidates, head, before !== null);
  else {
    head.classList.remove("brief");
    if (before !== "candidates") fill(main, head, cards);
    closeDialog();
    const project = name === "candidate" && candidates.find(({ number }) => String(number) === rest[0]);
    if (project) openDetail(campaign, project, draft);
    else if (name === "candidate") notice(say("notThere"));
    if (name === "ballot") openBallot(campaign, candidates, draft);
  }
}

async function showReceipt(campaign, [id, cast], focus) {
  const asked = location.hash;
  fill(main, h("p", { class: "wide waiting" }, say("loading")));
  if (cast === "cast") countBallots(campaign);
  const view = await receiptView(campaign, id || null, cast === "cast");
  if (location.hash !== asked) return; // somebody went on while it was loading
  fill(main, view);
  if (focus) focusOnTitle("receipt");
}

async function showRanking(campaign, candidates, head, focus) {
  const { rankingView } = await import("./ranking/ranking.js");
  if (shown !== "ranking") return; // somebody went on while it was loading
  const { view, leave } = rankingView(campaign, candidates);
  leaveView = leave;
  head.classList.add("brief");
  fill(main, head, view);
  if (focus) focusOnTitle("standings");
}

function focusOnTitle(id) {
  window.scrollTo(0, 0);
  const title = place(id);
  title.tabIndex = -1;
  title.focus();
}

function failed(error, begin) {
  const again = h("button", { type: "button", class: "main", onclick: begin }, say("again"));
  const why = error.code ? error.message : say("failed");
  fill(main, h("div", { class: "wide waiting", role: "alert" }, h("p", {}, why), again));
  shown = null;
  if (!error.code) console.warn(error);
}

function current(link, view) {
  if (link.dataset.view === view) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

function frame() {
  const views = [["candidates", "#/"], ["ranking", "#/ranking"], ["receipt", "#/receipt"]];
  fill(place("views"), views.map(([view, href]) => h("a", { href, "data-view": view }, say(NAMES[view]))));
  place("views").setAttribute("aria-label", say("views"));
  const other = language === "zh" ? "en" : "zh-CN";
  fill(place("languages"), h("button", { type: "button", lang: other, onclick: switchLanguage }, say("other")));
  const skip = (id, name) => h("button", { type: "button", onclick: () => place(id).focus() }, say(name));
  fill(place("skips"), skip("main", "toContent"), skip("review", "toTray"));
  place("skips").setAttribute("aria-label", say("toContent"));
}

frame();
begin();
