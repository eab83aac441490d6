// What do the two charts look like? Options for ECharts, in the page's own colours, and still where people want no motion.
import { count, day, say } from "../language.js";

const BOX = 12; // pixels: the width of a colour in the legend
const LINES = ["--accent", "--second", "--third", "--fourth", "--fifth"];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function common() {
  return {
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 400,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--quiet") },
    tooltip: {
      renderMode: "richText", // on the canvas: as HTML it would need inline styles, which the page's policy forbids
      confine: true,
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: { color: colour("--ink"), fontSize: 12 },
    },
  };
}

const axis = (more) => ({
  axisLine: { lineStyle: { color: colour("--line") } },
  axisTick: { show: false },
  axisLabel: { color: colour("--quiet"), fontSize: 11 },
  splitLine: { lineStyle: { color: colour("--line"), opacity: 0.6 } },
  ...more,
});

/** Titles, cut off where the chart ends. */
function legend(width) {
  const textStyle = { color: colour("--quiet"), fontSize: 11, width: width - 8 - BOX - 16, overflow: "truncate" };
  return { orient: "vertical", left: 8, bottom: 0, itemGap: 5, icon: "roundRect", itemWidth: BOX, itemHeight: 8, textStyle };
}

/** Ballots of each day as columns, and the leaders' votes as lines, on a chart of this width. */
export function byDay(turnout, leaders, projects, width) {
  const days = turnout.map((one) => one.day);
  const lines = leaders.map(({ project, byDay: votes }, at) => ({
    name: projects.get(project.id).title,
    type: "line",
    symbolSize: 7,
    color: colour(LINES[at]),
    data: votes.map((one) => one.votes),
  }));
  const columns = { name: say("dailyBallots"), type: "bar", barMaxWidth: 36, color: colour("--column"), data: turnout.map((one) => one.ballots) };
  return {
    ...common(),
    tooltip: { ...common().tooltip, trigger: "axis", valueFormatter: count },
    legend: legend(width),
    grid: { left: 8, right: 12, top: 16, bottom: 20 + 19 * (lines.length + 1), containLabel: true },
    xAxis: axis({ type: "category", data: days.map(day) }),
    yAxis: axis({ type: "value", minInterval: 1, axisLabel: { color: colour("--quiet"), fontSize: 11, formatter: count } }),
    series: [columns, ...lines],
  };
}

/** The votes of each district's candidates as bars, most on top. */
export function byDistrict(districts) {
  return {
    ...common(),
    tooltip: { ...common().tooltip, valueFormatter: count },
    grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
    xAxis: axis({ type: "value", minInterval: 1, splitNumber: 3 }),
    yAxis: axis({ type: "category", inverse: true, data: districts.map((one) => one.name), splitLine: { show: false } }),
    series: [
      {
        type: "bar",
        barMaxWidth: 14,
        color: colour("--accent"),
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        data: districts.map((one) => one.votes),
        label: { show: true, position: "right", color: colour("--quiet"), fontSize: 11, formatter: ({ value }) => count(value) },
      },
    ],
  };
}
