// Where does everything begin? Here: load the campaign and its candidates, then show what the address asks for.
import { FEATURED, LIST, isLink, isList, slugHere } from "./addresses.js";
import { campaignHead, keepTime, loadCampaign } from "./campaign.js";
import { candidatesView, inOrder, loadCandidates } from "./candidates.js";
import { learnAllowance } from "./casting.js";
import { fill, h } from "./dom.js";
import { Draft } from "./draft.js";
import { ENDPOINT, persist } from "./graphql.js";
import { putBack } from "./kept.js";
import { language, say, speakOf, switchLanguage } from "./language.js";
import { isOffline } from "./loading.js";
import { notice } from "./notice.js";
import { stands } from "./rules.js";
import { session } from "./session.js";
import { hasOutcome } from "./stages.js";
import { returnFromWechat } from "./signing-in.js";
import { showTray } from "./tray.js";
import { NAMES, busy, done, nothingShown, route } from "./views.js";

const place = (id) => document.getElementById(id);

async function begin() {
  busy("page");
  try {
    if (isList) return await list(null);
    const problem = await returnFromWechat();
    const found = await load();
    if (found === null) await list(slugHere);
    else await open(...found, problem);
  } catch (error) {
    failed(error, begin);
  }
}

/** The campaign and its candidates; null where there is none. Whatever is asked about the featured one names it, too. */
async function load() {
  if (slugHere === null) {
    const campaign = await persist(() => loadCampaign(null));
    return campaign && [campaign, await loadCandidates(campaign.slug)];
  }
  try {
    const found = await Promise.all([persist(() => loadCampaign(slugHere)), loadCandidates(slugHere)]);
    return found[0] && found;
  } catch (error) {
    if (error.code === "NOT_FOUND") return null;
    throw error;
  }
}

/** All campaigns; unknown is the slug of one that is not among them, or null. */
async function list(unknown) {
  document.title = say("campaigns");
  place("views").hidden = true;
  document.querySelector(".brand").href = FEATURED;
  const { listView } = await import("./list/list.js");
  const { view, shown } = await listView(unknown);
  done(view);
  footer([]);
  shown();
  putBack();
}

async function open(campaign, loaded, problem) {
  speakOf(campaign);
  if (isLink) (await import("./links.js")).arrive(campaign);
  const candidates = await inOwnOrder(campaign, loaded);
  campaign.byId = new Map(candidates.map((project) => [project.id, project]));
  const draft = new Draft(campaign.slug, new Set(candidates.filter(stands).map(({ id }) => id)));
  const { publisher, url } = campaign.source || {};
  const source = publisher && say("source", { publisher });
  footer([campaign.isAlone ? null : h("a", { href: LIST }, say("allCampaigns")), url ? h("a", { href: url }, source) : source]);
  const head = campaignHead(campaign, () => location.reload());
  keepTime(campaign, () => location.reload());
  place("views").querySelector("[data-view=winners]").hidden = !hasOutcome(campaign, candidates);
  const page = { campaign, candidates, draft, head, cards: candidatesView(campaign, candidates, draft) };
  const go = () => follow(route(page), go);
  showTray(place("tray"), campaign, draft);
  session.listeners = [() => draft.tell(), () => learnAllowance(campaign, draft)];
  learnAllowance(campaign, draft);
  window.onhashchange = go;
  nothingShown();
  place("account").hidden = false;
  await go();
  putBack();
  const lost = draft.lost.map((id) => campaign.byId.get(id)).filter(Boolean);
  if (lost.length > 0) draft.changed(); // so that it is said once
  if (problem) notice(problem);
  else if (lost.length > 0) notice(say("gone", { titles: lost.map(({ title }) => title).join(say("comma")) }));
}

/** The candidates in the order that the campaign has for whoever is signed in, which may be drawn for each of them; for others, as they came. */
async function inOwnOrder(campaign, candidates) {
  if (campaign.projectOrder !== "SHUFFLED" || session.token === null) return candidates;
  try {
    return await inOrder("SHUFFLED", campaign, candidates);
  } catch (error) {
    console.warn(error); // the order of those who are signed out is as fair
    return candidates;
  }
}

function footer(lines) {
  const shown = lines.filter(Boolean).map((line) => [h("br"), line]);
  fill(place("footer"), h("p", {}, say("footer"), " ", h("a", { href: ENDPOINT }, say("playground")), ...shown));
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

/** Say what failed, and begin again when somebody asks for it, or by itself when there is a network again. */
function failed(error, begin) {
  const retry = () => {
    window.removeEventListener("online", retry);
    begin();
  };
  window.addEventListener("online", retry);
  const again = error.code === "NOT_FOUND" ? h("a", { class: "button main", href: FEATURED }, say("backToVote")) : h("button", { type: "button", class: "main", onclick: retry }, say("again"));
  const why = error.code ? error.message : say(isOffline() ? "offline" : "failed");
  done(h("div", { class: "wide waiting", role: "alert" }, h("p", {}, why), again));
  nothingShown();
  window.scrollTo(0, 0);
  if (!error.code) console.warn(error);
}

function otherLanguage() {
  if (isOffline()) notice(say("offline"));
  else switchLanguage();
}

function frame() {
  const views = [["candidates", "#/"], ["ranking", "#/ranking"], ["winners", "#/winners"], ["receipt", "#/receipt"]];
  fill(place("views"), views.map(([view, href]) => h("a", { href, "data-view": view, hidden: view === "winners" }, say(NAMES[view]))));
  place("views").setAttribute("aria-label", say("views"));
  place("account").setAttribute("aria-label", say("account"));
  const other = language === "zh" ? "en" : "zh-CN";
  fill(place("languages"), h("button", { type: "button", lang: other, onclick: otherLanguage }, say("other")));
  const skip = (id, name) => h("button", { type: "button", onclick: () => place(id).focus() }, say(name));
  fill(place("skips"), skip("main", "toContent"), skip("review", "toTray"));
  place("skips").setAttribute("aria-label", say("toContent"));
}

frame();
begin();
