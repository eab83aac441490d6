// How does the ranking look while it moves? Rows that keep their identity, and slide to where they belong.
import { fill, h } from "../dom.js";
import { count, langOf, percent, say, votes as votesOf } from "../language.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A list of rows by candidate, each a link to it; show puts results in order. leaders: whom to mark, or null. */
export class Standings {
  constructor(candidates, leaders) {
    this.leaders = leaders;
    this.projects = new Map(candidates.map((project) => [project.id, project]));
    this.rows = new Map();
    this.list = h("ol", { class: "standings" });
  }

  /** Show these results in their order. seats are those that pass; the line is drawn behind the last of them. */
  show(results, cutLine, district) {
    const kept = district ? results.filter(({ project }) => this.districtOf(project.id) === district) : results;
    const before = this.tops();
    const most = results.length > 0 ? results[0].votes : 0;
    const last = district || cutLine === null ? null : results[cutLine.seats - 1];
    const rows = kept.map((result) => this.row(result, most, district, result === last ? cutLine : null));
    if (rows.some((row, at) => this.list.children[at] !== row) || rows.length !== this.list.children.length) {
      const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
      fill(this.list, rows);
      this.slide(before);
      if (focused && focused.isConnected) focused.focus({ preventScroll: true }); // it lost it by moving
    }
  }

  districtOf(id) {
    const { district } = this.projects.get(id);
    return district === null ? null : district.code;
  }

  row({ project, rank, districtRank, votes, share, gain, tiedCount }, most, district, cutLine) {
    const { number, title } = this.projects.get(project.id);
    if (!this.rows.has(project.id)) this.rows.set(project.id, emptyRow(number, title));
    const { row, place, tie, bar, votesAt, more, cut } = this.rows.get(project.id);
    const shown = district ? districtRank : rank;
    fill(place, String(shown));
    place.setAttribute("aria-label", district ? say("inDistrict", { rank: shown }) : say("rank", { rank: shown }));
    tie.hidden = tiedCount === 0 || votes === 0;
    fill(votesAt, h("strong", {}, votesOf(votes)), ` · ${say("ofBallots", { share: percent(share) })}`);
    fill(more, say("number", { number }), gain > 0 && ` · ${say("gain", { gain: count(gain) })}`);
    bar.style.width = `${most ? (100 * votes) / most : 0}%`;
    row.classList.toggle("leading", this.leaders !== null && this.leaders.has({ rank, project }) && votes > 0);
    row.classList.toggle("cut", cutLine !== null);
    fill(cut, cutLine && cutLineIn(cutLine));
    return row;
  }

  tops() {
    return new Map([...this.list.children].map((row) => [row, row.offsetTop]));
  }

  /** Each row starts from where it was, and is let go to where it is. */
  slide(before) {
    if (still.matches) return;
    for (const row of this.list.children) {
      const way = (before.has(row) ? before.get(row) : row.offsetTop) - row.offsetTop;
      row.style.transition = "none";
      row.style.transform = way ? `translateY(${way}px)` : "";
    }
    this.list.getBoundingClientRect(); // have the browser lay it out so, before it moves
    for (const row of this.list.children) {
      row.style.transition = "";
      row.style.transform = "";
    }
  }
}

function cutLineIn({ seats, crossesTie }) {
  if (seats === 1) return say(crossesTie ? "oneCutLineTied" : "oneCutLine");
  return say(crossesTie ? "cutLineTied" : "cutLine", { seats: count(seats) });
}

function emptyRow(number, title) {
  const parts = {
    place: h("span", { class: "place", role: "img" }),
    tie: h("span", { class: "tie" }, say("tied")),
    votesAt: h("p", { class: "votes" }),
    more: h("p", { class: "more quiet" }),
    bar: h("div", { class: "bar" }),
    cut: h("p", { class: "line" }),
  };
  const name = h("p", { class: "name" }, h("a", { href: `#/candidate/${number}`, lang: langOf(title) }, title), parts.tie);
  const track = h("div", { class: "track", "aria-hidden": "true" }, parts.bar);
  parts.row = h("li", {}, parts.place, name, parts.votesAt, track, parts.more, parts.cut);
  return parts;
}
