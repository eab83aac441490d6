// What has been corrected, and why? Nothing is overwritten: each correction says what was before and what is now.
import { h } from "../dom.js";
import { langOf, moment, say } from "../language.js";
import { titleOf } from "./winning.js";

/** The corrections of a stage, oldest first; null where there are none. */
export function corrections(annexes, known) {
  return annexes.length > 0 && [h("h4", {}, say("corrections")), h("ul", { class: "annexes" }, annexes.map((annex) => entry(annex, known)))];
}

function entry({ at, reason, before, after, changes }, known) {
  const digests = { before: before.slice(0, 12), after: after.slice(0, 12) }; // in full they are in the files
  return h(
    "li",
    {},
    h("p", {}, h("strong", {}, say("correctedAt", { at: moment(at, known.campaign.timeZone) })), " ", h("span", { lang: langOf(reason) }, reason)),
    changes.length > 0 ? h("ul", { "aria-label": say("whatChanged") }, changes.map((change) => h("li", {}, changed(change, known)))) : h("p", { class: "quiet" }, say("nothingElse")),
    h("p", { class: "quiet" }, say("digestWas", digests)),
  );
}

function changed({ project, wasSelected, isSelected, wasRank, isRank }, known) {
  const rank = (place) => (place === null ? say("noRank") : String(place));
  const words = [
    isSelected !== wasSelected && say(isSelected ? "nowSelected" : "nowNotSelected"),
    isRank !== wasRank && say("rankChange", { was: rank(wasRank), is: rank(isRank) }),
  ];
  return [titleOf(project, known), ...words.filter(Boolean)].join(" · ");
}
