// What has been typed and where is it? On this device at once, and at the server a moment later; what another tab or device saved meanwhile is not lost.
import { keep, recall } from "../vote/kept.js";
import { PROBLEMS, act, wordsOf } from "./api.js";
import { REVIEW, reviewNow } from "./panel.js";

const SAVE = `mutation Save($project: ID!, $input: ReviewInput!, $expectedRevision: Int) {
  saveReview(project: $project, input: $input, expectedRevision: $expectedRevision) { review { ${REVIEW} } ${PROBLEMS} }
}`;
const PAUSE = 700; // milliseconds without a change before it is sent
const AGAIN = [3000, 6000, 15000, 30000]; // milliseconds before each new attempt where no answer came
export const COMMENT = ""; // the comment's name among the criteria's codes, none of which is empty

/** What a review holds, by criterion, and its comment. */
export function valuesOf({ scores, comment }) {
  const values = Object.fromEntries(scores.map(({ criterion, score }) => [criterion, String(score)]));
  return { ...values, [COMMENT]: comment || "" };
}

const nameOf = (viewer, project) => `review:${viewer}:${project}`;
const changesIn = (name) => recall(name, { changes: {}, was: {} });

/** One review being written. State: "saved", "saving", "waiting" for the network, "refused" with messages, or "conflict" with what differs. */
export class Draft {
  constructor(slug, viewer, review) {
    const { changes, was } = changesIn(nameOf(viewer, review.project.id));
    Object.assign(this, { slug, review, changes, was, state: "saved", problems: [], conflicts: [], listeners: [], attempts: 0 });
    this.name = nameOf(viewer, review.project.id);
    this.project = review.project.id;
    this.timer = null;
    this.sending = null;
    if (this.isUnsent()) this.soon(0);
  }

  isUnsent() {
    return Object.keys(this.changes).length > 0;
  }

  /** What is shown: what the server has, under what was typed since. */
  get values() {
    return { ...valuesOf(this.review), ...this.changes };
  }

  /** Somebody has typed. */
  change(key, value) {
    if (!(key in this.was)) this.was[key] = valuesOf(this.review)[key] || "";
    this.changes[key] = value;
    this.store();
    this.soon(PAUSE);
  }

  /** Keep it on this device, beside what another tab has kept of the same review. */
  store(sent = {}) {
    const kept = changesIn(this.name);
    const changes = { ...kept.changes, ...this.changes };
    const was = { ...kept.was, ...this.was };
    for (const [key, value] of Object.entries(sent)) if (changes[key] === value) delete changes[key];
    for (const key of Object.keys(was)) if (!(key in changes)) delete was[key];
    keep(this.name, Object.keys(changes).length ? { changes, was } : null);
  }

  soon(pause) {
    clearTimeout(this.timer);
    if (this.state !== "conflict") this.tell(this.sending ? "saving" : pause > PAUSE ? "waiting" : "saving");
    this.timer = setTimeout(() => this.send(), pause);
  }

  tell(state, { problems = [], conflicts = [] } = {}) {
    Object.assign(this, { state, problems, conflicts });
    for (const listener of this.listeners) listener();
  }

  /** Send what is not at the server yet. Once at a time; resolves when all that could be sent is. */
  send() {
    clearTimeout(this.timer);
    if (this.sending === null) {
      this.sending = this.sendAll().finally(() => (this.sending = null));
    }
    return this.sending;
  }

  async sendAll() {
    while (this.isUnsent()) {
      this.conflicts = this.differing();
      if (this.conflicts.length > 0) return this.tell("conflict", { conflicts: this.conflicts });
      this.tell("saving");
      try {
        if (!(await this.sendOnce())) return undefined;
        this.attempts = 0;
      } catch (error) {
        return this.failed(error);
      }
    }
    return this.tell("saved");
  }

  /** Whether it was stored, or at least may be tried again. */
  async sendOnce() {
    const [sent, values] = [{ ...this.changes }, this.values];
    const scores = Object.keys(values).filter((key) => key !== COMMENT && values[key] !== "").map((criterion) => ({ criterion, score: values[criterion] }));
    const input = { scores, comment: values[COMMENT] };
    const { review, problems } = await act(SAVE, { project: this.project, input, expectedRevision: this.review.revision });
    if (problems.some(({ code }) => code === "STALE_REVISION")) return this.refresh();
    if (problems.length > 0) return this.tell("refused", { problems });
    for (const [key, value] of Object.entries(sent)) {
      if (this.changes[key] !== value) this.was[key] = value;
      else {
        delete this.changes[key];
        delete this.was[key];
      }
    }
    this.store(sent);
    this.take(review);
    return true;
  }

  /** What the server has by now. */
  take(review) {
    this.review = { ...this.review, ...review };
  }

  async refresh() {
    const review = await reviewNow(this.slug, this.project);
    if (review !== null) this.take({ ...review, project: this.review.project });
    return review !== null;
  }

  /** What has been changed here and, to something else, elsewhere. */
  differing() {
    const now = valuesOf(this.review);
    return Object.keys(this.changes)
      .filter((key) => (now[key] || "") !== this.was[key] && (now[key] || "") !== this.changes[key])
      .map((key) => ({ key, mine: this.changes[key], theirs: now[key] || "" }));
  }

  /** Of what differs, let mine or theirs stand. */
  settle(mine) {
    const now = valuesOf(this.review);
    const dropped = {};
    for (const { key } of this.conflicts) {
      if (mine) this.was[key] = now[key] || "";
      else {
        dropped[key] = this.changes[key];
        delete this.changes[key];
        delete this.was[key];
      }
    }
    this.store(dropped);
    this.tell("saving");
    return this.send();
  }

  /** No answer: what was typed stays here and is sent again by itself. A refusal of the whole request is told. */
  failed(error) {
    if (error.code && !error.extensions.retryAfter) return this.tell("refused", { problems: [{ message: wordsOf(error), path: [] }] });
    const pause = AGAIN[Math.min(this.attempts, AGAIN.length - 1)];
    this.attempts += 1;
    this.tell("waiting");
    this.timer = setTimeout(() => this.send(), pause);
    return undefined;
  }
}
