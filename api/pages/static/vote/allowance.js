// May whoever is signed in cast another ballot yet? The server has said so, and is asked again when it may have changed.
import { ask } from "./graphql.js";
import { isOneByOne } from "./rules.js";
import { isOver, session } from "./session.js";
import { VOTES, votesCast } from "./votes.js";

const ALLOWANCE = `
  query Allowance($slug: String!, $oneByOne: Boolean!, $eligible: Boolean!) {
    viewer { allowance(campaign: $slug) { remaining nextAllowedAt } ... @include(if: $oneByOne) { ${VOTES} } }
    checkBallot(input: { campaign: $slug, projectIds: [] }) @include(if: $eligible) { code message }
  }`;

/** Learn what is left to the viewer, for rules.js, then tell whoever shows the draft. Unknown is no obstacle: casting will tell. */
export async function learnAllowance(campaign, draft) {
  const { token } = session;
  if (campaign.knownOf !== token) Object.assign(campaign, { allowance: null, cast: null, ineligible: null, knownOf: token });
  if (token === null || campaign.phase !== "VOTING") return void draft.tell();
  const asked = { slug: campaign.slug, oneByOne: isOneByOne(campaign), eligible: campaign.limits.eligibility !== null };
  try {
    const { viewer, checkBallot = [] } = await ask(ALLOWANCE, asked, token);
    if (token !== session.token) return; // somebody else by now
    campaign.allowance = viewer.allowance;
    campaign.cast = asked.oneByOne ? votesCast(campaign, viewer.ballots) : null;
    const [refusal] = checkBallot.filter(({ code }) => code === "NOT_ELIGIBLE");
    campaign.ineligible = refusal ? refusal.message : null;
    draft.tell();
  } catch (error) {
    if (isOver(error) && token === session.token) session.end();
  }
}
