// How do fields stand within others? In a group, in a part that may be left out, and in a list of any length.
import { fill, h } from "../vote/dom.js";
import { say } from "./language.js";
import { idOf, missingIn, readAll, writeAll } from "./form.js";

/** A place for messages about the whole of it. */
function about(path, form, control) {
  const message = h("p", { class: "problem", id: `${idOf(path)}-problem` });
  if (path.length) form.problems.place(path, message, control);
  return message;
}

const inner = (field, holder) => (field.key === undefined ? holder : holder[field.key]);

/** Fields under one heading. Closed: only the heading is seen until somebody opens it. */
export const group = {
  make(field, holder, path, form) {
    const title = h(field.closed ? "summary" : "legend", { tabindex: field.closed ? null : "-1" }, say(field.label));
    const help = field.help && h("p", { class: "quiet" }, say(field.help));
    const within = field.fields.map((one) => form.make(one, inner(field, holder), path));
    const message = field.key === undefined ? null : about(path, form, title);
    return h(field.closed ? "details" : "fieldset", { class: "group" }, title, help, within, message);
  },
  read: (tree, field, form) => readAll(field.fields, tree, form),
  blank: (field, form) => readAll(field.fields, {}, form),
  missing: (value, field, form, path) => missingIn(field.fields, value, form, path),
  write(value, field, form) {
    const tree = writeAll(field.fields, value, form);
    return field.key !== undefined && Object.keys(tree).length === 0 ? undefined : tree;
  },
};

/** A group that is there or not. */
export const optional = {
  make(field, holder, path, form) {
    const within = h("div", { class: "within" });
    const draw = () => fill(within, holder[field.key] && field.fields.map((one) => form.make(one, holder[field.key], path)));
    const box = h("input", { type: "checkbox", id: `${idOf(path)}-is`, checked: Boolean(holder[field.key]), onchange: () => {
      holder[field.key] = box.checked ? readAll(field.fields, {}, form) : undefined;
      draw();
      form.touch(path);
    } });
    draw();
    const help = field.help && h("p", { class: "quiet" }, say(field.help));
    return h("div", { class: "optional" }, h("label", { class: "box" }, box, " ", say(field.label)), help, within, about(path, form, box));
  },
  read: (tree, field, form) => readAll(field.fields, tree, form),
  missing: (value, field, form, path) => (value ? missingIn(field.fields, value, form, path) : []),
  write: (value, field, form) => value && writeAll(field.fields, value, form),
};

/** Any number of groups, one after the other. */
export const list = {
  make(field, holder, path, form) {
    const rows = h("div", { class: "rows" });
    const add = h("button", { type: "button", class: "add", onclick: () => {
      holder[field.key].push(readAll(field.fields, field.fresh ? field.fresh(holder[field.key]) : {}, form));
      changed();
      const fields = rows.lastChild.querySelectorAll("input, select, textarea");
      if (fields.length) fields[0].focus();
    } }, say(field.add));
    const changed = () => {
      draw();
      form.touch(path);
    };
    const draw = () => fill(rows, holder[field.key].map((one, index) => row(field, holder[field.key], index, path, form, changed, add)));
    draw();
    const help = field.help && h("p", { class: "quiet" }, say(field.help));
    return h("fieldset", { class: "group list" }, h("legend", {}, say(field.label)), help, rows, add, about(path, form, add));
  },
  read: (several, field, form) => several.map((one) => readAll(field.fields, one, form)),
  blank: () => [],
  missing: (several, field, form, path) => several.map((one, index) => missingIn(field.fields, one, form, [...path, String(index)])).flat(),
  write: (several, field, form) => several.map((one) => writeAll(field.fields, one, form)),
};

function row(field, several, index, path, form, changed, add) {
  const here = [...path, String(index)];
  const place = say("nthOf", { label: say(field.label), place: index + 1 });
  const drop = h("button", { type: "button", class: "drop", "aria-label": say("dropThis", { name: place }), onclick: () => {
    several.splice(index, 1);
    changed();
    add.focus();
  } }, "×");
  const within = field.fields.map((one) => form.make(one, several[index], here));
  return h("div", { class: "row-of", role: "group", "aria-label": place }, drop, within, about(here, form, drop));
}
