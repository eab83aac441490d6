// Is what was typed safe? One line says whether it is at the server, on its way, on this device alone, or not stored and why.
import { fill, h } from "../vote/dom.js";
import { isOffline } from "../vote/loading.js";
import { say } from "./language.js";

/** The line about a draft: { element, show }. nameOf: what a criterion is called. */
export function savingOf(draft, nameOf) {
  const element = h("div", { class: "saving", role: "status" });
  let shown = "";
  const show = () => {
    const state = draft.state === "waiting" && isOffline() ? "offline" : isUntouched(draft) ? "untouched" : draft.state;
    const now = JSON.stringify([state, draft.problems, draft.conflicts]);
    if (now === shown) return;
    shown = now;
    element.className = `saving ${state}`;
    fill(element, h("p", {}, say(`saving_${state}`), messages(draft)), draft.state === "conflict" && conflict(draft, nameOf), draft.state === "waiting" && h("button", { type: "button", class: "link", onclick: () => draft.send() }, say("again")));
  };
  return { element, show };
}

const isUntouched = ({ state, review }) => state === "saved" && review.state === "NOT_BEGUN";
const messages = ({ state, problems }) => (state === "refused" && problems.length ? [" ", problems.map(({ message }) => message).join(" ")] : null);

/** Two have changed the same: both values are shown, and one is chosen. */
function conflict(draft, nameOf) {
  const button = (label, mine, main) => h("button", { type: "button", class: main && "main", onclick: () => draft.settle(mine) }, label);
  const row = ({ key, mine, theirs }) => h("tr", {}, h("th", { scope: "row" }, nameOf(key)), h("td", {}, mine || "–"), h("td", {}, theirs || "–"));
  return h(
    "div",
    { class: "conflict" },
    h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, say("here")), h("th", { scope: "col" }, say("elsewhere")))), h("tbody", {}, draft.conflicts.map(row))),
    h("p", { class: "row" }, button(say("keepMine"), true, true), button(say("takeTheirs"), false, false)),
  );
}
