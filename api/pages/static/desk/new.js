// How does a campaign begin? From a blank, or as a copy of another: under a name for addresses that nobody has yet.
import { fill, h } from "../vote/dom.js";
import { tab } from "../vote/kept.js";
import { isOffline } from "../vote/loading.js";
import { PROBLEMS, act } from "./api.js";
import { BLANK, CAMPAIGN, SLUG, toForm } from "./campaign-fields.js";
import { Checker, below, missingInput } from "./checking.js";
import { Form } from "./form.js";
import { addressOf } from "./home.js";
import { loaded, passedIn } from "./loaded.js";
import { say } from "./language.js";
import { whenLeft } from "./routes.js";
import { store } from "./storing.js";

const CREATE = `mutation Create($input: CampaignInput!) { createCampaign(input: $input) { campaign { slug revision } ${PROBLEMS} } }`;
const NOT_COPIED = ["slug", "source", "publishedAt", "lotDigest"]; // a seed is good once: it has been seen

/** A form for a new campaign; slug: of the one to copy. */
export async function newView(desk, slug, again) {
  const from = slug === null ? null : await loaded(slug);
  const name = `new:${slug || ""}`; // what was typed when this view was last left
  const kept = tab.recall(name);
  const form = newForm(from, kept);
  const checker = new Checker(() => ({ input: form.output(), projects: null, campaign: null }), () => missingInput(form), (problems) => form.show(below(problems, "input")));
  form.changed = () => {
    tab.keep(name, form.output());
    checker.soon();
  };
  whenLeft(() => checker.stop());
  const forget = () => {
    tab.keep(name, null);
    again();
  };
  const said = h("div", { class: "problem", role: "alert" });
  const which = from === null ? null : candidateChoice(from);
  const submit = (event) => {
    event.preventDefault();
    create(form, () => candidatesOf(from, which), said, name);
  };
  return h(
    "div",
    { class: "wide" },
    h("h1", {}, from === null ? say("newCampaign") : say("copyOf", { title: from.title })),
    h("p", { class: "quiet" }, say("draftHelp")),
    kept !== null && h("p", { class: "kept" }, say("unsavedKept"), " ", h("button", { type: "button", class: "link", onclick: forget }, say("discard"))),
    h(
      "form",
      { onsubmit: submit, novalidate: true },
      form.problems.summary,
      form.element,
      which !== null && h("label", {}, say("copyCandidates"), " ", which),
      said,
      h("p", { class: "row buttons" }, h("button", { class: "main" }, say("createDraft")), h("a", { class: "button", href: "#/", onclick: () => tab.keep(name, null) }, say("cancel"))),
    ),
  );
}

function newForm(from, kept) {
  const blank = from === null ? BLANK : undecided(from);
  const tree = kept === null ? blank : kept;
  return new Form([SLUG, ...CAMPAIGN], toForm(tree, false), { options: { campaign: () => null } });
}

/** What is copied of a campaign: nothing that it has announced. */
function undecided({ input, stages }) {
  const announced = stages.filter(({ selection }) => selection !== null).map(({ code }) => code);
  const anew = ({ decidedAt, ...stage }) => ({ ...stage, decided: false });
  const kept = Object.fromEntries(Object.entries(input).filter(([key]) => !NOT_COPIED.includes(key)));
  return kept.stages ? { ...kept, stages: kept.stages.map((stage) => (announced.includes(stage.code) ? anew(stage) : stage)) } : kept;
}

/** Which candidates to copy: all, none, or for a second round those that passed a stage. */
function candidateChoice({ projects, stages }) {
  const announced = stages.filter(({ selection }) => selection !== null && selection.state !== "PROVISIONAL");
  const option = (value, words) => h("option", { value }, words);
  return h("select", {}, [
    option("ALL", say("copyAll", { count: projects.length })),
    announced.map(({ code, name }) => option(`PASSED ${code}`, say("copyPassed", { name }))),
    option("NONE", say("copyNone")),
  ].flat());
}

async function candidatesOf(from, which) {
  if (which === null || which.value === "NONE") return [];
  const projects = which.value === "ALL" ? from.projects : await passedIn(from.slug, which.value.slice("PASSED ".length));
  return projects.map(unused);
}

/** A candidate without what became of it in the campaign that is copied. */
const unused = ({ outcome, award, ...project }) => project;

/** Store the copied candidates; where something is in the way, they wait on their page as if somebody had typed them. */
async function storeOrKeep({ slug, revision }, input, projects) {
  const stored = await store({ slug, input, before: [], projects, revision });
  if (stored.problems.length > 0) tab.keep(`candidates:${slug}`, { projects, revision: stored.revision || revision });
}

async function create(form, candidates, said, name) {
  fill(said, say("working"));
  try {
    const input = form.output();
    const missing = form.missing();
    form.show(missing, true);
    if (missing.length > 0) return fill(said, say("notStored"), missing.map(({ message }) => h("p", {}, message)));
    const projects = await candidates();
    const { campaign, problems } = await act(CREATE, { input });
    form.show(below(problems, "input"), true);
    if (campaign === null) return fill(said, say("notStored"));
    tab.keep(name, null);
    if (projects.length) await storeOrKeep(campaign, input, projects);
    location.hash = addressOf(campaign.slug, "candidates");
  } catch (error) {
    fill(said, error.code ? error.message : say(isOffline() ? "offline" : "unansweredAct"));
  }
  return undefined;
}
