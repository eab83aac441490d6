// How are thousands of candidates shown? A card each, made when it is to be seen, a hundred at first and as many on demand.
import { h } from "./dom.js";
import { tab } from "./kept.js";
import { say } from "./language.js";

const BATCH = 100; // cards

/**
 * The list of cards, and the button for more of them. make(candidate) returns { card, show }; show brings the card up to
 * whether it is chosen, and is called only when that has changed. draft tells of every change. How many are shown is kept under
 * a name in this tab. Nothing is shown before keep has been called.
 */
export class Cards {
  constructor(candidates, draft, make, name) {
    this.entries = candidates.map((candidate) => ({ candidate, made: null }));
    this.byId = new Map(this.entries.map((entry) => [entry.candidate.id, entry]));
    this.found = this.entries;
    this.name = name;
    this.grown = tab.recall(name, { wanted: null, shown: BATCH });
    this.make = make;
    this.draft = draft;
    this.chosen = new Set(draft.ids);
    this.list = h("ul", { class: "cards" });
    this.more = h("button", { type: "button", class: "show-more", onclick: () => this.grow() }, say("showMore"));
    draft.listeners.push(() => this.follow());
  }

  /** Keep those candidates alone that meet a condition; how many they are. wanted is what was asked for, as text. */
  keep(condition, wanted) {
    this.found = this.entries.filter(({ candidate }) => condition(candidate));
    if (this.grown.wanted !== wanted) this.show(wanted, BATCH);
    this.update();
    return this.found.length;
  }

  /** List the candidates in this order. */
  order(candidates) {
    const found = new Set(this.found);
    this.entries = candidates.map(({ id }) => this.byId.get(id));
    this.found = this.entries.filter((entry) => found.has(entry));
    this.update();
  }

  /** Show as many more, and go on from the first of them. */
  grow() {
    const { wanted, shown } = this.grown;
    const first = this.found[shown];
    this.show(wanted, shown + BATCH);
    this.update();
    first.made.card.querySelector("a").focus();
  }

  show(wanted, shown) {
    this.grown = { wanted, shown };
    tab.keep(this.name, this.grown);
  }

  /** Make the cards that are lacking, each in its place, move those that belong elsewhere, and hide those that are not wanted. */
  update() {
    const wanted = new Set(this.found.slice(0, this.grown.shown));
    let next = null;
    for (const entry of [...this.entries].reverse()) {
      if (wanted.has(entry) && entry.made === null) entry.made = this.make(entry.candidate);
      if (entry.made === null) continue;
      const { card } = entry.made;
      if (card.parentNode === null || card.nextSibling !== next) this.list.insertBefore(card, next);
      next = card;
      if (next.hidden === wanted.has(entry)) next.hidden = !next.hidden;
    }
    this.more.hidden = this.found.length <= this.grown.shown;
  }

  /** Bring all cards that are made up to date. */
  refresh() {
    for (const { made } of this.entries) if (made !== null) made.show();
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
