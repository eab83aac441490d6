// How do results arrive while they change? Over graphql-transport-ws; while that fails, by asking every five seconds.
import { ENDPOINT, Refused } from "../graphql.js";
import { language } from "../language.js";

export const EVERY = 5000; // milliseconds between two questions while there is no socket
const PAUSES = [1000, 5000, 20000, 60000]; // milliseconds before the socket is tried again

/**
 * Watch a subscription. show gets its data, refuse the error instead of data, state "live", "polling", "connecting" or, once
 * it was live, "reconnecting".
 * token returns the viewer's or null; poll asks the same as a query. Returns a function that ends it all.
 */
export function watch({ query, variables, token, poll, show, refuse, state }) {
  let [socket, timer, failures, over, asking, lost, pause] = [null, null, 0, false, false, "connecting", null];

  const receive = ({ data, errors }) => (errors ? refuse(new Refused(errors[0])) : show(data));

  function connect() {
    try {
      socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${ENDPOINT}`, "graphql-transport-ws");
    } catch (error) {
      fallBack(); // an old web view, where the page's policy means no sockets
      return;
    }
    const send = (message) => socket.send(JSON.stringify(message));
    const held = token(); // another one, perhaps, than when it was last connected
    const known = held ? { Authorization: `Bearer ${held}` } : {};
    socket.onopen = () => send({ type: "connection_init", payload: { ...known, "Accept-Language": language } });
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "connection_ack") send({ type: "subscribe", id: "1", payload: { query, variables } });
      if (message.type === "ping") send({ type: "pong" });
      if (message.type === "next") flow(message.payload);
      if (message.type === "error") refuse(new Refused(message.payload[0]));
      if (message.type === "error" || message.type === "complete") socket.close(); // nothing more comes: begin anew
    };
    socket.onclose = fallBack;
  }

  function flow(payload) {
    if (!payload.errors) failures = 0;
    lost = "reconnecting";
    stopAsking();
    state("live");
    receive(payload);
  }

  function fallBack() {
    if (over) return;
    pause = setTimeout(again, PAUSES[Math.min(failures, PAUSES.length - 1)] * (1 + Math.random()));
    failures += 1;
    if (timer === null) {
      state(lost);
      timer = setInterval(question, EVERY);
      question();
    }
  }

  /** Try the socket, now that a pause is over or there is a network again. */
  function again() {
    if (pause === null || over) return;
    clearTimeout(pause);
    pause = null;
    connect();
  }

  async function question() {
    if (asking) return; // an answer may take longer than the time between two questions
    asking = true;
    try {
      const data = await poll();
      if (timer === null) return; // the socket was faster
      state("polling");
      show(data);
    } catch (error) {
      if (timer === null) return;
      if (error.code === "RESULTS_HIDDEN") stopAsking(); // the socket finds out when they may be seen
      if (error instanceof Refused) refuse(error);
      else state(lost);
    } finally {
      asking = false;
    }
  }

  function stopAsking() {
    clearInterval(timer);
    timer = null;
  }

  state(lost);
  connect();
  window.addEventListener("online", again);
  return () => {
    over = true;
    window.removeEventListener("online", again);
    stopAsking();
    if (socket) socket.close();
  };
}
