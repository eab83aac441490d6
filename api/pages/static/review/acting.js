// What becomes of a review that is submitted or left? What the server answers is taken, or shown where it belongs.
import { notice } from "../vote/notice.js";
import { wordsOf } from "./api.js";

/** Do something with the review at the server; what refuses it is shown where it belongs. */
export async function done({ draft, review }, doIt, words) {
  try {
    const { review: now, problems } = await doIt();
    if (problems.length > 0) {
      draft.tell("refused", { problems });
      return problems;
    }
    draft.take(now);
    Object.assign(review, now);
    draft.tell("saved");
    notice(words);
    return [];
  } catch (error) {
    notice(wordsOf(error));
    return [{ message: wordsOf(error), path: [] }];
  }
}
