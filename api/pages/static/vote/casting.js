// How is a ballot cast exactly once over a network that may break? With a key that is kept until it is known what became of it.
// And may whoever is signed in cast another one yet? The server has said so, and is asked again when it may have changed.
import { ask, persist } from "./graphql.js";
import { SIGNED_RECEIPT, keep, keepCast, recall } from "./kept.js";
import { isOneByOne } from "./rules.js";
import { isOver, session as current } from "./session.js";
import { VOTES, votesCast } from "./sums.js";

const CAST = `
  mutation Cast($input: CastBallotInput!) {
    castBallot(input: $input) {
      ballot { id day ${SIGNED_RECEIPT} }
      violations { code message ... on UnknownProjects { projectIds } ... on ProjectsNotStanding { projectIds } }
    }
  }`;
// Errors that come before a ballot is looked at. After any other, as after no answer, the ballot may have been cast.
const BEFOREHAND = ["BAD_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "QUERY_TOO_LARGE", "RATE_LIMITED"];

const nameOf = (campaign) => `unanswered:${campaign.slug}`;

/** The ballot that was sent and not answered, or null. It belongs to the viewer who sent it. */
export function unanswered(campaign, session) {
  const sent = recall(nameOf(campaign));
  return sent !== null && (session.viewer === null || sent.viewer === session.viewer) ? sent : null;
}

/**
 * Cast a ballot with these projects, or the unanswered one again: with its key, the server returns the ballot it cast
 * the first time. Throws Refused or Unreachable; after either, casting again is safe. The key is forgotten once every
 * attempt under it has been answered.
 */
export async function cast(campaign, session, projectIds) {
  const before = unanswered(campaign, session);
  const sent = before || { viewer: session.viewer, projectIds, idempotencyKey: newKey() };
  keep(nameOf(campaign), sent);
  let unheard = before !== null;
  try {
    const { castBallot } = await persist(() => attempt(campaign, session.token, sent).catch((error) => {
      unheard = unheard || !BEFOREHAND.includes(error.code);
      throw error;
    }));
    unheard = false; // a ballot or violations: either way it is answered
    keepCast(campaign, sent, castBallot.ballot);
    return castBallot;
  } finally {
    if (!unheard) keep(nameOf(campaign), null);
  }
}

function attempt(campaign, token, { projectIds, idempotencyKey }) {
  return ask(CAST, { input: { campaign: campaign.slug, projectIds, idempotencyKey } }, token);
}

/** 32 random digits. crypto.randomUUID is younger, and needs HTTPS. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ALLOWANCE = `
  query Allowance($slug: String!, $oneByOne: Boolean!, $eligible: Boolean!) {
    viewer { allowance(campaign: $slug) { remaining nextAllowedAt } ... @include(if: $oneByOne) { ${VOTES} } }
    checkBallot(input: { campaign: $slug, projectIds: [] }) @include(if: $eligible) { code message }
  }`;

/** Learn what is left to the viewer, for rules.js, then tell whoever shows the draft. Unknown is no obstacle: casting will tell. */
export async function learnAllowance(campaign, draft) {
  const { token } = current;
  if (campaign.knownOf !== token) Object.assign(campaign, { allowance: null, cast: null, ineligible: null, knownOf: token });
  if (token === null || campaign.phase !== "VOTING") return void draft.tell();
  const asked = { slug: campaign.slug, oneByOne: isOneByOne(campaign), eligible: campaign.limits.eligibility !== null };
  try {
    const { viewer, checkBallot = [] } = await ask(ALLOWANCE, asked, token);
    if (token !== current.token) return; // somebody else by now
    campaign.allowance = viewer.allowance;
    campaign.cast = asked.oneByOne ? votesCast(campaign, viewer.ballots) : null;
    const [refusal] = checkBallot.filter(({ code }) => code === "NOT_ELIGIBLE");
    campaign.ineligible = refusal ? refusal.message : null;
    draft.tell();
  } catch (error) {
    if (isOver(error) && token === current.token) current.end();
  }
}
