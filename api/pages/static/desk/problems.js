// Where is a problem shown? Beside the field that its path names, and in a list above the form that leads there.
import { fill, h } from "../vote/dom.js";
import { say } from "./language.js";

/** The problems of one form. */
export class ProblemList {
  constructor() {
    this.places = new Map(); // by path: where its messages go
    this.touched = [];
    this.summary = h("div", { class: "findings", role: "status", hidden: true });
    this.problems = [];
    this.all = false;
  }

  /** Messages about this path go there. */
  place(path, message, control) {
    this.places.set(path.join("."), { message, control });
    this.draw();
  }

  /** Somebody has been at this field, so that what is wrong with it is no longer because he has not. */
  touch(path) {
    if (!this.touched.includes(path.join("."))) this.touched.push(path.join("."));
  }

  show(problems, all) {
    this.problems = problems;
    this.all = this.all || all;
    this.draw();
    this.summarize();
  }

  draw() {
    const told = new Map();
    for (const problem of this.problems) {
      const key = this.placeOf(problem);
      if (key !== null) told.set(key, [...(told.get(key) || []), problem.message]);
    }
    for (const [key, { message, control }] of this.places) {
      const shown = told.has(key) && (this.all || this.isTouched(key));
      fill(message, shown ? told.get(key).map((text) => h("span", {}, text)) : "");
      if (shown) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  isTouched(key) {
    return this.touched.some((path) => path === key || path.startsWith(`${key}.`) || key.startsWith(`${path}.`));
  }

  /** The field that is nearest to what the problem is about, or null. */
  placeOf(problem) {
    const parts = [...problem.path];
    while (parts.length > 0) {
      const place = this.places.get(parts.join("."));
      if (place && place.message.isConnected) return parts.join(".");
      parts.pop();
    }
    return null;
  }

  summarize() {
    const { problems } = this;
    this.summary.hidden = problems.length === 0;
    const title = h("summary", {}, say(problems.length === 1 ? "oneFinding" : "findings", { count: problems.length }));
    const opened = this.all || (this.summary.firstChild && this.summary.firstChild.open);
    const rows = problems.map((problem) => h("li", {}, this.way(problem)));
    if (problems.length) fill(this.summary, h("details", { open: Boolean(opened) }, title, h("ul", {}, rows)));
  }

  way(problem) {
    const key = this.placeOf(problem);
    const words = problem.whole || problem.message;
    if (key === null) return words;
    const go = () => {
      const { control } = this.places.get(key);
      for (let outer = control; outer; outer = outer.parentElement) if (outer.tagName === "DETAILS") outer.open = true;
      control.focus();
    };
    return h("button", { type: "button", class: "link", onclick: go }, words);
  }
}
