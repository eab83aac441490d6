// How does a dialog keep the keyboard inside? By hand, since the dialog element is younger than many phones in use.
import { h } from "./dom.js";
import { dismissNotice } from "./notice.js";
import { say } from "./language.js";

const REACHABLE = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";
const behind = document.getElementById("page");
let open = null;

let behindIt = { address: "#/", within: false };

/** Say what is behind the dialog, and whether that is also the page before, so that closing may go back to it. */
export function openedOver(address, within) {
  behindIt = { address, within };
}

/** Show a dialog with this title. Closing goes to another address, so that the Back button of a phone closes it too. */
export function openDialog(title, ...content) {
  closeDialog();
  dismissNotice();
  const close = h("a", { class: "close", href: "#/", "aria-label": say("close"), onclick: (event) => (event.preventDefault(), leave()) }, "×");
  const body = h("div", { class: "body" }, ...content);
  const head = h("header", {}, h("h2", { id: "dialog-title", tabindex: "-1" }, title), close);
  const box = h("div", { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "dialog-title" }, head, body);
  const curtain = h("div", { class: "curtain", onclick: (event) => event.target === curtain && leave() }, box);
  open = { curtain, box, before: document.activeElement, scrolled: window.pageYOffset };
  behind.setAttribute("aria-hidden", "true");
  behind.setAttribute("inert", ""); // does by itself what the listeners below do where it is not known
  document.body.classList.add("behind");
  document.body.append(curtain);
  head.querySelector("h2").focus();
}

/** Take the dialog away, if there is one, and give the focus back to where it was. */
export function closeDialog() {
  if (open === null) return;
  const { curtain, before, scrolled } = open;
  open = null;
  curtain.remove();
  dismissNotice();
  document.body.classList.remove("behind");
  behind.removeAttribute("aria-hidden");
  behind.removeAttribute("inert");
  window.scrollTo(0, scrolled);
  if (before && before.isConnected) before.focus();
}

/** Go where closing goes. Once: going back twice would leave the page. Nothing that Back could open again stays behind. */
export function leave() {
  if (open === null || open.leaving) return;
  open.leaving = true;
  if (behindIt.within) history.back();
  else if (behindIt.address === location.hash) closeDialog(); // it has no address of its own
  else location.replace(behindIt.address);
}

/** On the document, since the focus may be nowhere after what had it was taken away. */
document.addEventListener("keydown", (event) => {
  if (open !== null) keys(event);
});

function keys(event) {
  if (event.isComposing || event.keyCode === 229) return; // these keys are the input method's
  if (event.key === "Escape") leave();
  if (event.key !== "Tab") return;
  const reachable = [...open.box.querySelectorAll(REACHABLE)];
  const [first, last] = [reachable[0], reachable[reachable.length - 1]];
  const at = document.activeElement;
  const astray = !open.box.contains(at);
  if (event.shiftKey ? at === first || astray || at.id === "dialog-title" : at === last || astray) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
