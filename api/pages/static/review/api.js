// How does the experts' page ask the API? With the session's token; an act answers what it did, or every problem in its way.
import { ask, persist } from "../vote/graphql.js";
import { isOffline } from "../vote/loading.js";
import { notice } from "../vote/notice.js";
import { isOver, session } from "../vote/session.js";
import { say } from "./language.js";

export const PROBLEMS = "problems { __typename code message path }";

/** The data of a query, asked again while no answer comes. A session that is over is ended here. */
export function read(query, variables = {}) {
  return persist(() => send(query, variables));
}

/** What a mutation answers. Once: a revision goes with it where doing it twice would matter. */
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

/** What to say of an error: the server's words, or that none came. */
export const wordsOf = (error) => (error.code ? error.message : say(isOffline() ? "noNetwork" : "noAnswer"));
