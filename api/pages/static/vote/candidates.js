// Who stands for election? Cards that can be searched, filtered, opened and chosen.
import { Cards } from "./cards.js";
import { chooser } from "./choosing.js";
import { PICTURE, fill, h, picture, whenTyped } from "./dom.js";
import { askPublic, persist } from "./graphql.js";
import { tab } from "./kept.js";
import { count, langOf, money, say } from "./language.js";
import { isOffline } from "./loading.js";
import { notice } from "./notice.js";
import { isOneByOne, isPast, stands } from "./rules.js";
import { countEach, foundIn, meets, searching } from "./searching.js";

const CANDIDATES = `
  query Candidates($slug: String, $after: String) {
    projects(campaign: $slug, first: 100, after: $after) {
      nodes {
        id number code title summary organization level startYear outcome cost standing standingReason
        themes { code name } district { code name } award { code name } images { ${PICTURE} }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

const EVERYTHING = { search: "", district: "", theme: "", chosen: false };

/** All candidates, page by page, in the order that the campaign has for those who are signed out. Their figures are fetched when somebody wants to see them. */
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
  const [shown, share] = [h("p", { class: "quiet", role: "status" }), h("a", { href: "#/share", hidden: true }, say("share"))];
  const clear = h("button", { type: "button", onclick: () => form.dispatchEvent(new Event("clear")) }, say("clearFilters"));
  const nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, say("nothing")), clear);
  const apply = searching(campaign.slug, candidates, (wanted) => {
    const { search, district, theme, chosen } = wanted;
    const found = cards.keep((project) => meets(project, wanted, draft), JSON.stringify([search, district, theme, chosen]));
    recount(wanted, draft);
    nothing.hidden = found > 0;
    share.hidden = found === 0 || found === candidates.length; // a link to just these
    fill(shown, [say("shown", { shown: count(found), total: count(candidates.length) }), wanted.note].filter(Boolean).join(" · "));
  });
  const order = orderChoice(campaign, candidates, (listed) => cards.order(listed));
  const { form, recount, begin } = filterForm(campaign, candidates, apply, order);
  begin();
  if (isOneByOne(campaign)) draft.listeners.push(() => cards.refresh());
  return h("section", { class: "wide", "aria-labelledby": "candidates" }, h("div", { class: "head" }, h("h2", { id: "candidates" }, say("candidates")), share, shown), form, cards.list, cards.more, nothing);
}

/**
 * The form, with more beside its choices. apply is called with what is wanted whenever that changes, and by begin at first. recount
 * has each choice say how many candidates there are of it, under what is wanted besides and was found.
 */
function filterForm(campaign, candidates, apply, more) {
  const kept = `filter:${campaign.slug}`;
  const wanted = { ...EVERYTHING, ...tab.recall(kept) };
  const want = (name, value) => {
    wanted[name] = value;
    tab.keep(kept, wanted);
    apply(wanted);
  };
  const there = new Set(candidates.flatMap((project) => project.themes.map(({ code }) => code)));
  const themes = campaign.themes.filter(({ code }) => there.has(code)).map(({ code, name }) => [code, name]);
  const city = candidates.some(({ level }) => level === "MUNICIPAL") ? [["CITY", say("municipal")]] : [];
  const places = [...city, ...campaign.districts.map(({ code, name }) => [code, name])];
  const noChoice = isPast(campaign) || isOneByOne(campaign);
  const search = h("input", {
    type: "search", "aria-label": say("search"), placeholder: say("search"), autocomplete: "off", enterkeyhint: "search", value: wanted.search,
  });
  whenTyped(search, (text) => want("search", text));
  if (noChoice) wanted.chosen = false; // nobody could take it back
  const chosen = h("input", { type: "checkbox", checked: wanted.chosen, onchange: (event) => want("chosen", event.target.checked) });
  const choices = [
    choice("district", [["", say("everyDistrict")], ...places], wanted, want),
    choice("theme", [["", say("everyTheme")], ...themes], wanted, want),
  ];
  const form = h(
    "form",
    { class: "filter", role: "search", "aria-label": say("filters"), onsubmit: (event) => event.preventDefault() },
    search,
    choices,
    more,
    !noChoice && h("label", { class: "check" }, chosen, say("chosenOnly")),
  );
  form.addEventListener("clear", () => {
    for (const select of choices.filter(Boolean)) select.value = "";
    search.value = "";
    chosen.checked = false;
    Object.assign(wanted, EVERYTHING);
    search.dispatchEvent(new Event("input")); // so that it is known what is typed
    want("search", "");
    search.focus();
  });
  const recount = (now, draft) => choices.filter(Boolean).forEach((select) => countEach(select, candidates, now, draft));
  return { form, recount, begin: () => apply(wanted) };
}

function choice(name, options, wanted, want) {
  if (!options.some(([value]) => value === wanted[name])) wanted[name] = ""; // it was kept from a campaign as it was before
  const made = options.map(([value, label]) => h("option", { value, selected: value === wanted[name], "data-name": label }, label));
  return options.length > 1 && h("select", { name, "aria-label": say(name), onchange: (event) => want(name, event.target.value) }, made);
}

/** The candidates in another order than they came. What sorts and draws is loaded with the first of these. */
export async function inOrder(order, campaign, candidates) {
  const orders = await import("./ordering/orders.js");
  return orders.inOrder(order, campaign, candidates);
}

/** What to choose the order by, the campaign's own first. show gets the candidates in each order that is chosen. */
function orderChoice(campaign, candidates, show) {
  const [name, own] = [`order:${campaign.slug}`, campaign.projectOrder];
  const known = (key) => candidates.some((project) => project[key] !== null);
  const useful = ["NUMBER", "TITLE", campaign.districts.length > 1 && "DISTRICT", known("startYear") && "START_YEAR", known("cost") && "COST", "SHUFFLED"];
  const orders = [own, ...useful.filter((order) => order && order !== own)];
  const wanted = tab.recall(name, own);
  const select = h("select", { "aria-label": say("order"), onchange: () => choose(select.value) },
    orders.map((order) => h("option", { value: order, selected: order === wanted }, say(`order_${order}`))));
  const choose = async (order) => {
    try {
      const listed = order === own ? candidates : await inOrder(order, campaign, candidates);
      if (select.value !== order) return; // another one is wanted by now
      tab.keep(name, order === own ? null : order);
      show(listed);
    } catch (error) {
      console.warn(error);
      notice(say(isOffline() ? "offline" : "failed"));
      if (select.value === order) select.value = tab.recall(name, own);
    }
  };
  if (wanted !== own && orders.includes(wanted)) choose(wanted);
  return candidates.length > 1 && select;
}

/** A card, and how to bring it up to whether it is chosen. */
function cardOf(project, campaign, draft) {
  const values = { number: project.number, title: project.title };
  const about = `#/candidate/${project.number}`;
  const { control, show: showControl } = chooser(project, campaign, draft, values);
  const title = h("a", { href: about, "aria-label": say("detailsOf", values), lang: langOf(project.title) }, project.title);
  const summary = h("p", { class: "summary", lang: langOf(project.summary) }, project.summary);
  const [first] = project.images;
  const number = String(project.number).padStart(2, "0");
  const card = h(
    "li",
    { class: `card${first ? " pictured" : ""}${stands(project) ? "" : " fallen"}` },
    first && picture(first, "thumb", "(min-width: 700px) 380px, 100vw"),
    h("p", { class: `number${number.length > 2 ? " long-number" : ""}`, "aria-hidden": "true" }, number),
    h("h3", {}, title),
    h("p", { class: "quiet" }, placeOf(project, campaign)),
    fallen(project),
    summary,
    foundIn(project.number, { TITLE: title, SUMMARY: summary }),
    h("p", { class: "tags" }, badge(project, campaign), tags(project), h("a", { class: "details", href: about, tabindex: "-1", "aria-hidden": "true" }, say("details"))),
    control,
  );
  const show = () => {
    card.classList.toggle("chosen", draft.has(project.id) && control !== null && !isOneByOne(campaign));
    showControl();
  };
  show();
  return { card, show };
}

/** That it does not stand any more, and why. */
export function fallen({ standing, standingReason }) {
  if (!(standing in FALLEN)) return null;
  return h("p", { class: "standing" }, h("strong", {}, say(FALLEN[standing])), standingReason && [" ", h("span", { lang: langOf(standingReason) }, standingReason)]);
}

const FALLEN = { WITHDRAWN: "withdrawn", DISQUALIFIED: "disqualified" };

/** Where it is from, since when, and what it costs, as far as the source says. */
export function placeOf(project, { currency }) {
  const place = project.district ? project.district.name : project.level === "MUNICIPAL" ? say("municipal") : null;
  const since = project.startYear && say("since", { year: project.startYear });
  const cost = project.cost !== null && money(Number(project.cost), currency);
  return [...new Set([project.code, place, project.organization, since, cost])].filter(Boolean).join(" · ");
}

/** What it is about, a label for each theme. */
export const tags = (project) => project.themes.map(({ name }) => h("span", { lang: langOf(name) }, name));

/** What has become of it: its award or how far it has come; null while nothing is known. Who lost in the last stage had passed those before. */
export function badge({ award, outcome }, { stages }) {
  if (award) return h("strong", { class: "outcome winner", lang: langOf(award.name) }, award.name);
  const isOver = stages.length > 0 && stages[stages.length - 1].status === "DECIDED";
  return ["FINALIST", "WINNER", "NOT_SELECTED"].includes(outcome)
    ? h("strong", { class: `outcome ${outcome.toLowerCase()}` }, say(outcome === "NOT_SELECTED" && isOver ? "NOT_A_WINNER" : outcome))
    : null;
}
