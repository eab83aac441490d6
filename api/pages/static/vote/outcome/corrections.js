// What has been corrected, and why? Nothing is overwritten: each correction says what was before and what is now.
import { h } from "../dom.js";
import { count, langOf, moment, say } from "../language.js";
import { titleOf } from "./winning.js";

const FEW = 3; // changes of rank alone that are shown at once

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
    changes.length > 0 ? changeLists(changes, known) : h("p", { class: "quiet" }, say("nothingElse")),
    h("p", { class: "quiet" }, say("digestWas", digests)),
  );
}

/** First whoever has come in, gone out or another award; then the others, of whom there can be many. */
function changeLists(changes, known) {
  const weighs = ({ wasSelected, isSelected, wasAward, isAward }) => wasSelected !== isSelected || nameOf(wasAward) !== nameOf(isAward);
  const list = (some) => some.length > 0 && h("ul", { "aria-label": say("whatChanged") }, some.map((change) => h("li", {}, changed(change, known))));
  const moved = changes.filter((change) => !weighs(change));
  return [list(changes.filter(weighs)), moved.length > FEW ? h("details", {}, h("summary", {}, say("ranksMoved", { count: count(moved.length) })), list(moved)) : list(moved)];
}

const nameOf = (award) => (award === null ? say("noRank") : award.name);

function changed({ project, wasSelected, isSelected, wasRank, isRank, wasAward, isAward }, known) {
  const rank = (place) => (place === null ? say("noRank") : String(place));
  const words = [
    isSelected !== wasSelected && say(isSelected ? "nowSelected" : "nowNotSelected"),
    nameOf(isAward) !== nameOf(wasAward) && say("awardChange", { was: nameOf(wasAward), is: nameOf(isAward) }),
    isRank !== wasRank && say("rankChange", { was: rank(wasRank), is: rank(isRank) }),
  ];
  return [titleOf(project, known), ...words.filter(Boolean)].join(" · ");
}
