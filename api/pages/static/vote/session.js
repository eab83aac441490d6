// Who is signed in? Whoever the token stands for, until it expires or the server no longer takes it.
import { keep, recall } from "./kept.js";
import { Refused } from "./graphql.js";

const KEY = "session";

/** The session in this browser. Listeners are told when somebody comes or goes. */
export const session = {
  listeners: [],

  /** The token, or null. Whether it is still good, only the server knows. */
  get token() {
    const kept = recall(KEY);
    return kept && kept.token;
  },

  /** The pseudonym of whoever is signed in, or null. */
  get viewer() {
    const kept = recall(KEY);
    return kept && kept.viewer;
  },

  /** Keep what signIn returned. */
  begin({ token, viewer }) {
    keep(KEY, { token, viewer: viewer.id });
    this.changed();
  },

  end() {
    keep(KEY, null);
    this.changed();
  },

  changed() {
    for (const listener of this.listeners) listener();
  },
};

/** Whether this error says that the token is no good any more. */
export const isOver = (error) => error instanceof Refused && error.code === "UNAUTHENTICATED";
