// How does somebody have a file made? By what it holds and how it is written, of which only some go together.
import { fill, h } from "../vote/dom.js";
import { isOffline } from "../vote/loading.js";
import { PROBLEMS, act } from "./api.js";
import { addressOfJob } from "./files-jobs.js";
import { say } from "./language.js";

const START = `mutation Export($campaign: String!, $content: ExportContent!, $format: FileFormat!) {
  startExport(campaign: $campaign, content: $content, format: $format) { job { id importContent campaign { slug } } ${PROBLEMS} }
}`;
const FORMATS = {
  BALLOTS: ["CSV", "PABULIB", "JSON_LINES"],
  RESULTS: ["CSV", "REPORT", "JSON_LINES"],
  TURNOUT: ["CSV", "JSON_LINES"],
  PROJECTS: ["CSV", "JSON_LINES"],
  CAMPAIGN: ["TOML", "CSV", "JSON_LINES"],
  REVIEWS: ["CSV", "JSON_LINES"],
  TRAIL: ["CSV", "JSON_LINES"],
};

const OVER = ["CLOSED", "ANNOUNCED", "PUBLISHED", "ARCHIVED"];
const AFTERWARDS = ["BALLOTS", "REPORT"]; // not before voting has closed
const BEFOREHAND = ["CAMPAIGN", "PROJECTS", "TRAIL"]; // all there is of a draft

/** What of these can be exported by now. */
function offered(names, { phase, panel, serverTime }) {
  const reviewed = panel !== null && Date.parse(serverTime) >= Date.parse(panel.closesAt);
  const isOffered = (name) => (AFTERWARDS.includes(name) ? OVER.includes(phase) : name === "REVIEWS" ? reviewed : phase !== "DRAFT" || !(name in FORMATS) || BEFOREHAND.includes(name));
  return names.filter(isOffered);
}

/** The form of an export; it goes to the page of what was started. */
export function exportForm(campaign) {
  const { slug, phase } = campaign;
  const option = (prefix) => (value) => h("option", { value }, say(`${prefix}${value}`));
  const help = h("p", { class: "quiet", id: "export-help", role: "status" });
  const format = h("select", { id: "export-format" });
  const changed = () => {
    fill(format, offered(FORMATS[content.value], campaign).map(option("format_")));
    fill(help, say(`contentHelp_${content.value}`));
  };
  const content = h("select", { id: "export-content", "aria-describedby": help.id, onchange: changed }, offered(Object.keys(FORMATS), campaign).map(option("content_")));
  const said = h("div", { class: "problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    fill(said, say("working"));
    try {
      const { job, problems } = await act(START, { campaign: slug, content: content.value, format: format.value });
      if (problems.length > 0) fill(said, problems.map(({ message }) => h("p", {}, message)));
      else location.hash = addressOfJob(job);
    } catch (error) {
      fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
    }
  };
  changed();
  return h(
    "form",
    { onsubmit: submit, novalidate: true, class: "export" },
    h("div", { class: "field" }, h("label", { for: content.id }, say("exportContent")), content, help),
    h("div", { class: "field" }, h("label", { for: format.id }, say("exportFormat")), format),
    said,
    h("p", { class: "row" }, h("button", { class: "main" }, say("startExport"))),
    !OVER.includes(phase) && phase !== "DRAFT" && h("p", { class: "quiet" }, say("exportLater")),
  );
}
