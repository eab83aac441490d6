// What is there to see while something loads? The form of what will come and, when it does not, what can be done.
import { h } from "./dom.js";
import { say } from "./language.js";

const SLOW = 5000; // milliseconds after which somebody wants to know whether to go on waiting
const FORMS = {
  page: ["head", "field", ...Array(6).fill("card")],
  slip: ["heading", "slip"],
  rows: Array(8).fill("row"),
  figures: ["figure", "figure"],
};

export const isOffline = () => navigator.onLine === false;

/** A place that is busy, in one of the forms; words go with it for whoever does not see it. */
export function skeleton(form) {
  const bones = h("div", { class: `bones of-${form}`, "aria-hidden": "true" }, FORMS[form].map((name) => h("div", { class: `bone bone-${name}` })));
  const words = h("p", { class: "unseen", role: "status" }, say("loading"));
  const place = h("div", { class: "skeleton", "aria-busy": "true" }, words, bones);
  const later = () => place.isConnected && place.append(advice());
  setTimeout(later, isOffline() ? 0 : SLOW);
  return place;
}

function advice() {
  if (isOffline()) return h("p", { class: "advice", role: "status" }, say("offline"));
  const again = h("button", { type: "button", onclick: () => location.reload() }, say("again"));
  return h("div", { class: "advice", role: "status" }, h("p", {}, say("slow")), again);
}
