// Where does everything begin? Here: load the campaign and its candidates, then show what the address asks for.
import { learnAllowance } from "./allowance.js";
import { campaignHead, keepTime, loadCampaign } from "./campaign.js";
import { candidatesView, loadCandidates } from "./candidates.js";
import { fill, h } from "./dom.js";
import { Draft } from "./draft.js";
import { persist } from "./graphql.js";
import { putBack } from "./kept.js";
import { language, say, switchLanguage } from "./language.js";
import { isOffline } from "./loading.js";
import { notice } from "./notice.js";
import { session } from "./session.js";
import { returnFromWechat } from "./signing-in.js";
import { showTray } from "./tray.js";
import { NAMES, busy, done, nothingShown, route } from "./views.js";

const SLUG = new URLSearchParams(location.search).get("campaign"); // without it, the featured one
const place = (id) => document.getElementById(id);

async function begin() {
  busy("page");
  try {
    const problem = await returnFromWechat();
    const [campaign, candidates] = await Promise.all([persist(() => loadCampaign(SLUG)), loadCandidates(SLUG)]);
    if (campaign === null) done(h("p", { class: "wide waiting" }, say("none")));
    else await open(campaign, candidates, problem);
  } catch (error) {
    failed(error, begin);
  }
}

async function open(campaign, candidates, problem) {
  const draft = new Draft(campaign.slug, new Set(candidates.map(({ id }) => id)));
  const { publisher, url } = campaign.source || {};
  const source = publisher && say("source", { publisher });
  fill(place("footer"), h("p", {}, say("footer"), " ", h("a", { href: "/graphql" }, say("playground")), h("br"), url ? h("a", { href: url }, source) : source));
  const head = campaignHead(campaign, () => location.reload());
  keepTime(campaign, () => location.reload());
  const page = { campaign, candidates, draft, head, cards: candidatesView(campaign, candidates, draft) };
  const go = () => follow(route(page), go);
  showTray(place("tray"), campaign, draft);
  session.listeners = [() => draft.tell(), () => learnAllowance(campaign, draft)];
  learnAllowance(campaign, draft);
  window.onhashchange = go;
  nothingShown();
  await go();
  putBack();
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

/** Say what failed, and begin again when somebody asks for it, or by itself when there is a network again. */
function failed(error, begin) {
  const retry = () => {
    window.removeEventListener("online", retry);
    begin();
  };
  window.addEventListener("online", retry);
  const again = error.code === "NOT_FOUND" ? h("a", { class: "button main", href: "/" }, say("backToVote")) : h("button", { type: "button", class: "main", onclick: retry }, say("again"));
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
  const views = [["candidates", "#/"], ["ranking", "#/ranking"], ["receipt", "#/receipt"]];
  fill(place("views"), views.map(([view, href]) => h("a", { href, "data-view": view }, say(NAMES[view]))));
  place("views").setAttribute("aria-label", say("views"));
  const other = language === "zh" ? "en" : "zh-CN";
  fill(place("languages"), h("button", { type: "button", lang: other, onclick: otherLanguage }, say("other")));
  const skip = (id, name) => h("button", { type: "button", onclick: () => place(id).focus() }, say(name));
  fill(place("skips"), skip("main", "toContent"), skip("review", "toTray"));
  place("skips").setAttribute("aria-label", say("toContent"));
}

frame();
begin();
