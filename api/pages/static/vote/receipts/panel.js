// What does a receipt prove, to whom, and is this one good? The part of a ballot's page about it, and a word in a list of ballots.
import { copy, fill, h } from "../dom.js";
import { keptReceipt } from "../kept.js";
import { count, learn, moment, say } from "../language.js";
import { notice } from "../notice.js";
import { cannotSave, save } from "../outcome/files.js";
import { ROOT } from "../addresses.js";
import { asText, called, stateOf } from "./checking.js";
import { en, zh } from "./words.js";

const FAULTS = {
  form: "faultForm", key: "faultKey", signature: "faultSignature", leaf: "faultLeaf", path: "faultPath",
  other: "faultOther", proof: "faultProof", gone: "faultGone", denied: "faultDenied",
};
const SHORT = { signed: "isSigned", sealed: "isSealed", late: "isLate", wrong: "isWrong", unchecked: "isUnchecked" };

learn({ zh, en });
const style = new URL("receipts.css", import.meta.url).href;
document.head.append(h("link", { rel: "stylesheet", href: style }));

/** Fill the place with what is known of a receipt. kept: its file here, or null; isDenied: the server knows no such ballot. */
export async function showProof(place, campaign, ballot, kept, isDenied) {
  const title = h("h2", { id: "proof" }, say("proofTitle"));
  place.setAttribute("aria-labelledby", "proof");
  if (kept === null && !ballot.receipt) return void fill(place, title, h("p", {}, say("noProof")));
  fill(place, title, h("p", { class: "quiet", role: "status" }, say("checkingProof")));
  const found = await stateOf(campaign, ballot, kept);
  const known = isDenied ? { ...found, state: "wrong", fault: "denied" } : found;
  const meaning = known.state !== "wrong" && [h("p", {}, say("whatItProves")), h("p", {}, say("toWhom"))];
  fill(place, title, verdict(campaign, known), keyChange(campaign), meaning, acts(known));
}

function verdict(campaign, { state, fault, index, sealBy, isPartial }) {
  const at = sealBy && moment(sealBy, campaign.timeZone);
  const lines = {
    signed: () => [say("signedProof", { at })],
    sealed: () => [h("strong", {}, say("isSealed")), " ", say("sealedProof", { place: count(index) })],
    late: () => [h("strong", {}, say("lateProof", { at })), " ", say("lateDo")],
    wrong: () => [h("strong", {}, say("wrongProof", { why: say(FAULTS[fault]) })), " ", say("wrongDo")],
    unchecked: () => [say("uncheckedProof")],
  };
  const isLoud = state === "wrong" || state === "late";
  const partial = isPartial && !isLoud && h("p", { class: "quiet" }, say("partialProof"));
  return [h("p", { class: `verdict ${state}`, role: isLoud ? "alert" : "status" }, lines[state]()), partial];
}

/** That the key is not the one that was seen here before, for as long as both are remembered. */
function keyChange({ keys }) {
  const [now, before] = keys.receipt;
  return before !== undefined && h("p", { class: "verdict late" }, say("keyChanged", { before: called(before), now: called(now) }));
}

/** What gives out the receipt's file, and, once there is one, the proof that its ballot is in the log. */
function acts({ file }) {
  if (file === null) return null;
  const name = `receipt-${file.campaign}-${file.ballotId.replace(/^ballot\//, "").slice(0, 6)}`;
  const button = (words, press) => h("button", { type: "button", onclick: press }, say(words));
  const copied = async () => notice((await copy(asText(file))) ? say("copied") : asText(file));
  const keeping = cannotSave ? button("copyProof", copied) : button("saveProof", () => save(`${name}.json`, asText(file), "application/json"));
  const proof = !cannotSave && file.proofFile && button("saveInclusion", () => save(`${name}.tlog-proof`, file.proofFile));
  return h("p", { class: "row" }, keeping, proof, h("a", { class: "button", href: `${ROOT}/verify` }, say("verifyLog")));
}

/** A word on each of several ballots, into the place of each. */
export async function showStates(campaign, places) {
  for (const [ballot, place] of places) {
    const { state } = await stateOf(campaign, ballot, keptReceipt(ballot.id));
    fill(place, " · ", h("span", { class: `proof-word ${state}` }, say(SHORT[state])));
  }
}
