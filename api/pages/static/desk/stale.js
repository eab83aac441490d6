// What if somebody else has changed the campaign meanwhile? The dialog says what both have changed, and nothing is lost before one decides.
import { h } from "../vote/dom.js";
import { openQuestion } from "./act-dialog.js";
import { isSaid, say } from "./language.js";

export const isStale = ({ code }) => code === "STALE_REVISION";

const LABELS = { votingWindow: "window", resultsVisibility: "visibility", organizer: "organizerOf", ownDistricts: "districts", source: "sourceOf" };
const nameOf = (key) => (isSaid(LABELS[key] || key) ? say(LABELS[key] || key) : key);
const named = (keys) => (keys.length ? keys.map(nameOf).join(say("comma")) : say("nothingAtAll"));

/** Say who has changed what, and have the person choose. mine, theirs: keys, or names of candidates. */
export function openStale({ expected, present, mine, theirs, takeTheirs, putMine }) {
  const both = mine.filter((key) => theirs.includes(key));
  openQuestion(say("staleTitle"), [
    h("p", {}, say("staleIs", { expected, present })),
    h("dl", { class: "stale" },
      h("dt", {}, say("staleTheirs")), h("dd", {}, named(theirs)),
      h("dt", {}, say("staleMine")), h("dd", {}, named(mine)),
      h("dt", {}, say("staleBoth")), h("dd", {}, named(both))),
    h("p", { class: "quiet" }, say(both.length ? "staleConflict" : "staleNoConflict")),
  ], [
    { label: say("putMine"), main: true, chosen: putMine },
    { label: say("takeTheirs"), chosen: takeTheirs },
    { label: say("cancel"), chosen: () => undefined },
  ]);
}
