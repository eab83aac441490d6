// Where does the desk begin? Here: find out who is signed in, and show what the address asks for.
import { fill, h } from "../vote/dom.js";
import { closeDialog } from "../vote/dialog.js";
import { ENDPOINT } from "../vote/graphql.js";
import { tab } from "../vote/kept.js";
import { languageChooser, nameAbove } from "../vote/language.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { session } from "../vote/session.js";
import { returnFromWechat, signInForm } from "../vote/signing-in.js";
import { read } from "./api.js";
import { ADDRESS, noteSignIn } from "./fresh.js";
import { ready, say } from "./language.js";
import { leaveRoute, route } from "./routes.js";

const METHODS = "query SignInMethods { signInMethods { door appid scope } }";
const VIEWER = "query Viewer { viewer { id roles grants { role campaign } } }";
const STAFF = ["ORGANIZER", "AUDITOR"];
const place = (id) => document.getElementById(id);
const desk = { signInMethods: [], viewer: null };

async function begin() {
  try {
    const before = session.token;
    const problem = await returnFromWechat(tab.recall(ADDRESS) || "#/");
    if (session.token !== before) noteSignIn(); // a token that was here already may be hours old
    desk.signInMethods = (await read(METHODS)).signInMethods;
    session.listeners = [changed];
    window.onhashchange = go;
    await go();
    if (problem) notice(problem);
  } catch (error) {
    failed(error, begin);
  }
}

/** Whoever has come or gone sees another desk; somebody who has signed in again goes on where he is. */
function changed() {
  noteSignIn();
  if (desk.viewer !== null && session.viewer === desk.viewer.id) return;
  desk.viewer = null;
  if (session.token === null) closeDialog();
  go();
}

async function go() {
  const asked = location.hash;
  closeDialog();
  leaveRoute();
  frame();
  if (session.token === null) return show(signInView());
  place("main").setAttribute("aria-busy", "true");
  try {
    if (desk.viewer === null) desk.viewer = (await read(VIEWER)).viewer;
    frame();
    const view = await route(desk, asked, go);
    if (location.hash === asked) show(view);
  } catch (error) {
    if (session.token !== null && location.hash === asked) failed(error, go);
  }
  return undefined;
}

function show(view) {
  const main = place("main");
  main.removeAttribute("aria-busy");
  fill(main, view);
  const title = main.querySelector("h1");
  document.title = [title && title.textContent, say("desk")].filter(Boolean).join(" · ");
  if (title && shownBefore) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  shownBefore = true;
}

let shownBefore = false;

function signInView() {
  tab.keep(ADDRESS, location.hash || "#/");
  return h("div", { class: "wide narrow" }, h("h1", {}, say("desk")), h("p", {}, say("deskIs")), signInForm(desk, say("signInToDesk")));
}

/** The bar above: where one may go, who is here, and the languages. */
function frame() {
  const { viewer } = desk;
  const mayRun = viewer !== null && viewer.roles.some((role) => STAFF.includes(role));
  const link = (address, name) => h("a", { href: address, "aria-current": location.hash === address ? "page" : null }, say(name));
  fill(place("views"), mayRun && link("#/", "campaigns"), mayRun && link("#/files", "files"), viewer && link("#/me", "me"));
  place("views").setAttribute("aria-label", say("views"));
  if (!place("languages").firstChild) fill(place("languages"), languageChooser());
  fill(place("skips"), h("button", { type: "button", onclick: () => place("main").focus() }, say("toContent")));
  fill(place("footer"), h("p", {}, say("footer"), " ", h("a", { href: ENDPOINT }, say("playground"))));
}

/** Say what failed, and begin again when somebody asks for it. */
function failed(error, again) {
  console.warn(error);
  const why = error.code ? error.message : say(isOffline() ? "offline" : "failed");
  const way = error.code === "NOT_FOUND" || error.code === "FORBIDDEN" ? h("a", { class: "button main", href: "#/" }, say("toCampaigns")) : h("button", { type: "button", class: "main", onclick: again }, say("again"));
  show(h("div", { class: "wide waiting", role: "alert" }, h("p", {}, why), way));
}

ready.then(() => {
  nameAbove(say("desk"));
  begin();
});
