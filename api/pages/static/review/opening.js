// When may reviews be written? The form opens and locks itself in time, by the server's clock, unless the deadline was moved meanwhile.
import { announce } from "../vote/dom.js";
import { ServerClock, everySecond } from "../vote/clock.js";
import { read } from "./api.js";
import { say } from "./language.js";
import { phaseOf } from "./panel.js";

const TIMES = "query Times($slug: String!) { campaign(slug: $slug) { serverTime panel { opensAt closesAt } stages { code opensAt closesAt } } }";

/** Show the page of a review anew once it may be written or no longer, while it is shown; a refused draft says so too where a clock stood still. */
export function keepInTime(panel, draft, element) {
  const phase = phaseOf(panel);
  let [shown, asking, refused] = [false, false, false];
  everySecond(() => {
    shown = shown || element.isConnected;
    if (shown && !element.isConnected) return true;
    if (draft.state !== "refused") refused = false;
    const due = phaseOf(panel) !== phase || (draft.state === "refused" && !refused);
    if (shown && due && !asking) {
      refused = draft.state === "refused";
      asking = true;
      askAgain(panel).then(() => {
        asking = false;
        if (phaseOf(panel) !== phase && element.isConnected) anew(panel);
      });
    }
    return false;
  });
}

/** Show the page of an experts' ballot anew once it may be cast or no longer, while it is shown. */
export function keepBallotInTime(panel, isOpen, element, words) {
  const before = isOpen();
  let [shown, asking] = [false, false];
  everySecond(() => {
    shown = shown || element.isConnected;
    if (shown && !element.isConnected) return true;
    if (shown && isOpen() !== before && !asking) {
      asking = true;
      askAgain(panel).then(async () => {
        asking = false;
        if (isOpen() === before || !element.isConnected) return;
        await panel.again();
        announce(words());
      });
    }
    return false;
  });
}

/** The times as they are by now. Without an answer those that are known hold. */
async function askAgain(panel) {
  try {
    const { campaign } = await read(TIMES, { slug: panel.slug });
    Object.assign(panel.panel, campaign.panel);
    panel.stages.forEach((stage) => Object.assign(stage, campaign.stages.find(({ code }) => code === stage.code)));
    panel.clock = new ServerClock(campaign.serverTime);
  } catch (error) {
    console.warn(error); // the clock goes on as it was
  }
}

function anew(panel) {
  panel.again();
  announce(say(phaseOf(panel) === "OVER" ? "closed" : "openNow"));
}
