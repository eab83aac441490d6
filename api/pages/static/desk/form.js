// How is a form made of data? Each field says its key and its kind; what is typed is kept in a tree that the API takes as it is.
import { h } from "../vote/dom.js";
import { say } from "./language.js";
import { KINDS } from "./fields.js";
import { ProblemList } from "./problems.js";
import { worded } from "./wording.js";

const ofTree = ({ languages }) => (languages && languages.length ? languages : ["zh"]);
const zoneOfTree = ({ timeZone }) => timeZone || "Asia/Shanghai";

/** A form over a tree of values; changed is called whenever somebody has changed one. */
export class Form {
  constructor(fields, tree, { languages = ofTree, timeZone = zoneOfTree, options = {}, changed = () => {} }) {
    Object.assign(this, { fields, options, changed, value: tree });
    this.languages = () => languages(this.value); // which languages texts are in now
    this.timeZone = () => timeZone(this.value); // which zone times are in now
    this.value = readAll(fields, tree, this);
    this.problems = new ProblemList();
    this.drawn = []; // what looks different when something else in the form does
    this.element = h("div", { class: "form" }, fields.map((field) => this.make(field, this.value, [])));
  }

  /** The element of one field, whose value is at its key in the holder. */
  make(field, holder, path) {
    const here = field.key === undefined ? path : [...path, field.key];
    const element = KINDS[field.kind].make(field, holder, here, this);
    if (field.when) this.whenever(element, () => field.when(this.value, holder, this.options));
    return element;
  }

  whenever(element, isShown) {
    const show = () => (element.hidden = !isShown());
    this.drawn.push({ element, draw: show });
    show();
  }

  /** Somebody has changed the value at this path. */
  touch(path) {
    this.problems.touch(path);
    if (this.element.isConnected) this.drawn = this.drawn.filter(({ element }) => element.isConnected);
    for (const { draw } of this.drawn) draw();
    this.changed(this.value);
  }

  /** The tree as the API takes it: what is empty is left out. */
  output() {
    return writeAll(this.fields, this.value, this);
  }

  /** What the API cannot even be asked without: a problem for each required field that is empty. */
  missing() {
    return missingIn(this.fields, this.value, this, []);
  }

  /** Show problems beside their fields. All: also beside those that nobody has touched yet. */
  show(problems, all = false) {
    this.problems.show(problems.map((problem) => worded(problem, this.fields, this.timeZone())), all);
  }
}

/** What a form holds of a tree that the API gave. */
export function readAll(fields, tree, form) {
  const value = { ...tree };
  for (const field of fields) {
    const { read, blank } = KINDS[field.kind];
    const given = field.key === undefined ? value : value[field.key];
    if (field.key === undefined) Object.assign(value, read(given, field, form));
    else if (given !== undefined && given !== null) value[field.key] = read ? read(given, field, form) : given;
    else value[field.key] = blank ? blank(field, form) : undefined;
  }
  return value;
}

/** What the API takes of a form's values; null for what must not be sent. */
export function writeAll(fields, value, form) {
  const tree = {};
  for (const field of fields) {
    if (field.when && !field.when(form.value, value, form.options)) continue;
    const { write } = KINDS[field.kind];
    if (field.key === undefined) {
      Object.assign(tree, write(value, field, form));
      continue;
    }
    const written = write ? write(value[field.key], field, form) : value[field.key];
    if (!isEmpty(written)) tree[field.key] = written;
  }
  return tree;
}

/** The required fields that are empty, as problems. */
export function missingIn(fields, value, form, path) {
  const found = [];
  for (const field of fields) {
    if (field.when && !field.when(form.value, value, form.options)) continue;
    const { write, missing } = KINDS[field.kind];
    const [here, held] = field.key === undefined ? [path, value] : [[...path, field.key], value[field.key]];
    if (missing) found.push(...missing(held, field, form, here));
    else if (field.required && isEmpty(write ? write(held, field, form) : held)) {
      found.push({ code: "MISSING", path: here, message: say("needed", { name: say(field.label) }) });
    }
  }
  return found;
}

/** The same of a tree that no form shows. */
export function lacking(fields, tree, { languages, timeZone, options = {} }) {
  const form = { languages: () => languages, timeZone: () => timeZone, options, value: tree };
  return missingIn(fields, readAll(fields, tree, form), form, []);
}

function isEmpty(written) {
  return written === undefined || written === null || written === "" || (Array.isArray(written) && written.length === 0);
}

/** A label, what helps, the control, and the place for what is wrong with it. */
export function labelled(field, path, control, form, { label = say(field.label), focus = control } = {}) {
  const id = idOf(path);
  const message = h("p", { class: "problem", id: `${id}-problem` });
  focus.id = id;
  focus.setAttribute("aria-describedby", `${id}-problem${field.help ? ` ${id}-help` : ""}`);
  form.problems.place(path, message, focus);
  const help = field.help && h("p", { class: "quiet", id: `${id}-help` }, say(field.help));
  return h("div", { class: `field ${field.kind}` }, h("label", { for: id }, label), help, control, message);
}

export const idOf = (path) => `f-${path.join("-")}`;
