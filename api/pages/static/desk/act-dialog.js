// How is something done that others will notice? The dialog says what it does, asks why, and again who it is where there is no way back.
import { closeDialog, leave, openDialog, openedOver } from "../vote/dialog.js";
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { isFresh, signInAgain } from "./fresh.js";
import { Form } from "./form.js";
import { say } from "./language.js";

export const REASON = { key: "reason", kind: "longtexts", label: "reason", required: true, help: "reasonHelp" };
export const PRIVATE_REASON = { ...REASON, help: "trailReasonHelp" };

/**
 * Ask about an act and do it. effects: what it does, sentence by sentence. fields: what it asks for. act: does it, given what the
 * form holds, and answers a payload. done: called when nothing was in the way. trial: a way to try it first, { label, tried }, which answers
 * what to show of it and does nothing.
 */
export function openAct({ title, label = title, effects, preview, fields, tree = {}, campaign, final, act, done, signInMethods, options = {}, trial = null }) {
  openedOver(location.hash, false);
  const name = `act:${campaign.slug}:${title}`; // what was typed in this dialog and not sent: a session may end meanwhile
  const form = new Form(fields, { ...tree, ...tab.recall(name) }, {
    languages: () => campaign.languages,
    timeZone: () => campaign.timeZone,
    options: { campaign: () => campaign.slug, ...options },
    changed: () => tab.keep(name, form.output()),
  });
  const said = h("div", { class: "problem", role: "alert" });
  const again = h("div", {});
  const go = h("button", { class: "main" }, label);
  let busy = false;
  const submit = async (event) => {
    if (event) event.preventDefault();
    if (busy) return;
    const given = form.output();
    const missing = form.missing();
    form.show(missing, true);
    if (missing.length > 0) return fill(said, missing.map(({ message }) => h("p", {}, message)));
    if (final && !isFresh()) return askAgain();
    busy = true;
    fill(said, say("working"));
    try {
      await finish(await act(given), form, said, (payload) => {
        tab.keep(name, null);
        return done(payload);
      });
    } catch (error) {
      fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
    } finally {
      busy = false;
    }
    return undefined;
  };
  const tryIt = async () => {
    form.show(form.missing(), true);
    if (form.missing().length > 0) return;
    fill(said, say("working"));
    try {
      fill(said, await trial.tried(form.output()));
    } catch (error) {
      fill(said, error.code ? error.message : say(isOffline() ? "offline" : "failed"));
    }
  };
  const askAgain = () => {
    const place = signInAgain(signInMethods, () => {
      fill(again);
      submit();
    });
    fill(again, place);
    const field = place.querySelector("input, button");
    if (field) field.focus();
  };
  const cancel = () => {
    tab.keep(name, null);
    leave();
  };
  const buttons = h("p", { class: "row buttons" }, go, trial && h("button", { type: "button", onclick: tryIt }, trial.label), h("button", { type: "button", onclick: cancel }, say("cancel")));
  const asked = h("form", { onsubmit: submit, novalidate: true }, form.element, buttons);
  openDialog(title, whatItDoes(effects, final), preview, asked, again, said);
}

function whatItDoes(effects, final) {
  return [
    h("h3", {}, say("whatItDoes")),
    h("ul", { class: "effects" }, effects.filter(Boolean).map((effect) => h("li", {}, effect))),
    final && h("p", { class: "final" }, say("noWayBack")),
  ];
}

async function finish(payload, form, said, done) {
  const { problems } = payload;
  if (problems.length > 0) {
    const within = problems.map((problem) => ({ ...problem, path: problem.path.filter((part) => part !== "input") }));
    form.show(within, true);
    const elsewhere = within.filter((problem) => form.problems.placeOf(problem) === null);
    fill(said, (elsewhere.length ? elsewhere : within).map(({ message }) => h("p", {}, message)));
    return;
  }
  closeDialog();
  notice(say("doneSo"));
  await done(payload);
}

/** Ask about something that is neither an act nor on record, such as what to do about another's changes. */
export function openQuestion(title, content, answers) {
  openedOver(location.hash, false);
  const button = ({ label, main, chosen }) => h("button", { type: "button", class: main && "main", onclick: () => {
    closeDialog();
    chosen();
  } }, label);
  openDialog(title, content, h("p", { class: "row buttons" }, answers.map(button)));
}
