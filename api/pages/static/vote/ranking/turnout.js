// How many have voted by now, where the ranking itself may not be seen? Watched as the ranking would be.
import { countBallots, showBallots } from "../campaign.js";
import { watch } from "./live.js";

const LIVE = "subscription Turnout($slug: String) { turnoutChanged(campaign: $slug) { ballots } }";

/** Have the head say how many ballots there are. Returns a function that ends it. */
export function watchTurnout(campaign) {
  return watch({
    query: LIVE,
    variables: { slug: campaign.slug },
    token: () => null,
    poll: async () => {
      await countBallots(campaign);
      return { turnoutChanged: campaign.turnout };
    },
    show: ({ turnoutChanged }) => showBallots(campaign, turnoutChanged.ballots),
    refuse: console.warn,
    state: () => {},
  });
}
