// How will it be decided? A dialog with the stages and the criteria in words; what it says is fetched when somebody opens it.
import { openDialog } from "../dialog.js";
import { fill, h } from "../dom.js";
import { askPublic, persist } from "../graphql.js";
import { say } from "../language.js";
import { isOffline, skeleton } from "../loading.js";
import { inWords } from "./in-words.js";

const DECIDING = `
  query Deciding($slug: String!) {
    campaign(slug: $slug) {
      lotDigest
      criteria { code name }
      stages { name seats status formula description }
      panel {
        opensAt closesAt quorum effectiveQuorum
        rubric { code name weight minimum maximum step counted anchors { score text } }
      }
    }
  }`;

/** Open the dialog about how the campaign is decided. */
export function openDeciding(campaign) {
  const place = h("div", { role: "status" }, skeleton("figures"));
  openDialog(say("howDecided"), place);
  return tell(place, campaign);
}

async function tell(place, campaign) {
  try {
    const answer = await persist(() => askPublic(DECIDING, { slug: campaign.slug }));
    fill(place, inWords(answer.campaign, campaign.timeZone));
    place.removeAttribute("role"); // it is read from here on, not aloud all at once
  } catch (error) {
    console.warn(error);
    const retry = () => (fill(place, skeleton("figures")), tell(place, campaign));
    const again = h("button", { type: "button", class: "link", onclick: retry }, say("again"));
    fill(place, h("p", { class: "quiet" }, say(isOffline() ? "offline" : "failed"), " ", again));
  }
}
