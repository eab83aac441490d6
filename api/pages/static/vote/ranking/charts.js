// How did the vote go by day and by district? Two charts by ECharts, which is loaded when somebody looks at the ranking.
import { fill, h } from "../dom.js";
import { ask } from "../graphql.js";
import { ballots, day, say, votes as votesOf } from "../language.js";
import { session } from "../session.js";
import { byDay, byDistrict } from "./options.js";

const LIBRARY = new URL("../../vendor/echarts/echarts.common.min.js", import.meta.url).href;
const DAYS = `
  query Days($slug: String) {
    campaign(slug: $slug) { turnout { byDay { day ballots } } }
    results(campaign: $slug, first: 5) { nodes { project { id } byDay { day votes } } }
  }`;
const EVERY = 10000; // milliseconds between two looks at the days

/** Draw the charts into a place; pick is called with the district somebody presses. null without the library. */
export async function showCharts(place, campaign, projects, pick) {
  try {
    await library();
    return new Charts(place, campaign, projects, pick);
  } catch (error) {
    fill(place, h("p", { class: "quiet" }, say("noChart")));
    return null;
  }
}

class Charts {
  constructor(place, campaign, projects, pick) {
    Object.assign(this, { campaign, projects, asked: -EVERY, days: null, shown: null });
    this.daily = panel("byDay");
    this.places = panel("byDistrict");
    fill(place, this.daily.panel, campaign.districts.length > 0 && this.places.panel);
    this.curve = window.echarts.init(this.daily.canvas, null, { renderer: "canvas" });
    this.bars = window.echarts.init(this.places.canvas, null, { renderer: "canvas" });
    this.bars.on("click", ({ dataIndex }) => pick(this.districts[dataIndex].code));
    this.resized = () => {
      [this.curve, this.bars].forEach((chart) => chart.resize());
      this.draw();
    };
    this.dark = window.matchMedia("(prefers-color-scheme: dark)");
    this.recoloured = () => this.draw();
    window.addEventListener("resize", this.resized);
    this.dark.addListener(this.recoloured);
  }

  /** Show these results, and what the days were like, which is asked for once in a while. */
  async show(results) {
    this.shown = results;
    this.draw();
    if (performance.now() - this.asked < EVERY) return;
    this.asked = performance.now();
    this.days = await ask(DAYS, { slug: this.campaign.slug }, session.token).catch(() => this.days);
    if (!this.curve.isDisposed()) this.draw();
  }

  draw() {
    if (this.shown === null) return;
    this.districts = this.sums();
    this.bars.setOption(byDistrict(this.districts), true);
    this.places.say(this.districts.map((one) => say("districtTable", { name: one.name, votes: votesOf(one.votes) })));
    if (this.days === null) return;
    const { byDay: turnout } = this.days.campaign.turnout;
    this.curve.setOption(byDay(turnout, this.days.results.nodes, this.projects, this.curve.getWidth()), true);
    this.daily.say(turnout.map((one) => say("dailyTable", { day: day(one.day), ballots: ballots(one.ballots) })));
  }

  /** The votes of each district's candidates together, most first. */
  sums() {
    const names = new Map(this.campaign.districts.map(({ code, name }) => [code, name]));
    return this.shown.byDistrict.map(({ district: { code }, votes }) => ({ code, name: names.get(code), votes }));
  }

  dispose() {
    window.removeEventListener("resize", this.resized);
    this.dark.removeListener(this.recoloured);
    this.curve.dispose();
    this.bars.dispose();
  }
}

/** A frame for a chart, and a list that says the same to whoever cannot see it. */
function panel(name) {
  const canvas = h("div", { class: "chart", "aria-hidden": "true" });
  const words = h("ul", { class: "unseen" });
  return { panel: h("section", { class: "panel" }, h("h3", {}, say(name)), canvas, words), canvas, say: (lines) => fill(words, lines.map((line) => h("li", {}, line))) };
}

function library() {
  if (window.echarts) return Promise.resolve();
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src: LIBRARY, onload: resolve, onerror: reject }));
  });
}
