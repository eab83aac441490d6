// How does an import begin? With what the API has to know of it, and then with its file, which is sent while its page is shown.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { PROBLEMS, act } from "./api.js";
import { addressOfJob } from "./files-jobs.js";
import { Form } from "./form.js";
import { say } from "./language.js";
import { save } from "./saving.js";
import { Upload } from "./uploading.js";

const START = `mutation Start($input: ImportInput!) {
  startImport(input: $input) { job { id uploadUrl importContent campaign { slug } } ${PROBLEMS} }
}`;
const FORMATS = { pb: "PABULIB", toml: "TOML", csv: "CSV" };
const formatOf = ({ name }) => FORMATS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];

/** A form for an import: its fields, and its file. suffixes: of the files that it takes, such as [".csv"]. campaign: a slug, or null. */
export function importForm({ content, campaign, fields, label, suffixes, button }) {
  const name = `import:${content}:${campaign || ""}`; // what was typed and not sent: a session may end meanwhile
  const form = new Form(fields, tab.recall(name) || {}, { changed: () => tab.keep(name, form.output()) });
  const wrong = h("p", { class: "problem", id: `file-${content}-problem` });
  const input = h("input", { type: "file", id: `file-${content}`, accept: suffixes.join(","), "aria-describedby": wrong.id, onchange: () => tell("") });
  const said = h("div", { class: "problem", role: "alert" });
  const tell = (text) => {
    fill(wrong, text);
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  let busy = false;
  const submit = async (event) => {
    event.preventDefault();
    const [file] = input.files;
    const missing = form.missing();
    form.show(missing, true);
    tell(whatIsWrong(file, suffixes));
    fill(said, missing.map(({ message }) => h("p", {}, message)));
    if (wrong.textContent) input.focus();
    if (busy || missing.length > 0 || wrong.textContent) return;
    busy = true;
    fill(said, say("working"));
    try {
      await start({ content, format: formatOf(file), fileName: file.name, size: file.size, ...(campaign !== null && { campaign }), ...form.output() }, { file, form, said, name });
    } catch (error) {
      fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
    } finally {
      busy = false;
    }
  };
  return h("form", { onsubmit: submit, novalidate: true, class: "import" }, form.element, h("div", { class: "field" }, h("label", { for: input.id }, say(label)), input, wrong), said, h("p", { class: "row" }, h("button", { class: "main" }, say(button))));
}

function whatIsWrong(file, suffixes) {
  if (file === undefined) return say("fileNeeded");
  if (!suffixes.some((suffix) => file.name.toLowerCase().endsWith(suffix))) return say("wrongSuffix", { name: file.name, wanted: suffixes.join(say("comma")) });
  return file.size === 0 ? say("fileEmpty", file) : "";
}

async function start(input, { file, form, said, name }) {
  const { job, problems } = await act(START, { input });
  if (problems.length > 0) {
    const within = problems.map((problem) => ({ ...problem, path: problem.path.filter((part) => part !== "input") }));
    form.show(within, true);
    return fill(said, within.map(({ message }) => h("p", {}, message)));
  }
  tab.keep(name, null);
  new Upload(job, file).run();
  location.hash = addressOfJob(job);
  return undefined;
}

/** A button that saves an empty table with these headings, as Excel opens it. */
export function templateButton(name, headings) {
  return h("button", { type: "button", onclick: () => save(name, `\ufeff${headings.join(",")}\r\n`, "text/csv") }, say("template"));
}
