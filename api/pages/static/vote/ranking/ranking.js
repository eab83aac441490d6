// Who is ahead, right now? The view of the standings, which asks for no more than what moves: titles are here already.
import { announce, fill, h } from "../dom.js";
import { showBallots } from "../campaign.js";
import { ask, askPublic } from "../graphql.js";
import { tab } from "../kept.js";
import { count, moment, say, votes } from "../language.js";
import { isOffline, skeleton } from "../loading.js";
import { isPast } from "../rules.js";
import { isOver, session } from "../session.js";
import { merged, withShares } from "./changes.js";
import { showCharts } from "./charts.js";
import { EVERY, watch } from "./live.js";
import { PAGE, Pages } from "./pages.js";
import { Standings } from "./standings.js";
import { watchTurnout } from "./turnout.js";

const RESULTS = `
  asOf
  totalCount
  turnout { ballots }
  cutLine { seats votes crossesTie }
  byDistrict { district { code } votes }
  nodes { id rank districtRank votes gain tiedCount project { id } }
  pageInfo @include(if: $many) { endCursor }`;
const LIVE = `subscription Live($slug: String, $filter: ProjectFilter, $many: Boolean!) { resultsChanged(campaign: $slug, filter: $filter, first: ${PAGE}, onlyChanges: true) { onlyChanges removedIds ${RESULTS} } }`;
const NOW = `query Now($slug: String, $filter: ProjectFilter, $after: String, $many: Boolean!) { results(campaign: $slug, filter: $filter, first: ${PAGE}, after: $after) { ${RESULTS} } }`;
const SPOKEN_EVERY = 20000; // milliseconds: a screen reader is not to talk all the time

/** The view, how to leave it, and a promise that is kept when it shows something. */
export function rankingView(campaign, candidates) {
  loadStyles();
  const leaders = leadersOf(campaign, candidates);
  const standings = new Standings(candidates, leaders);
  const parts = {
    campaign, candidates, standings,
    state: h("span", { class: "state" }), asOf: h("span", { class: "quiet" }),
    hidden: h("p", { class: "nothing", role: "status", hidden: true }), charts: h("div", { class: "charts" }),
    shown: null, district: tab.recall(nameOf(campaign), ""), spoken: -SPOKEN_EVERY, turnout: null, drawn: null, pages: null, stop: null,
    loading: h("div", {}, skeleton("rows")),
    more: h("button", { type: "button", class: "show-more", hidden: true, onclick: () => more(parts) }, say("showMore")),
  };
  const filled = new Promise((resolve) => Object.assign(parts, { filled: resolve }));
  parts.select = districts(parts);
  follow(parts);
  const head = h("div", { class: "head" }, h("h2", { id: "standings" }, say(isPast(campaign) ? "finalStandings" : "standings")), h("p", {}, parts.state, " ", parts.asOf));
  const jump = h("button", { type: "button", class: "link jump", onclick: () => parts.charts.scrollIntoView() }, say("toCharts"));
  parts.controls = h("div", {}, parts.select, colours(leaders, jump));
  const board = h("div", { class: "board" }, h("div", {}, parts.controls, parts.hidden, parts.loading, standings.list, parts.more), parts.charts);
  return { view: h("section", { class: "wide ranking", "aria-labelledby": "standings" }, head, board), leave: () => leave(parts), filled };
}

const nameOf = (campaign) => `district:${campaign.slug}`;
const grownName = (campaign) => `pages:${campaign.slug}`;

/** How many results of this district somebody wanted to see; a reload keeps them. */
function grownTo({ campaign, district }) {
  const grown = tab.recall(grownName(campaign));
  return grown !== null && grown.district === district ? grown.wanted : PAGE;
}

function more({ campaign, district, pages }) {
  pages.more();
  tab.keep(grownName(campaign), { district, wanted: pages.wanted });
}

/** Who is ahead: as many as the next stage has seats for; once everything is decided, who was chosen. Null where nobody is. */
function leadersOf({ stages }, candidates) {
  const next = stages.find(({ status }) => status !== "DECIDED");
  if (next) return next.seats < candidates.length ? { name: next.seats === 1 ? say("oneLeader") : say("leaders", { seats: count(next.seats) }), has: ({ rank }) => rank <= next.seats } : null;
  const chosen = new Set(candidates.filter(({ outcome }) => outcome === "WINNER").map(({ id }) => id));
  return chosen.size > 0 ? { name: say("WINNER"), has: ({ project }) => chosen.has(project.id) } : null;
}

/** What the two colours of the bars mean. */
function colours(leaders, jump) {
  const key = (name, of) => h("span", { class: `key ${of}` }, name);
  return h("p", { class: "colours quiet" }, leaders && [key(leaders.name, "leaders"), key(say("others"), "others")], jump);
}

/** Keep up the results of the whole campaign or, where they do not all fit on a page, of the district that is chosen. */
function follow(parts) {
  if (parts.stop !== null) parts.stop();
  const many = parts.candidates.length > PAGE;
  const filter = many && parts.district ? { districts: [parts.district] } : null;
  const variables = { slug: parts.campaign.slug, filter, many };
  const read = async (after) => withShares((await (session.token ? ask(NOW, { ...variables, after }, session.token) : askPublic(NOW, { ...variables, after }))).results);
  const numberOf = (id) => parts.standings.projects.get(id).number;
  let first = null;
  const pages = new Pages(read, (results) => show(parts, results), grownTo(parts));
  const stop = watch({
    query: LIVE,
    variables,
    token: () => session.token,
    poll: async () => ({ resultsChanged: await read(null) }),
    show: ({ resultsChanged }) => pages.update((first = merged(first, resultsChanged, numberOf))),
    refuse: (error) => refuse(parts, error),
    state: (name) => {
      parts.state.hidden = false;
      fill(parts.state, stateIn(parts, name));
      parts.state.className = `state ${name}`;
    },
  });
  parts.pages = pages;
  parts.stop = () => {
    pages.stop();
    stop();
  };
}

function leave(parts) {
  parts.stop();
  uncount(parts);
  if (parts.drawn) parts.drawn.then((charts) => charts && charts.dispose());
}

function stateIn({ campaign }, name) {
  if (name === "live" && isPast(campaign)) return say(campaign.phase);
  if (name.endsWith("connecting") && isOffline()) return say("offlineNow");
  return say(name, { seconds: EVERY / 1000 });
}

function show(parts, results) {
  const { campaign, standings } = parts;
  const isFirst = parts.shown === null;
  parts.shown = results;
  parts.hidden.hidden = results.nodes.some(({ votes }) => votes > 0);
  fill(parts.hidden, say(isPast(campaign) ? "noneCast" : "noVotes"));
  fill(parts.asOf, say("asOf", { at: moment(results.asOf, campaign.timeZone) }));
  standings.show(results.nodes, results.cutLine, parts.district);
  standings.list.hidden = parts.controls.hidden = parts.charts.hidden = false;
  parts.more.hidden = !parts.pages.hasMore(results.nodes.length);
  arrived(parts);
  if (parts.drawn === null) parts.drawn = showCharts(parts.charts, campaign, standings.projects, (code) => parts.pick(code));
  parts.drawn.then((charts) => charts && charts.show(results));
  if (!isFirst) speak(parts, results.nodes[0]);
  uncount(parts);
  showBallots(campaign, results.turnout.ballots);
}

function arrived(parts) {
  parts.loading.remove();
  parts.filled();
}

/** Watch the turnout no longer: it comes with the ranking, or nobody looks. */
function uncount(parts) {
  if (parts.turnout !== null) parts.turnout();
  parts.turnout = null;
}

/** The standings may not be seen, or the session is over: say so, and from when they may be. */
function refuse(parts, error) {
  if (isOver(error)) session.end();
  const { campaign, hidden, standings } = parts;
  const from = error.extensions.visibleFrom;
  hidden.hidden = false;
  standings.list.hidden = parts.more.hidden = true;
  arrived(parts);
  if (error.code !== "RESULTS_HIDDEN") return void fill(hidden, error.message);
  parts.controls.hidden = parts.charts.hidden = parts.state.hidden = true; // there is nothing to choose from, and nothing moves
  fill(parts.asOf);
  if (parts.turnout === null && !isPast(campaign)) parts.turnout = watchTurnout(campaign);
  const until = from ? say("hiddenUntil", { at: moment(from, campaign.timeZone) }) : say("hidden");
  fill(hidden, until, campaign.resultsVisibility === "AFTER_CASTING" && campaign.phase === "VOTING" ? ` ${say("castToSee")}` : "");
}

function speak(parts, first) {
  if (!first || performance.now() - parts.spoken < SPOKEN_EVERY) return;
  parts.spoken = performance.now();
  const { title } = parts.standings.projects.get(first.project.id);
  announce(say("changed", { title, votes: votes(first.votes) }));
}

function districts(parts) {
  const options = [["", say("everyDistrict")], ...parts.campaign.districts.map(({ code, name }) => [code, name])];
  parts.pick = (code) => {
    parts.district = code;
    select.value = code;
    tab.keep(nameOf(parts.campaign), code);
    if (parts.shown) parts.standings.show(parts.shown.nodes, parts.shown.cutLine, code);
    if (parts.candidates.length > PAGE) follow(parts);
  };
  const select = h("select", { "aria-label": say("standingsOf"), onchange: (event) => parts.pick(event.target.value) },
    options.map(([value, name]) => h("option", { value, selected: value === parts.district }, name)));
  select.hidden = options.length < 2;
  return select;
}

function loadStyles() {
  for (const name of ["ranking.css", "charts.css"]) {
    const href = new URL(name, import.meta.url).href;
    if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
  }
}
