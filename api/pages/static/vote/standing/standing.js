// How far has a candidate come? Its rank, its votes of each day, and who is just ahead and behind, to step through the ranking.
import { h } from "../dom.js";
import { count, day, langOf, learn, percent, say, votes as votesOf } from "../language.js";
import { isPast } from "../rules.js";
import { en, zh } from "./words.js";

/** The part of a candidate's details about its result. step is called with the neighbour whose link is pressed. */
export function standingOf(campaign, result, step) {
  ready();
  const { rank, districtRank, tiedCount, votes, share, byDay, ahead, behind } = result;
  const level = tiedCount > 0 && say(tiedCount === 1 ? "sameVotesAsOne" : "sameVotes", { count: count(tiedCount) });
  const near = [neighbour("justAhead", ahead, campaign, step), neighbour("justBehind", behind, campaign, step)];
  return h(
    "section",
    { class: "standing-now" },
    h("h3", {}, say(isPast(campaign) ? "finalStanding" : "standing")),
    h("p", {}, h("strong", {}, say("rank", { rank: count(rank) })), ...[districtRank && say("inDistrict", { rank: districtRank }), level].filter(Boolean).map((text) => ` · ${text}`)),
    h("p", { class: "quiet" }, `${votesOf(votes)} · ${say("ofBallots", { share: percent(share) })}`),
    byDay.length > 1 && days(byDay),
    h("nav", { class: "near", "aria-label": say("neighbours") }, near),
  );
}

function days(byDay) {
  const most = Math.max(...byDay.map(({ votes }) => votes));
  const rows = byDay.map(({ day: date, votes }) => {
    const bar = h("div", { class: "day-bar" });
    bar.style.width = `${most ? (100 * votes) / most : 0}%`;
    return h("tr", {}, h("th", { scope: "row" }, day(date)), h("td", { class: "day-track", "aria-hidden": "true" }, bar), h("td", { class: "day-votes" }, count(votes)));
  });
  return h("table", { class: "days" }, h("caption", {}, say("votesByDay")), h("tbody", {}, rows));
}

function neighbour(name, result, campaign, step) {
  const project = result && campaign.byId.get(result.project.id);
  if (!project) return null; // at an end, or entered after this page was opened
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return; // into a tab of its own
    event.preventDefault();
    step(project);
  };
  const label = h("small", { class: "quiet" }, say(name), " · ", say("rank", { rank: count(result.rank) }));
  return h("a", { href: `#/candidate/${project.number}`, class: name, onclick: go }, label, h("span", { lang: langOf(project.title) }, project.title));
}

function ready() {
  learn({ zh, en });
  const href = new URL("standing.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
}
