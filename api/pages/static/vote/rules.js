// What do the campaign's rules ask of a ballot? They come as data; what the page prevents follows from them alone.

/** The rules by their types, which an unknown type leaves as they are. */
export function readRules(rules) {
  const named = (type) => rules.find((rule) => rule.__typename === type) || {};
  const { minimum = 1, maximum = Infinity } = named("ChoiceCountRule");
  const { opensAt = null, closesAt = null } = named("VotingWindowRule");
  return { minimum, maximum, opensAt, closesAt };
}

/** Whether the vote of this campaign is over, so that there is nothing to choose any more. */
export const isPast = ({ phase }) => phase === "CLOSED" || phase === "PUBLISHED";

/**
 * Why a ballot with so many choices would be refused now: a name and values for words.js; null if it would pass.
 * allowance is the viewer's, or null while it is not known.
 */
export function obstacle(rules, allowance, chosen, now) {
  if (rules.opensAt && now < Date.parse(rules.opensAt)) return { name: "notOpen", at: rules.opensAt };
  if (rules.closesAt && now >= Date.parse(rules.closesAt)) return { name: "closed", at: rules.closesAt };
  return quotaSpent(allowance, now) || wrongNumber(rules, chosen);
}

function quotaSpent(allowance, now) {
  if (!allowance || allowance.remaining > 0) return null;
  const { nextAllowedAt } = allowance;
  if (nextAllowedAt === null) return { name: "spentForGood" };
  return now < Date.parse(nextAllowedAt) ? { name: "spent", at: nextAllowedAt } : null;
}

function wrongNumber(rules, chosen) {
  if (chosen < rules.minimum) return { name: "tooFew", missing: rules.minimum - chosen };
  if (chosen > rules.maximum) return { name: "tooMany", surplus: chosen - rules.maximum };
  return null;
}
