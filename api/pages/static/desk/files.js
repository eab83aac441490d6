// What goes in and out as files? Of one campaign, or, on a page of the desk's own, campaigns themselves.
import { h } from "../vote/dom.js";
import { language } from "../vote/language.js";
import { exportForm } from "./files-export.js";
import { importForm, templateButton } from "./files-forms.js";
import { jobPlace } from "./files-job.js";
import { jobsOf } from "./files-jobs.js";
import { paperForm, waitingOf } from "./files-paper.js";
import { addressOf } from "./home.js";
import { say } from "./language.js";
import { headOf, loaded } from "./loaded.js";
import { mayRun } from "./rights.js";
import { whenLeft } from "./routes.js";

const SLUG = { key: "campaign", kind: "code", label: "slug", help: "importSlugHelp" };
const COUNTED = ["VOTING", "PAUSED", "CLOSED"]; // while ballots on paper may come in

/** The files of a campaign; key: of the one that is shown, or none. */
export async function filesView(desk, slug, again, key) {
  const [campaign, isShown] = [await loaded(slug), untilLeft()];
  const way = h("p", {}, h("a", { href: addressOf(slug, "files") }, say("backToFiles")));
  if (key) return h("div", { class: "wide" }, headOf(campaign, "files"), way, await jobPlace(desk, key, isShown, again));
  const runs = mayRun(desk, slug);
  return h(
    "div",
    { class: "wide files" },
    headOf(campaign, "files"),
    h("p", { class: "quiet" }, say("filesHelp")),
    await waitingOf({ desk, again }, slug),
    h("section", {}, h("h2", {}, say("exportTitle")), exportForm(campaign)),
    runs && COUNTED.includes(campaign.phase) && folded("paperTitle", paperForm(campaign)),
    runs && campaign.phase === "DRAFT" && folded("projectsTitle", projectsForm(campaign)),
    await jobsOf(slug, isShown),
  );
}

/** The desk's own page of files: a campaign comes in from one. */
export async function allFilesView(desk, again, key) {
  const isShown = untilLeft();
  const way = h("p", {}, h("a", { href: "#/files" }, say("backToFiles")));
  if (key) return h("div", { class: "wide" }, h("h1", {}, say("files")), way, await jobPlace(desk, key, isShown, again));
  return h(
    "div",
    { class: "wide files" },
    h("h1", {}, say("files")),
    h("p", { class: "quiet" }, say("filesHelp")),
    mayRun(desk, null) && h("section", {}, h("h2", {}, say("importTitle")), h("p", { class: "quiet" }, say("importHelp")), importForm({ content: "CAMPAIGN", campaign: null, fields: [SLUG], label: "choosePb", suffixes: [".pb", ".toml"], button: "startImport" })),
    await jobsOf(null, isShown),
  );
}

const folded = (title, content) => h("details", { class: "group" }, h("summary", {}, say(title)), content);

const HEADINGS = {
  zh: { number: "编号", code: "代码", title: "标题", organization: "申报单位", summary: "简介", themes: "主题", district: "地区", cost: "费用" },
  "zh-Hant": { number: "編號", code: "代碼", title: "標題", organization: "申報單位", summary: "簡介", themes: "主題", district: "地區", cost: "費用" },
  en: { number: "number", code: "code", title: "title", organization: "organization", summary: "summary", themes: "themes", district: "district", cost: "cost" },
};

/** The headings of what candidates of this campaign can have; a further language has columns of its own. */
function headingsOf({ languages, input }) {
  const has = { themes: (input.themes || []).length > 0, district: true, cost: Boolean(input.currency) };
  const names = HEADINGS[language];
  const keys = Object.keys(names).filter((key) => has[key] !== false);
  return keys.map((key) => (["title", "organization", "summary"].includes(key) ? languages.map((tag, index) => (index === 0 ? names[key] : `${names[key]}_${tag}`)) : [names[key]])).flat();
}

function projectsForm(campaign) {
  const { slug } = campaign;
  return [
    h("p", { class: "quiet" }, say("projectsHelp")),
    h("p", { class: "row" }, templateButton(`${slug}-candidates.csv`, headingsOf(campaign))),
    importForm({ content: "PROJECTS", campaign: slug, fields: [], label: "chooseCsv", suffixes: [".csv"], button: "startProjects" }),
  ];
}

/** Whether the view that is being made is still shown. */
function untilLeft() {
  let shown = true;
  whenLeft(() => (shown = false));
  return () => shown;
}
