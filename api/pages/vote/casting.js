// How is a ballot cast exactly once over a network that may break? With a key that is kept until an answer has come.
import { ask, persist } from "./graphql.js";
import { keep, recall } from "./kept.js";

const CAST = `
  mutation Cast($input: CastBallotInput!) {
    castBallot(input: $input) {
      ballot { id }
      violations { code message ... on UnknownProjects { projectIds } }
    }
  }`;

const nameOf = (campaign) => `unanswered:${campaign.slug}`;

/** The ballot that was sent and not answered, or null. It belongs to the viewer who sent it. */
export function unanswered(campaign, session) {
  const sent = recall(nameOf(campaign));
  return sent !== null && (session.viewer === null || sent.viewer === session.viewer) ? sent : null;
}

/**
 * Cast a ballot with these projects, or the unanswered one again: with its key, the server returns the ballot it cast
 * the first time. Throws Refused or Unreachable; after either, casting again is safe.
 */
export async function cast(campaign, session, projectIds) {
  const sent = unanswered(campaign, session) || { viewer: session.viewer, projectIds, idempotencyKey: newKey() };
  keep(nameOf(campaign), sent);
  const input = { campaign: campaign.slug, projectIds: sent.projectIds, idempotencyKey: sent.idempotencyKey };
  const { castBallot } = await persist(() => ask(CAST, { input }, session.token));
  keep(nameOf(campaign), null); // a ballot or violations: either way it is answered
  return castBallot;
}

/** 32 random digits. crypto.randomUUID is younger, and needs HTTPS. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
