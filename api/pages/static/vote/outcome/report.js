// Where is the whole told on one page? In the report, which is written when somebody asks for it: it recounts every ballot.
import { fill, h } from "../dom.js";
import { askPublic, persist } from "../graphql.js";
import { say } from "../language.js";
import { cannotSave, save } from "./files.js";

const REPORT = "query Report($slug: String!) { campaign(slug: $slug) { report } }";

/** What the report is, and what saves it. */
export function report({ slug }) {
  const told = h("p", { class: "quiet", role: "status" });
  const button = h("button", { type: "button", onclick: () => give() }, say("saveReport"));
  const give = async () => {
    if (cannotSave) return void fill(told, say("reportInBrowser"));
    button.disabled = true;
    fill(told, say("makingReport"));
    try {
      const found = (await persist(() => askPublic(REPORT, { slug }))).campaign.report;
      fill(told, found === null && say("noReport"));
      if (found !== null) save(`${slug}-report.html`, found, "text/html");
    } catch (error) {
      console.warn(error);
      fill(told, say("noFile"));
    }
    button.disabled = false;
    if (document.activeElement === document.body) button.focus(); // while it was disabled it lost the focus
  };
  return h(
    "section",
    { class: "verdict", "aria-labelledby": "report" },
    h("h3", { id: "report" }, say("report")),
    h("p", { class: "quiet" }, say("reportHint")),
    h("p", { class: "row" }, button),
    told,
  );
}
