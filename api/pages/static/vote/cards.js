// How are thousands of candidates shown? A card each, made a hundred at a time so that the page answers meanwhile.
import { h } from "./dom.js";

const BATCH = 100; // cards that are made at once
const MANY = 200; // candidates from which on the browser lays out only those cards that are near the screen

/**
 * The list of cards. make(candidate) returns { card, show }; show brings the card up to whether it is chosen, and is called
 * only when that has changed. draft tells of every change.
 */
export class Cards {
  constructor(candidates, draft, make) {
    this.entries = candidates.map((candidate) => ({ candidate, hidden: false, made: null }));
    this.byId = new Map(this.entries.map((entry) => [entry.candidate.id, entry]));
    this.list = h("ul", { class: candidates.length > MANY ? "cards many" : "cards" });
    this.draft = draft;
    this.make = make;
    this.chosen = new Set(draft.ids);
    this.count = 0;
    draft.listeners.push(() => this.follow());
    this.grow();
  }

  /** Show those alone that meet a condition; how many they are. */
  keep(condition) {
    let found = 0;
    for (const entry of this.entries) {
      entry.hidden = !condition(entry.candidate);
      if (!entry.hidden) found += 1;
      if (entry.made !== null && entry.made.card.hidden !== entry.hidden) entry.made.card.hidden = entry.hidden;
    }
    return found;
  }

  /** Make the next cards, and go on when the browser has had its turn. */
  grow() {
    const batch = this.entries.slice(this.count, this.count + BATCH);
    this.count += batch.length;
    for (const entry of batch) {
      entry.made = this.make(entry.candidate);
      entry.made.card.hidden = entry.hidden;
    }
    this.list.append(...batch.map(({ made }) => made.card));
    if (this.count < this.entries.length) setTimeout(() => this.grow());
  }

  /** Bring up to date those cards alone whose candidates have been chosen or dropped. */
  follow() {
    const now = new Set(this.draft.ids);
    const changed = [...now, ...this.chosen].filter((id) => now.has(id) !== this.chosen.has(id));
    this.chosen = now;
    for (const id of changed) {
      const entry = this.byId.get(id);
      if (entry && entry.made !== null) entry.made.show();
    }
  }
}
