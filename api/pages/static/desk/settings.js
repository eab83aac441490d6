// How is a campaign changed that is there already? What has changed is sent, with the revision that it was changed from.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { PROBLEMS, act } from "./api.js";
import { CAMPAIGN, toForm } from "./campaign-fields.js";
import { Checker, below, changedParts, missingInput } from "./checking.js";
import { Form } from "./form.js";
import { headOf, loaded } from "./loaded.js";
import { say } from "./language.js";
import { mayRun } from "./rights.js";
import { whenLeft } from "./routes.js";
import { isStale, openStale } from "./stale.js";

const AMEND = `mutation Amend($campaign: String!, $input: CampaignAmendment!, $expectedRevision: Int) {
  amendCampaign(campaign: $campaign, input: $input, expectedRevision: $expectedRevision) { campaign { slug revision } ${PROBLEMS} }
}`;

/** The form of a campaign's settings. */
export async function settingsView(desk, slug, again) {
  const campaign = await loaded(slug);
  const kept = tab.recall(`settings:${slug}`); // what was typed and not stored when this view was last left
  const form = formOf(campaign, kept === null ? campaign.input : { ...campaign.input, ...kept.changes });
  const untouched = formOf(campaign, campaign.input).output();
  const page = { slug, campaign, form, untouched, revision: kept === null ? campaign.revision : kept.revision, again };
  page.said = h("div", { class: "problem", role: "alert" });
  const checker = new Checker(() => ({ input: { slug, ...form.output() }, projects: campaign.projects, campaign: slug }), () => missingInput(form), (problems) => form.show(below(problems, "input")));
  form.changed = () => {
    const changes = changesOf(page);
    tab.keep(`settings:${slug}`, Object.keys(changes).length ? { revision: page.revision, changes } : null);
    checker.soon();
  };
  whenLeft(() => checker.stop());
  if (kept !== null) checker.soon();
  const mayChange = mayRun(desk, slug) && campaign.phase !== "ARCHIVED";
  return h(
    "div",
    { class: "wide" },
    headOf(campaign, "settings"),
    h("p", { class: "quiet" }, noteOn(campaign, mayChange)),
    kept !== null && h("p", { class: "kept" }, say("unsavedKept"), " ", h("button", { type: "button", class: "link", onclick: () => forget(page) }, say("discard"))),
    h("form", { novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      save(page);
    } }, form.problems.summary, h("fieldset", { class: "whole", disabled: !mayChange }, form.element), page.said, mayChange && h("p", { class: "row buttons" }, h("button", { class: "main" }, say("save")))),
  );
}

/** What can be changed here, or why nothing can. */
function noteOn({ phase }, mayChange) {
  if (!mayChange) return say(phase === "ARCHIVED" ? "archivedHelp" : "onlyToRead");
  return phase !== "DRAFT" && say("frozenHelp");
}

const formOf = (campaign, tree) => new Form(CAMPAIGN, toForm(tree, true), { options: { campaign: () => campaign.slug } });

/** What differs from the campaign as it was read; what has been taken away is empty. */
function changesOf({ form, untouched }) {
  const now = form.output();
  const emptied = (key) => (Array.isArray(untouched[key]) ? [] : null);
  return Object.fromEntries(changedParts(untouched, now).map((key) => [key, key in now ? now[key] : emptied(key)]));
}

function forget({ slug, again }) {
  tab.keep(`settings:${slug}`, null);
  again();
}

async function save(page) {
  const { slug, form, said, again } = page;
  const input = changesOf(page);
  if (Object.keys(input).length === 0) return notice(say("nothingChanged"));
  const missing = form.missing();
  form.show(missing, true);
  if (missing.length > 0) return fill(said, say("notStored"), missing.map(({ message }) => h("p", {}, message)));
  fill(said, say("working"));
  try {
    const { problems } = await act(AMEND, { campaign: slug, input, expectedRevision: page.revision });
    if (problems.some(isStale)) return await stale(page, input);
    form.show(below(problems, "input"), true);
    if (problems.length) return fill(said, say("notStored"), problems.filter(({ path }) => path[0] !== "input").map(({ message }) => h("p", {}, message)));
    tab.keep(`settings:${slug}`, null);
    await again();
    notice(say("saved"));
  } catch (error) {
    fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
  }
  return undefined;
}

/** Somebody else was faster: show which parts both have changed, and let the person decide. */
async function stale(page, mine) {
  const now = await loaded(page.slug);
  const theirs = changedParts(page.untouched, formOf(now, now.input).output());
  fill(page.said);
  openStale({
    expected: page.revision, present: now.revision, mine: Object.keys(mine), theirs,
    takeTheirs: () => forget(page),
    putMine: () => {
      page.revision = now.revision;
      save(page);
    },
  });
}
