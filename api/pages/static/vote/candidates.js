// Who stands for election? Cards that can be searched, filtered, opened and chosen.
import { Cards } from "./cards.js";
import { fill, h, whenTyped } from "./dom.js";
import { meets } from "./filtering.js";
import { askPublic, persist } from "./graphql.js";
import { tab } from "./kept.js";
import { count, language, say } from "./language.js";
import { notice } from "./notice.js";
import { isPast } from "./rules.js";
import { foundLine, searching } from "./searching.js";
import { themes } from "./words.js";

const CANDIDATES = `
  query Candidates($slug: String, $after: String) {
    projects(campaign: $slug, first: 100, after: $after) {
      nodes { id number title summary organization level themes startYear outcome district { code name } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

const EVERYTHING = { search: "", district: "", theme: "", chosen: false };

/** All candidates, page by page. Their figures are fetched when somebody wants to see them. */
export async function loadCandidates(slug) {
  const all = [];
  for (let after = null, more = true; more; ) {
    const { projects } = await persist(() => askPublic(CANDIDATES, { slug, after }));
    all.push(...projects.nodes);
    after = projects.pageInfo.endCursor;
    more = projects.pageInfo.hasNextPage;
  }
  return all;
}

/** The section with the filter and the cards. */
export function candidatesView(campaign, candidates, draft) {
  const cards = new Cards(candidates, draft, (project) => cardOf(project, campaign, draft), `cards:${campaign.slug}`);
  const shown = h("p", { class: "quiet", role: "status" });
  const clear = h("button", { type: "button", onclick: () => filter.dispatchEvent(new Event("clear")) }, say("clearFilters"));
  const nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, say("nothing")), clear);
  const apply = searching(campaign.slug, candidates, (wanted) => {
    const { search, district, theme, chosen } = wanted;
    const found = cards.keep((project) => meets(project, wanted, draft), JSON.stringify([search, district, theme, chosen]));
    nothing.hidden = found > 0;
    fill(shown, [say("shown", { shown: count(found), total: count(candidates.length) }), wanted.note].filter(Boolean).join(" · "));
  });
  const filter = filterForm(campaign, candidates, apply);
  const head = h("div", { class: "head" }, h("h2", { id: "candidates" }, say("candidates")), shown);
  return h("section", { class: "wide", "aria-labelledby": "candidates" }, head, filter, cards.list, cards.more, nothing);
}

function filterForm(campaign, candidates, apply) {
  const kept = `filter:${campaign.slug}`;
  const wanted = { ...EVERYTHING, ...tab.recall(kept) };
  if (isPast(campaign)) wanted.chosen = false; // nobody could take it back
  const want = (name, value) => {
    wanted[name] = value;
    tab.keep(kept, wanted);
    apply(wanted);
  };
  const there = new Set(candidates.flatMap((project) => project.themes));
  const used = [...new Set([...Object.keys(themes), ...there])].filter((theme) => there.has(theme));
  const places = [["CITY", say("municipal")], ...campaign.districts.map(({ code, name }) => [code, name])];
  const search = h("input", {
    type: "search", "aria-label": say("search"), placeholder: say("search"), autocomplete: "off", enterkeyhint: "search", value: wanted.search,
  });
  whenTyped(search, (text) => want("search", text));
  const chosen = h("input", { type: "checkbox", checked: wanted.chosen, onchange: (event) => want("chosen", event.target.checked) });
  const form = h(
    "form",
    { class: "filter", role: "search", "aria-label": say("filters"), onsubmit: (event) => event.preventDefault() },
    search,
    choice("district", [["", say("everyDistrict")], ...places], wanted, want),
    choice("theme", [["", say("everyTheme")], ...used.map((theme) => [theme, themeName(theme)])], wanted, want),
    !isPast(campaign) && h("label", { class: "check" }, chosen, say("chosenOnly")),
  );
  form.addEventListener("clear", () => {
    for (const select of form.querySelectorAll("select")) select.value = "";
    search.value = "";
    chosen.checked = false;
    Object.assign(wanted, EVERYTHING);
    search.dispatchEvent(new Event("input")); // so that it is known what is typed
    want("search", "");
    search.focus();
  });
  apply(wanted);
  return form;
}

function choice(name, options, wanted, want) {
  if (!options.some(([value]) => value === wanted[name])) wanted[name] = ""; // it was kept from a campaign as it was before
  const made = options.map(([value, label]) => h("option", { value, selected: value === wanted[name] }, label));
  return h("select", { "aria-label": say(name), onchange: (event) => want(name, event.target.value) }, made);
}

/** A card, and how to bring it up to whether it is chosen. */
function cardOf(project, campaign, draft) {
  const values = { number: project.number, title: project.title };
  const about = `#/candidate/${project.number}`;
  const box = h("input", { type: "checkbox", "aria-label": say("chooseOne", values), onchange: () => choose(box, project, campaign, draft) });
  const word = h("span", { "aria-hidden": "true" });
  const card = h(
    "li",
    { class: "card" },
    h("p", { class: "number", "aria-hidden": "true" }, String(project.number).padStart(2, "0")),
    h("h3", {}, h("a", { href: about, "aria-label": say("detailsOf", values) }, project.title)),
    h("p", { class: "quiet" }, placeOf(project)),
    h("p", { class: "summary" }, project.summary),
    foundLine(project.number),
    h("p", { class: "tags" }, badge(project), tags(project), h("a", { class: "details", href: about, tabindex: "-1", "aria-hidden": "true" }, say("details"))),
    !isPast(campaign) && h("label", { class: "choose" }, box, word),
  );
  const show = () => {
    box.checked = draft.has(project.id);
    card.classList.toggle("chosen", box.checked && !isPast(campaign));
    fill(word, say(box.checked ? "chosen" : "choose"));
  };
  show();
  return { card, show };
}

/** Choose or drop; one too many is prevented, and the reason is given. */
export function choose(box, project, campaign, draft) {
  const { maximum } = campaign.limits;
  if (!box.checked) draft.drop(project.id);
  else if (draft.size < maximum) draft.add(project.id);
  else {
    box.checked = false;
    notice(say("full", { maximum }));
  }
}

/** Where it is from and since when, as far as the source says. */
export function placeOf(project) {
  const place = project.district ? project.district.name : project.level === "MUNICIPAL" ? say("municipal") : null;
  const since = project.startYear && say("since", { year: project.startYear });
  return [...new Set([place, project.organization, since])].filter(Boolean).join(" · ");
}

/** What it is about, a label for each theme. */
export const tags = (project) => project.themes.map((theme) => h("span", {}, themeName(theme)));

/** A theme that the schema has and words.js does not, yet, goes by its own name. */
const themeName = (theme) => (themes[theme] ? themes[theme][language] : theme);

function badge(project) {
  return ["FINALIST", "WINNER", "NOT_SELECTED"].includes(project.outcome)
    ? h("strong", { class: `outcome ${project.outcome.toLowerCase()}` }, say(project.outcome))
    : null;
}
