// How is a candidate chosen? By a box that the rules may hold open or, where votes are cast one by one, by a button.
import { fill, h } from "./dom.js";
import { say } from "./language.js";
import { notice } from "./notice.js";
import { isOneByOne, isPast, stands } from "./rules.js";
import { fullFor, votesLeftFor } from "./sums.js";

/** What a candidate is chosen with, or voted for where votes are cast one by one, and how to bring it up to date; null where nothing is. */
export function chooser(project, campaign, draft, values = {}) {
  if (isPast(campaign) || !stands(project)) return { control: null, show: () => {} };
  if (isOneByOne(campaign)) return voter(project, campaign, draft);
  const label = "number" in values && say("chooseOne", values);
  const box = h("input", { type: "checkbox", "aria-label": label, onchange: () => (choose(box, project, campaign, draft), show()) });
  const word = h("span", { "aria-hidden": label ? "true" : null });
  const control = h("label", { class: "choose" }, box, word);
  const show = () => {
    box.checked = draft.has(project.id);
    control.classList.toggle("chosen", box.checked);
    fill(word, say(box.checked ? "chosen" : "choose"));
  };
  return { control, show };
}

/** A button that opens the ballot with a vote for this candidate alone. */
function voter(project, campaign, draft) {
  const vote = () => {
    draft.only(project.id);
    location.hash = "#/ballot";
  };
  const control = h("button", { type: "button", class: "choose", onclick: vote });
  const show = () => {
    const left = votesLeftFor(campaign, project);
    control.disabled = left === 0;
    const shown = say(left === 0 ? "noVotesLeft" : "voteOne", { left });
    fill(control, shown);
    control.setAttribute("aria-label", `${shown} · ${say("voteFor", project)}`);
  };
  return { control, show };
}

/** Choose or drop; what a rule forbids is prevented, and the reason is given. */
function choose(box, project, campaign, draft) {
  const { maximum } = campaign.limits;
  if (!box.checked) return draft.drop(project.id);
  const reason = draft.size < maximum ? fullFor(campaign, draft.ids, project) : say("full", { maximum });
  if (reason === null) return draft.add(project.id);
  box.checked = false;
  return notice(reason);
}
