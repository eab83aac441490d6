// May whoever is signed in cast another ballot yet? The server has said so, and is asked again when it may have changed.
import { ask } from "./graphql.js";
import { isOver, session } from "./session.js";

const ALLOWANCE = "query Allowance($slug: String) { viewer { allowance(campaign: $slug) { remaining nextAllowedAt } } }";

/** Learn what is left to the viewer, for rules.js, then tell whoever shows the draft. Unknown is no obstacle: casting will tell. */
export async function learnAllowance(campaign, draft) {
  const { token } = session;
  campaign.allowance = null;
  if (token === null || campaign.phase !== "VOTING") return;
  try {
    const { viewer } = await ask(ALLOWANCE, { slug: campaign.slug }, token);
    if (token !== session.token) return; // somebody else by now
    campaign.allowance = viewer.allowance;
    draft.tell();
  } catch (error) {
    if (isOver(error) && token === session.token) session.end();
  }
}
