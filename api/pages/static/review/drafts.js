// Which reviews are being written in this tab? One draft each; the network's return sends all, and another tab's saving is looked at.
import { Draft } from "./draft.js";

let drafts = new Map();

/** The draft of a review, which is the same however often its page is opened. */
export function draftOf(panel, review) {
  const known = drafts.get(review.project.id);
  if (known) return known;
  const draft = new Draft(panel.slug, panel.viewer, review);
  drafts.set(review.project.id, draft);
  return draft;
}

/** Whether something is on this device alone. */
export const areUnsent = () => [...drafts.values()].some((draft) => draft.isUnsent());

/** Somebody else is here, or nobody: what is not sent stays kept under the name of whoever typed it. */
export function forgetDrafts() {
  for (const draft of drafts.values()) clearTimeout(draft.timer);
  drafts = new Map();
}

/** Send whatever waits, now. */
export const sendAll = () => Promise.all([...drafts.values()].filter((draft) => draft.isUnsent() && draft.state !== "conflict").map((draft) => draft.send()));

window.addEventListener("online", sendAll);
window.addEventListener("storage", ({ key, newValue }) => {
  for (const draft of drafts.values()) {
    if (key === `pingxuan:${draft.name}` && newValue === null) savedElsewhere(draft);
  }
});

/** Another tab has saved: show what it saved, where nothing else is typed here. */
async function savedElsewhere(draft) {
  try {
    await draft.refresh();
    draft.tell(draft.state);
  } catch (error) {
    console.warn(error); // it is only shown later: saving compares revisions in any case
  }
}
