// How is the API asked? By fetch alone. Every error of GraphQL becomes an exception that says what can be done.
import { language } from "./language.js";
import { ROOT } from "./addresses.js";

export const ENDPOINT = `${ROOT}/graphql`;
const PATIENCE = 40000; // milliseconds for an answer: longer than the server takes to say that it has none
const PAUSES = [500, 1500, 4000]; // milliseconds before each new attempt
const PASSING = ["OVERLOADED", "RATE_LIMITED", "SIGN_IN_UNAVAILABLE"]; // come with a time to wait

/** The server answered, and its answer is an error. */
export class Refused extends Error {
  constructor(error) {
    super(error.message);
    this.code = error.extensions ? error.extensions.code : "BAD_INPUT";
    this.extensions = error.extensions || {};
  }
}

/** No answer came; whether the server did anything is not known. */
export class Unreachable extends Error {}

/** The data of an operation. Messages and texts come in the page's language. Throws Refused or Unreachable. */
export async function ask(query, variables = {}, token = null) {
  const body = JSON.stringify({ query, variables });
  return answerTo(ENDPOINT, { method: "POST", body, headers: headers(token, { "Content-Type": "application/json" }) });
}

/** The data of a query that is the same for everybody: by GET, so that caches on the way may answer it. */
export async function askPublic(query, variables = {}) {
  const asked = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return answerTo(`${ENDPOINT}?${asked}`, { headers: headers(null) });
}

/** Do it again while no answer comes or the server asks for a pause. Only for what may safely be done twice. */
export async function persist(attempt, pauses = PAUSES) {
  for (const pause of pauses) {
    try {
      return await attempt();
    } catch (error) {
      const wait = waitAfter(error, pause);
      if (wait === null) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return attempt();
}

function waitAfter(error, pause) {
  if (error instanceof Unreachable) return pause * (1 + Math.random());
  if (!(error instanceof Refused) || !PASSING.includes(error.code)) return null;
  const seconds = error.extensions.retryAfter;
  return seconds <= 10 ? seconds * 1000 + Math.random() * 500 : null;
}

function headers(token, more = {}) {
  const known = token ? { Authorization: `Bearer ${token}` } : {};
  return { Accept: "application/json", "Accept-Language": language, ...known, ...more };
}

async function answerTo(address, request) {
  const answer = await received(address, request);
  if (answer.errors) throw new Refused(answer.errors[0]);
  return answer.data;
}

async function received(address, request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(address, { ...request, signal: stop.signal });
    return await response.json();
  } catch (error) {
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}
