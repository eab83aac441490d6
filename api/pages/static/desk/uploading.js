// How does a large file reach the server over a network that breaks? In pieces, each after the last; how much has arrived, the server says.
import { language } from "../vote/language.js";
import { notice } from "../vote/notice.js";
import { session } from "../vote/session.js";
import { say } from "./language.js";

const PIECE = 4 * 1024 * 1024; // bytes of a request
const STALLED = 60000; // milliseconds without a byte after which a connection counts as broken
const PAUSES = [1000, 2000, 4000, 8000, 15000]; // milliseconds before each new attempt
const PASSING = [429, 502, 503, 504];
const uploads = new Map(); // by the job that they are for: they go on while other views are shown

/** No answer came, or one that asks for a pause. */
class Broken extends Error {
  constructor(seconds) {
    super(`broken, again in ${seconds} seconds`);
    this.seconds = seconds;
  }
}

/** The upload of this page that is for a job, or null. */
export const uploadOf = (id) => uploads.get(id) || null;

/** A file on its way. state: SENDING, BROKEN while it tries again, STOPPED with a message, DONE. listener: called whenever it has changed. */
export class Upload {
  constructor({ id, uploadUrl }, file) {
    Object.assign(this, { id, address: uploadUrl, file, sent: 0, state: "STOPPED", message: "", request: null, listener: () => {} });
    uploads.set(id, this);
  }

  /** Send what has not arrived yet. */
  async run() {
    if (["SENDING", "BROKEN"].includes(this.state)) return;
    this.become("SENDING");
    let [arrived, broken] = [null, 0];
    while (this.state !== "STOPPED" && (arrived === null || arrived < this.file.size)) {
      try {
        arrived = arrived === null ? await this.asked() : await this.put(arrived);
        if (this.state === "STOPPED") return;
        this.sent = arrived;
        this.become("SENDING");
        broken = 0;
      } catch (error) {
        if (this.state === "STOPPED") return;
        if (!(error instanceof Broken)) return this.become("STOPPED", error.message);
        arrived = null;
        this.become("BROKEN");
        await pause(error.seconds ? error.seconds * 1000 : PAUSES[Math.min(broken, PAUSES.length - 1)]);
        broken += 1;
      }
    }
    if (this.state !== "STOPPED") this.become("DONE");
  }

  /** Send no more. */
  stop() {
    uploads.delete(this.id);
    this.become("STOPPED");
    if (this.request !== null) this.request.abort();
  }

  become(state, message = "") {
    Object.assign(this, { state, message });
    this.listener();
  }

  /** How many bytes have arrived. */
  async asked() {
    return offsetOf(await this.send("HEAD", {}, null));
  }

  /** Send the piece that begins there; how many bytes have arrived then. */
  async put(start) {
    const end = Math.min(start + PIECE, this.file.size);
    const range = { "Content-Range": `bytes ${start}-${end - 1}/${this.file.size}`, "Content-Type": "application/octet-stream" };
    return offsetOf(await this.send("PUT", range, this.file.slice(start, end), (loaded) => {
      this.sent = Math.min(end, start + loaded);
      this.listener();
    }));
  }

  send(method, headers, body, progressed = () => {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let timer = null;
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), STALLED);
      };
      const ended = (then) => () => {
        clearTimeout(timer);
        this.request = null;
        then();
      };
      request.open(method, this.address);
      const known = { Authorization: `Bearer ${session.token}`, "Accept-Language": language, ...headers };
      for (const [name, value] of Object.entries(known)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded }) => {
        alive();
        progressed(loaded);
      };
      request.onload = ended(() => resolve(request));
      request.onerror = ended(() => reject(new Broken(0)));
      request.onabort = ended(() => reject(new Broken(0)));
      this.request = request;
      alive();
      request.send(body);
    });
  }
}

/** What an answer says has arrived. Throws Broken, or an error with words for people. */
function offsetOf(request) {
  const { status } = request;
  const offset = request.getResponseHeader("Upload-Offset");
  if (offset !== null && (status < 300 || status === 409)) return Number(offset);
  if (PASSING.includes(status)) throw new Broken(Number(request.getResponseHeader("Retry-After")));
  if (status === 401 && session.token !== null) {
    session.end();
    notice(say("sessionOver"));
  }
  throw new Error(messageOf(request.responseText));
}

function messageOf(text) {
  try {
    const answer = JSON.parse(text);
    return (answer.errors ? answer.errors[0].message : answer.message) || say("failed");
  } catch (error) {
    return say("failed");
  }
}

/** So long, or until there is a network again. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
  });
}
