// Where does the experts' page begin? Here: find out who is signed in, take the invitation that came along, and show what the address asks for.
import { closeDialog } from "../vote/dialog.js";
import { fill, h } from "../vote/dom.js";
import { ENDPOINT } from "../vote/graphql.js";
import { tab } from "../vote/kept.js";
import { languageChooser, nameAbove } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { session } from "../vote/session.js";
import { returnFromWechat, signInForm } from "../vote/signing-in.js";
import { read, wordsOf } from "./api.js";
import { ballotView } from "./ballot.js";
import { areUnsent, forgetDrafts } from "./drafts.js";
import { homeView, strangerView } from "./home.js";
import { acceptWaiting, takeCode, waitingCode } from "./invitation.js";
import { ready, say } from "./language.js";
import { listView } from "./list.js";
import { panelOf } from "./panel.js";
import { partsOf } from "./routes.js";
import { scoringView } from "./scoring.js";

const METHODS = "query SignInMethods { signInMethods { door appid scope } }";
const VIEWER = "query Viewer { viewer { id grants { role campaign } } }";
const ADDRESS = "review-address"; // where somebody was who has gone to WeChat to sign in
const place = (id) => document.getElementById(id);
const page = { signInMethods: [], viewer: null, panel: null, goTo };

async function begin() {
  try {
    takeCode();
    const problem = await returnFromWechat(tab.recall(ADDRESS) || "#/");
    page.signInMethods = (await read(METHODS)).signInMethods;
    session.listeners = [changed];
    window.onhashchange = go;
    await go();
    if (problem) notice(problem);
  } catch (error) {
    failed(error, begin);
  }
}

/** Somebody has come or gone. */
function changed() {
  forgetDrafts();
  Object.assign(page, { viewer: null, panel: null });
  if (session.token === null) closeDialog();
  go();
}

/** Go there, and read everything anew. */
function goTo(address) {
  Object.assign(page, { viewer: null, panel: null });
  if (address === null || location.hash === address) go();
  else location.hash = address;
}

async function go() {
  takeCode();
  const asked = location.hash;
  closeDialog();
  frame();
  if (session.token === null) return show(signInView());
  place("main").setAttribute("aria-busy", "true");
  try {
    if (waitingCode() !== null) {
      const address = await acceptWaiting();
      if (address !== null && address !== asked) return goTo(address);
    }
    if (page.viewer === null) page.viewer = (await read(VIEWER)).viewer;
    const view = await route(asked);
    if (location.hash === asked) show(view);
  } catch (error) {
    if (session.token !== null && location.hash === asked) failed(error, go);
  }
  return undefined;
}

/** The view for an address. A panel that is open is not asked for again: its pages work without a network. */
async function route(address) {
  const [slug, part, code] = partsOf(address);
  if (slug === undefined) {
    page.panel = null;
    return homeView(page);
  }
  if (page.panel === null || page.panel.slug !== slug) {
    const isMine = page.viewer.grants.some((grant) => grant.role === "EXPERT" && grant.campaign === slug);
    const panel = await panelOf(slug);
    if (panel === null || (!isMine && panel.reviews.length === 0)) return strangerView(slug, goTo);
    page.panel = Object.assign(panel, { again: go });
  }
  if (part === "ballot") return ballotView(page.panel, code, go);
  return part === undefined ? listView(page.panel) : scoringView(page.panel, Number(part));
}

let shownBefore = false;

function show(view) {
  const main = place("main");
  main.removeAttribute("aria-busy");
  fill(main, view);
  const title = main.querySelector("h1");
  document.title = [title && title.textContent, say("review")].filter(Boolean).join(" · ");
  if (title && shownBefore) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  shownBefore = true;
}

function signInView() {
  tab.keep(ADDRESS, location.hash || "#/");
  return h("div", { class: "wide narrow" }, h("h1", {}, say("review")), h("p", {}, say(waitingCode() === null ? "reviewIs" : "invitedIs")), signInForm(page, say("signInToReview")));
}

/** The bar above: the way home, the way out, and the languages. */
function frame() {
  const out = () => (areUnsent() && !window.confirm(say("signOutUnsent")) ? undefined : session.end());
  fill(place("views"), session.token !== null && [h("a", { href: "#/", "aria-current": location.hash === "#/" ? "page" : null }, say("panels")), h("button", { type: "button", class: "link", onclick: out }, say("signOut"))]);
  place("views").setAttribute("aria-label", say("views"));
  if (!place("languages").firstChild) fill(place("languages"), languageChooser());
  fill(place("skips"), h("button", { type: "button", onclick: () => place("main").focus() }, say("toContent")));
  fill(place("footer"), h("p", {}, say("footer"), " ", h("a", { href: ENDPOINT }, say("playground"))));
}

/** Say what failed, and begin again when somebody asks for it. */
function failed(error, again) {
  console.warn(error);
  show(h("div", { class: "wide waiting", role: "alert" }, h("p", {}, wordsOf(error)), h("button", { type: "button", class: "main", onclick: again }, say("again"))));
}

ready.then(() => {
  nameAbove(say("review"));
  begin();
});
