// Who is signed in, where everybody can see it. The token lasts as long as the browser's tab.
import { ROOT } from "../vote/addresses.js";

const ROLES = "query Roles { viewer { roles grants { role } } }";
const KEY = `pingxuan${ROOT}:token`; // servers below other paths of the host have the same storage

export class Session {
  #place;
  #say;
  #changed;

  /** changed: called when somebody has signed in or out. */
  constructor(place, say, changed) {
    this.#place = place;
    this.#say = say;
    this.#changed = changed;
    this.#show();
  }

  get token() {
    return sessionStorage.getItem(KEY);
  }

  /** What a request of this session carries. */
  headers() {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }

  /** The roles of whoever is signed in, in whatever campaign. Raises what fetch does. */
  async roles(path) {
    if (!this.token) return [];
    const headers = { ...this.headers(), "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify({ query: ROLES }) });
    const { data } = await answer.json();
    if (!data || !data.viewer) return []; // the session is over
    return [...data.viewer.roles, ...data.viewer.grants.map(({ role }) => role)];
  }

  /** Remember the token, if this is the data of an operation that signed somebody in. */
  keep(data) {
    const signedIn = Object.values(data).find((field) => typeof field?.token === "string");
    if (signedIn) this.#set(signedIn.token);
  }

  #set(token) {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
    this.#show();
    this.#changed();
  }

  #show() {
    this.#place.replaceChildren(...(this.token ? [this.#header(), this.#exit()] : [this.#say("signedOut")]));
  }

  #header() {
    const shown = document.createElement("code");
    shown.textContent = `Authorization: Bearer ${this.token}`;
    shown.title = this.#say("sent");
    return shown;
  }

  #exit() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.#say("signOut");
    button.addEventListener("click", () => this.#set(null));
    return button;
  }
}
