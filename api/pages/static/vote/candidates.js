// Who stands for election? Cards that can be searched, filtered, opened and chosen.
import { Cards } from "./cards.js";
import { chooser } from "./choosing.js";
import { fill, h, picture } from "./dom.js";
import { filterForm } from "./filter.js";
import { askPublic, persist } from "./graphql.js";
import { count, langOf, money, say } from "./language.js";
import { orderChoice } from "./orders.js";
import { isOneByOne, stands } from "./rules.js";
import { foundIn, meets, searching } from "./searching.js";

const CANDIDATES = `
  query Candidates($slug: String, $after: String) {
    projects(campaign: $slug, first: 100, after: $after) {
      nodes {
        id number code title summary organization level startYear outcome cost standing standingReason
        themes { code name } district { code name } award { code name } images { url width height alternative }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

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
  const shown = h("p", { class: "quiet", role: "status" });
  const clear = h("button", { type: "button", onclick: () => form.dispatchEvent(new Event("clear")) }, say("clearFilters"));
  const nothing = h("div", { class: "nothing", hidden: true }, h("p", {}, say("nothing")), clear);
  const apply = searching(campaign.slug, candidates, (wanted) => {
    const { search, district, theme, chosen } = wanted;
    const found = cards.keep((project) => meets(project, wanted, draft), JSON.stringify([search, district, theme, chosen]));
    recount(wanted, draft);
    nothing.hidden = found > 0;
    fill(shown, [say("shown", { shown: count(found), total: count(candidates.length) }), wanted.note].filter(Boolean).join(" · "));
  });
  const order = orderChoice(campaign, candidates, (listed) => cards.order(listed));
  const { form, recount, begin } = filterForm(campaign, candidates, apply, order);
  begin();
  if (isOneByOne(campaign)) draft.listeners.push(() => cards.refresh());
  const head = h("div", { class: "head" }, h("h2", { id: "candidates" }, say("candidates")), shown);
  return h("section", { class: "wide", "aria-labelledby": "candidates" }, head, form, cards.list, cards.more, nothing);
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
    first && picture(first, "thumb"),
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
