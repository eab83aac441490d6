// What do the campaign's rules ask of a ballot? They come as data; what the page prevents follows from them alone.
import { brokenSum, votesLeftFor } from "./sums.js";

/** The rules by their types, which an unknown type leaves as they are: the page then shows their descriptions alone. */
export function readRules(rules) {
  const all = (type) => rules.filter((rule) => rule.__typename === type);
  const only = (type) => all(type)[0] || null;
  const oneByOne = { minimum: 1, maximum: 1 }; // a ballot is a vote for one project
  const { minimum = 1, maximum = Infinity } = only("VoteQuotaRule") ? oneByOne : only("ChoiceCountRule") || {};
  const { opensAt = null, closesAt = null } = only("VotingWindowRule") || {};
  const [votes, budget, hours, eligibility] = ["VoteQuotaRule", "BudgetRule", "VotingHoursRule", "EligibilityRule"].map(only);
  return { minimum, maximum, opensAt, closesAt, votes, budget, hours, groups: all("GroupChoiceRule"), eligibility };
}

/** Whether the vote of this campaign is over, so that there is nothing to choose any more. */
export const isPast = ({ phase }) => ["CLOSED", "ANNOUNCED", "PUBLISHED", "ARCHIVED"].includes(phase);

/** Whether votes are cast one by one, each for one project. */
export const isOneByOne = ({ limits }) => limits.votes !== null;

/** Whether a project may be voted for at all: it may have been withdrawn or disqualified. */
export const stands = ({ standing }) => standing === "STANDING";

/** Why a ballot with these choices would be refused now: a name and values for words.js; null if it would pass. */
export function obstacle(campaign, ids) {
  const now = campaign.clock.now();
  return notAtThisTime(campaign, now) || notByThisVoter(campaign, now) || wrongNumber(campaign.limits, ids.size) || votedOften(campaign, ids) || brokenSum(campaign, ids);
}

function notAtThisTime({ limits, phase, clock, timeZone }, now) {
  if (limits.opensAt && now < Date.parse(limits.opensAt)) return { name: "notOpen", at: limits.opensAt };
  if (limits.closesAt && now >= Date.parse(limits.closesAt)) return { name: "closed", at: limits.closesAt };
  if (phase === "PAUSED") return { name: "paused" };
  return limits.hours && !isWithin(limits.hours, clock.timeIn(timeZone)) ? { name: "outsideHours", ...limits.hours } : null;
}

/** Whether a time of the day, as text, is in the hours, which may go over midnight. */
function isWithin({ from, until }, time) {
  return from < until ? from <= time && time < until : from <= time || time < until;
}

/** What the server has said of whoever is signed in; null while it is not known. */
function notByThisVoter({ ineligible, allowance }, now) {
  if (ineligible) return { name: "ineligible", message: ineligible };
  if (!allowance || allowance.remaining > 0) return null;
  const { nextAllowedAt } = allowance;
  if (nextAllowedAt === null) return { name: "spentForGood" };
  return now < Date.parse(nextAllowedAt) ? { name: "spent", at: nextAllowedAt } : null;
}

/** Whether one of several votes is for a project that has had all it may have. */
function votedOften(campaign, [id]) {
  return isOneByOne(campaign) && votesLeftFor(campaign, { id }) === 0 ? { name: "projectSpent" } : null;
}

function wrongNumber(limits, chosen) {
  if (chosen < limits.minimum) return { name: "tooFew", missing: limits.minimum - chosen };
  if (chosen > limits.maximum) return { name: "tooMany", surplus: chosen - limits.maximum };
  return null;
}
