// How is a stage decided, announced and confirmed? One stage at a time, from its plan to what is final.
import { h } from "../vote/dom.js";
import { moment } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { read, unread } from "./api.js";
import { addressOf } from "./home.js";
import { say } from "./language.js";
import { headOf, loaded } from "./loaded.js";
import { mayRun } from "./rights.js";
import { save } from "./saving.js";
import { actsOf } from "./selection-acts.js";
import { objectionsOf } from "./selection-objections.js";
import { planningOf } from "./selection-plan.js";
import { SELECTION, changesOf, outcomeOf } from "./selection-rows.js";

const STAGES = `query Selections($slug: String!) { campaign(slug: $slug) {
  lotDigest
  stages { code name kind seats status description selection { ${SELECTION} } }
} }`;
const REPORT = "query Report($slug: String!) { campaign(slug: $slug) { report } }";

/** The selection step of a campaign: of one stage, the first that is not final where none is named. */
export async function selectionView(desk, slug, again, code) {
  const campaign = await loaded(slug);
  const more = (await read(STAGES, { slug })).campaign;
  const open = more.stages.filter(isOpen);
  const stage = more.stages.find((one) => one.code === code) || open[0] || more.stages[more.stages.length - 1];
  if (stage === undefined) return h("div", { class: "wide" }, headOf(campaign, "selection"), h("p", {}, say("noStages")));
  const page = { desk, again, stage, campaign: { ...campaign, ...more }, selection: stage.selection, mayRun: mayRun(desk, slug) };
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, "selection"),
    h("nav", { class: "stages", "aria-label": say("stages") }, more.stages.map((one) => stageLink(slug, one, stage))),
    h("h2", {}, stage.name),
    h("p", {}, stage.description),
    stateOf(page),
    page.mayRun && actsOf(page),
    downloads(page),
    page.selection === null ? planningOf(page) : [outcomeOf(page, page.selection), annexes(page), objectionsOf(page), page.mayRun && planningOf(page)],
  );
}

const isOpen = ({ kind, selection, status }) => kind !== "SUBMISSION" && (selection !== null ? selection.state !== "FINAL" : status !== "DECIDED");

function stageLink(slug, { code, name, seats, selection, status }, shown) {
  const state = selection ? say(`publication_${selection.state}`) : say(status === "DECIDED" ? "publication_DECIDED" : "publication_NONE");
  return h("a", { href: addressOf(slug, `selection/${encodeURIComponent(code)}`), "aria-current": code === shown.code ? "page" : null }, h("b", {}, name), " ", seats, h("br"), h("span", { class: "quiet" }, state));
}

function stateOf({ selection, campaign: { timeZone } }) {
  if (selection === null) return null;
  const at = (instant) => instant && moment(instant, timeZone, { year: true });
  const { state, version, announcedAt, objectionsUntil, confirmedAt } = selection;
  return h("p", { class: `publication ${state.toLowerCase()}` }, h("b", {}, say(`publication_${state}`)), " · ", say(`publication_${state}_is`, { version, announced: at(announcedAt), until: at(objectionsUntil), confirmed: at(confirmedAt) }));
}

/** Files of what is stored: for whoever recomputes it, and for the notice board. */
function downloads({ campaign: { slug }, stage: { code }, selection }) {
  const file = (name, label, text, type) => text && h("button", { type: "button", onclick: () => save(name, text, type) }, say(label));
  return h("p", { class: "row" },
    selection && file(`${slug}-${code}.trace.txt`, "downloadTrace", selection.trace, "text/plain"),
    selection && file(`${slug}-${code}.record.json`, "downloadRecord", selection.record, "application/json"),
    h("button", { type: "button", onclick: () => downloadReport(slug) }, say("downloadReport")));
}

/** The report is made when somebody wants it: it recounts every ballot. */
async function downloadReport(slug) {
  notice(say("working"));
  try {
    const { report } = (await read(REPORT, { slug })).campaign;
    if (report === null) notice(say("noReport"));
    else save(`${slug}.report.html`, report, "text/html");
  } catch (error) {
    unread(error);
  }
}

/** What has been corrected since it was announced. */
function annexes({ selection, campaign: { timeZone } }) {
  return selection.annexes.length > 0 && h("section", {}, h("h3", {}, say("annexes")), selection.annexes.map(({ at, reason, changes }) => h("div", { class: "card" }, h("p", { class: "quiet" }, moment(at, timeZone, { year: true })), h("p", {}, reason), changesOf(changes))));
}
