// What do the rules that add up leave? So many of each group, what all choices cost together, and votes cast one by one.
import { money, say } from "./language.js";

const LEVELS = [["MUNICIPAL", "municipal"], ["DISTRICT", "ofDistrict"], ["UNSTATED", "ofNobody"]];
const SCALE = 10000; // costs are added as whole numbers of so many parts

/** Every sum that a rule bounds, in words and numbers: those of groups, then the budget. */
export function sums(campaign, ids) {
  const chosen = [...ids].map((id) => campaign.byId.get(id)).filter(Boolean);
  const { groups, budget } = campaign.limits;
  return [...groups.flatMap((rule) => groupSums(campaign, rule, chosen)), ...(budget ? [budgetSum(campaign, budget, chosen)] : [])];
}

function groupSums(campaign, { groupBy, group, least, most }, chosen) {
  const named = groupsOf(campaign, groupBy).filter(([code]) => group === null || code === group);
  return named.map(([code, name]) => {
    const count = chosen.filter((project) => codesOf(project, groupBy).includes(code)).length;
    const [missing, surplus] = [least === null ? 0 : Math.max(0, least - count), most === null ? 0 : Math.max(0, count - most)];
    return { kind: "group", groupBy, code, name, count, least, most, missing, surplus, text: groupText(name, count, least, most) };
  });
}

function groupText(group, count, least, most) {
  if (least !== null && least === most) return say("groupExactly", { group, count, most });
  if (least === null) return say("groupAtMost", { group, count, most });
  return most === null ? say("groupAtLeast", { group, count, least }) : say("groupBetween", { group, count, least, most });
}

/** The groups that somebody stands in, as pairs of their codes and names. */
function groupsOf({ byId, themes, districts }, groupBy) {
  const named = { THEME: themes, DISTRICT: districts, LEVEL: LEVELS.map(([code, name]) => ({ code, name: say(name) })) }[groupBy];
  const there = new Set([...byId.values()].flatMap((project) => codesOf(project, groupBy)));
  return named.filter(({ code }) => there.has(code)).map(({ code, name }) => [code, name]);
}

function codesOf({ themes, district, level }, groupBy) {
  if (groupBy === "THEME") return themes.map(({ code }) => code);
  return groupBy === "LEVEL" ? [level] : district ? [district.code] : [];
}

function budgetSum({ currency }, { budget }, chosen) {
  const spent = chosen.reduce((sum, project) => sum + parts(project.cost), 0);
  const left = parts(budget) - spent;
  const amount = (sum) => money(sum / SCALE, currency);
  const values = { left: amount(left), over: amount(-left), limit: amount(parts(budget)) };
  return { kind: "budget", ...values, missing: 0, surplus: Math.max(0, -left), text: say(left < 0 ? "budgetOver" : "budgetLeft", values) };
}

const parts = (cost) => Math.round(Number(cost || 0) * SCALE);

/** The first sum that a ballot of these choices would break: a name and values for words.js; null if none. */
export function brokenSum(campaign, ids) {
  const found = sums(campaign, ids);
  const over = found.find(({ surplus }) => surplus > 0);
  const under = found.find(({ missing }) => missing > 0);
  if (over) return over.kind === "budget" ? { name: "overBudget", over: over.over } : { name: "tooManyInGroup", group: over.name, surplus: over.surplus };
  return under ? { name: "tooFewInGroup", group: under.name, missing: under.missing } : null;
}

/** Why a project cannot be added to these choices, in words; null if it can. */
export function fullFor(campaign, ids, project) {
  const after = sums(campaign, new Set([...ids, project.id]));
  const before = sums(campaign, ids);
  const at = after.findIndex(({ surplus }, place) => surplus > before[place].surplus);
  if (at < 0) return null;
  const sum = before[at];
  return sum.kind === "budget" ? say("budgetFull", { left: sum.left, cost: money(Number(project.cost), campaign.currency) }) : say("groupFull", { group: sum.name, most: sum.most });
}

/** The fields of a ballot that tell whether it is a vote of this period. */
export const VOTES = "ballots(campaign: $slug) { castAt day projects { id } }";

/** How many votes somebody has cast in this period, by project. */
export function votesCast({ limits, clock, timeZone }, ballots) {
  const [today, hour] = [clock.dayIn(timeZone), clock.timeIn(timeZone).slice(0, 2)];
  const now = { DAY: (ballot) => ballot.day === today, HOUR: ({ castAt }) => castAt.slice(0, 13) === `${today}T${hour}` }[limits.votes.period];
  const cast = new Map();
  for (const { projects } of ballots.filter(now || (() => true))) {
    for (const { id } of projects) cast.set(id, (cast.get(id) || 0) + 1);
  }
  return cast;
}

/** How many votes are left in this period, for whichever project; all of them for somebody who has not signed in. */
export const votesLeft = ({ limits, allowance }) => (allowance ? allowance.remaining : limits.votes.limit);

/** How many of them may be for this project. */
export function votesLeftFor(campaign, { id }) {
  const cast = (campaign.cast && campaign.cast.get(id)) || 0;
  return Math.max(0, Math.min(votesLeft(campaign), campaign.limits.votes.perProject - cast));
}

/** How many votes are left, of how many. */
export function votesLine(campaign) {
  const { limit, period } = campaign.limits.votes;
  return say(LINES[period] || "votesLeft", { left: votesLeft(campaign), limit });
}

const LINES = { DAY: "votesLeftToday", HOUR: "votesLeftThisHour" };
