// Which candidates has the voter chosen so far? Kept in the browser, so that a reload, or tomorrow, finds them again.
import { keep, recall } from "./kept.js";

/**
 * The choices on a ballot that has not been cast. Listeners are told of every change, and of whatever else bears on
 * casting it; one that returns false is told no more.
 */
export class Draft {
  constructor(slug, eligible) {
    this.name = `draft:${slug}`;
    const kept = recall(this.name, []);
    this.ids = new Set(kept.filter((id) => eligible.has(id)));
    this.lost = kept.filter((id) => !eligible.has(id)); // chosen before, and not to be chosen any more
    this.listeners = [];
  }

  get size() {
    return this.ids.size;
  }

  has(id) {
    return this.ids.has(id);
  }

  add(id) {
    this.ids.add(id);
    this.changed();
  }

  /** Choose this one and no other. */
  only(id) {
    this.ids = new Set([id]);
    this.changed();
  }

  drop(id) {
    this.ids.delete(id);
    this.changed();
  }

  clear() {
    this.ids.clear();
    this.changed();
  }

  /** Whether it has exactly these choices. */
  isOf(ids) {
    return ids.length === this.size && ids.every((id) => this.has(id));
  }

  changed() {
    keep(this.name, [...this.ids]);
    this.tell();
  }

  tell() {
    this.listeners = this.listeners.filter((listener) => listener() !== false);
  }
}
