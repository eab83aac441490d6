// Where votes are cast one by one, how many are left, and how many of them for one project?
import { say } from "./language.js";

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
