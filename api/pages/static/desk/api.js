// How does the desk ask the API? With the session's token; an act answers what it did, or every problem in its way.
import { ask, persist } from "../vote/graphql.js";
import { isOver, session } from "../vote/session.js";

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
    if (isOver(error)) session.end();
    throw error;
  }
}

export const PROBLEMS = "problems { __typename code message path ... on StaleRevision { expected present } }";
