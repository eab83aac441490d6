// What does GraphiQL keep, and where? In the browser, under names of this server's own: others below the same host keep theirs there.
import { ROOT } from "../vote/addresses.js";

const OWN = `${ROOT}graphiql:`;
const names = () => Object.keys(localStorage).filter((name) => name.startsWith(OWN));

/** As GraphiQL wants its storage to be. */
export const storage = {
  getItem: (name) => localStorage.getItem(ROOT + name),
  setItem: (name, value) => localStorage.setItem(ROOT + name, value),
  removeItem: (name) => localStorage.removeItem(ROOT + name),
  clear: () => names().forEach((name) => localStorage.removeItem(name)),
  get length() {
    return names().length;
  },
};
