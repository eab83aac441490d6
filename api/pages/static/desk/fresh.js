// Was it just now that this person signed in? What cannot be taken back asks for it once more, on this very computer.
import { tab } from "../vote/kept.js";
import { session } from "../vote/session.js";
import { signInForm } from "../vote/signing-in.js";
import { h } from "../vote/dom.js";
import { say } from "./language.js";

const FRESH = 5 * 60 * 1000; // milliseconds
export const ADDRESS = "desk-address"; // where somebody was who has gone to WeChat to sign in
const NAME = "signed-in"; // with which token, and when

/** Note when somebody signs in or out; call it when they have just done so. */
export function noteSignIn() {
  const { token } = session; // two sign-ins of one second have the same
  tab.keep(NAME, token === null ? null : { token, at: Date.now() });
}

/** Whether the session began less than five minutes ago, and here. */
export function isFresh() {
  const noted = tab.recall(NAME);
  const age = noted === null ? Infinity : Date.now() - noted.at;
  return noted !== null && noted.token === session.token && age >= 0 && age < FRESH;
}

/** Have the same person sign in once more; then goes on. Anybody else has to begin anew. */
export function signInAgain(signInMethods, goOn) {
  const { viewer } = session;
  tab.keep(ADDRESS, location.hash);
  const place = h("div", { class: "again" }, signInForm({ signInMethods }, say("signInAgain")));
  const wrong = h("p", { class: "problem", role: "alert" });
  const listener = () => {
    if (!place.isConnected) drop();
    else if (session.viewer === viewer) {
      drop();
      goOn();
    } else if (session.viewer !== null) wrong.textContent = say("anotherPerson");
  };
  const drop = () => (session.listeners = session.listeners.filter((one) => one !== listener));
  session.listeners = [...session.listeners, listener];
  place.append(wrong);
  return place;
}
