// How does the desk ask the API? With the session's token; an act answers what it did, or every problem in its way.
import { ask, persist } from "../vote/graphql.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { isOver, session } from "../vote/session.js";
import { say } from "./language.js";

/** The data of a query, asked again while no answer comes. A session that is over is ended here. */
export function read(query, variables = {}) {
  return persist(() => send(query, variables));
}

/** What a mutation answers. Once: whether it may be done twice, the server decides by the revision that goes with it. */
export async function act(mutation, variables) {
  return Object.values(await send(mutation, variables))[0];
}

async function send(document, variables) {
  try {
    return await ask(document, variables, session.token);
  } catch (error) {
    if (isOver(error) && session.token !== null) {
      session.end();
      notice(say("sessionOver"));
    }
    throw error;
  }
}

export const PROBLEMS = "problems { __typename code message path ... on StaleRevision { expected present } }";

/** Say that something could not be read, where what is shown already stays. */
export function unread(error) {
  console.warn(error);
  notice(error.code ? error.message : say(isOffline() ? "offline" : "failed"));
}
