// How is a ballot cast exactly once over a network that may break? With a key that is kept until it is known what became of it.
import { ask, persist } from "./graphql.js";
import { keep, recall } from "./kept.js";

const CAST = `
  mutation Cast($input: CastBallotInput!) {
    castBallot(input: $input) {
      ballot { id }
      violations { code message ... on UnknownProjects { projectIds } }
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
