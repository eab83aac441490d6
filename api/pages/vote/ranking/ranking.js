// Who is ahead, right now? The view of the standings, which asks for no more than what moves: titles are here already.
import { announce, fill, h } from "../dom.js";
import { ask, askPublic } from "../graphql.js";
import { count, moment, say } from "../language.js";
import { isOver, session } from "../session.js";
import { showCharts } from "./charts.js";
import { watch } from "./live.js";
import { Standings } from "./standings.js";

const RESULTS = `
  asOf
  cutLine { seats votes crossesTie }
  nodes { rank districtRank votes share gain project { id } tiedWith { id } }`;
const LIVE = `subscription Live($slug: String) { resultsChanged(campaign: $slug, first: 100) { ${RESULTS} } }`;
const NOW = `query Now($slug: String) { results(campaign: $slug, first: 100) { ${RESULTS} } }`;
const SPOKEN_EVERY = 20000; // milliseconds: a screen reader is not to talk all the time

/** The view, and how to leave it. */
export function rankingView(campaign, candidates) {
  loadStyle();
  const standings = new Standings(candidates);
  const parts = {
    campaign, candidates, standings,
    state: h("span", { class: "state" }), asOf: h("span", { class: "quiet" }),
    hidden: h("p", { class: "nothing", role: "status", hidden: true }), charts: h("div", { class: "charts" }),
    shown: null, district: "", spoken: -SPOKEN_EVERY, drawn: null,
  };
  parts.select = districts(parts);
  const leave = follow(parts);
  const head = h("div", { class: "head" }, h("h2", { id: "standings" }, say("standings")), h("p", {}, parts.state, " ", parts.asOf));
  const board = h("div", { class: "board" }, h("div", {}, parts.select, parts.hidden, standings.list), parts.charts);
  return { view: h("section", { class: "wide ranking", "aria-labelledby": "standings" }, head, board), leave };
}

function follow(parts) {
  const variables = { slug: parts.campaign.slug };
  const stop = watch({
    query: LIVE,
    variables,
    token: session.token,
    poll: async () => ({ resultsChanged: (await (session.token ? ask(NOW, variables, session.token) : askPublic(NOW, variables))).results }),
    show: ({ resultsChanged }) => show(parts, resultsChanged),
    refuse: (error) => refuse(parts, error),
    state: (name) => {
      fill(parts.state, say(name));
      parts.state.className = `state ${name}`;
    },
  });
  return () => {
    stop();
    if (parts.drawn) parts.drawn.then((charts) => charts && charts.dispose());
  };
}

function show(parts, results) {
  const { campaign, standings } = parts;
  const isFirst = parts.shown === null;
  parts.shown = results;
  parts.hidden.hidden = results.nodes.some(({ votes }) => votes > 0);
  fill(parts.hidden, say("noVotes"));
  fill(parts.asOf, say("asOf", { at: moment(results.asOf, campaign.timeZone) }));
  standings.show(results.nodes, results.cutLine, parts.district);
  standings.list.hidden = false;
  if (parts.drawn === null) parts.drawn = showCharts(parts.charts, campaign, standings.projects, (code) => parts.pick(code));
  parts.drawn.then((charts) => charts && charts.show(results.nodes));
  if (!isFirst) speak(parts, results.nodes[0]);
}

/** The standings may not be seen, or the session is over: say so, and from when they may be. */
function refuse(parts, error) {
  if (isOver(error)) session.end();
  const { campaign, hidden, standings } = parts;
  const from = error.extensions.visibleFrom;
  hidden.hidden = false;
  standings.list.hidden = true;
  if (error.code !== "RESULTS_HIDDEN") return void fill(hidden, error.message);
  const until = from ? say("hiddenUntil", { at: moment(from, campaign.timeZone) }) : say("hidden");
  fill(hidden, until, campaign.resultsVisibility === "AFTER_CASTING" && campaign.phase === "VOTING" ? ` ${say("castToSee")}` : "");
}

function speak(parts, first) {
  if (!first || performance.now() - parts.spoken < SPOKEN_EVERY) return;
  parts.spoken = performance.now();
  const { title } = parts.standings.projects.get(first.project.id);
  announce(say("changed", { title, votes: count(first.votes) }));
}

function districts(parts) {
  const options = [["", say("everyDistrict")], ...parts.campaign.districts.map(({ code, name }) => [code, name])];
  parts.pick = (code) => {
    parts.district = code;
    select.value = code;
    if (parts.shown) parts.standings.show(parts.shown.nodes, parts.shown.cutLine, code);
  };
  const select = h("select", { "aria-label": say("standingsOf"), onchange: (event) => parts.pick(event.target.value) },
    options.map(([value, name]) => h("option", { value }, name)));
  return select;
}

function loadStyle() {
  const href = new URL("ranking.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
}
