// What kinds of fields are there? Each makes its element and knows how the API writes its value.
import { fill, h, whenTyped } from "../vote/dom.js";
import { say } from "./language.js";
import { labelled } from "./form.js";
import { group, list, optional } from "./fields-within.js";
import { picture, pictures } from "./pictures.js";
import { digest } from "./seeds.js";
import { languages, longtexts, texts } from "./texts.js";
import { toInstant, toLocal } from "./times.js";

/** A field of one line, or of several. */
const line = (attributes, tag = "input") => ({
  make(field, holder, path, form) {
    const value = holder[field.key];
    const control = h(tag, { ...attributes, ...field.attributes });
    control.value = value === undefined ? "" : String(value);
    whenTyped(control, (typed) => {
      holder[field.key] = typed;
      form.touch(path);
    });
    return labelled(field, path, control, form);
  },
  write: (value) => (value === undefined ? undefined : String(value).trim()),
});

const number = {
  ...line({ type: "text", inputmode: "numeric", class: "short" }),
  write(value) {
    const text = value === undefined ? "" : String(value).trim();
    return /^-?\d+$/.test(text) ? Number(text) : undefined;
  },
};

const moment = {
  ...line({ type: "datetime-local" }),
  read: (instant, field, form) => toLocal(instant, form.timeZone()),
  write: (local, field, form) => (local ? toInstant(local, form.timeZone()) : undefined),
};

const choice = {
  make(field, holder, path, form) {
    const options = field.options.map((value) => h("option", { value, selected: value === (holder[field.key] || "") }, nameOf(field, value)));
    const control = h("select", { onchange: () => {
      holder[field.key] = control.value;
      form.touch(path);
    } }, options);
    return labelled(field, path, control, form);
  },
  blank: (field) => field.options[0],
  write: (value) => value || undefined,
};

const nameOf = (field, value) => say(value === "" ? field.none || "none" : `${field.names || ""}${value}`);

const flag = {
  make(field, holder, path, form) {
    const control = h("input", { type: "checkbox", checked: Boolean(holder[field.key]), onchange: () => {
      holder[field.key] = control.checked;
      form.touch(path);
    } });
    const element = labelled(field, path, control, form);
    const label = element.querySelector("label");
    label.classList.add("box");
    label.prepend(control);
    return element;
  },
  blank: ({ preset }) => preset,
};

/** A choice that only the form knows: what it means for the tree, other fields say. */
const way = { ...choice, write: () => undefined };

const TIES = ["ALL_IN", "FURTHER_CRITERION", "EXPERT_REVOTE", "LOT", "RECORDED_DECISION"];

/** What decides when votes are equal: one thing, and the next where that leaves a tie. */
const ties = {
  make(field, holder, path, form) {
    const first = h("select", {});
    const rest = h("div", {});
    const put = (index, value) => {
      holder[field.key] = [...holder[field.key].slice(0, index), ...(value ? [value] : [])];
      draw();
      form.touch(path);
    };
    const fillIn = (select, index) => {
      const held = holder[field.key][index] || "";
      fill(select, ["", ...TIES].map((value) => h("option", { value, selected: value === held }, say(value ? `tie_${value}` : "none"))));
      select.value = held;
      return select;
    };
    first.addEventListener("change", () => put(0, first.value));
    const further = (held, index) => {
      const select = h("select", { "aria-label": say("thenTies", { place: index + 2 }), onchange: () => put(index + 1, select.value) });
      return fillIn(select, index + 1);
    };
    const draw = () => {
      fillIn(first, 0);
      fill(rest, holder[field.key].slice(0, TIES.length - 1).map(further));
    };
    draw();
    return labelled(field, path, h("div", {}, first, rest), form, { focus: first });
  },
  blank: () => [],
};

/** Several of what the form offers under a name: boxes to tick. What is held but no longer offered is shown, too. */
const some = {
  make(field, holder, path, form) {
    const place = h("div", { class: "boxes", tabindex: "-1", role: "group", "aria-label": say(field.label) });
    const draw = () => {
      const held = holder[field.key];
      const offered = form.options[field.from]();
      const gone = held.filter((code) => !offered.some((one) => one.code === code)).map((code) => ({ code, name: code }));
      const boxes = [...offered, ...gone].map(({ code, name }) => {
        const box = h("input", { type: "checkbox", checked: held.includes(code), onchange: () => {
          holder[field.key] = box.checked ? [...holder[field.key], code] : holder[field.key].filter((one) => one !== code);
          form.touch(path);
        } });
        return h("label", { class: "box" }, box, " ", name);
      });
      place.textContent = "";
      place.append(...boxes);
    };
    draw();
    return labelled(field, path, place, form);
  },
  blank: () => [],
};

/** One of what the form offers under a name. */
const one = {
  make(field, holder, path, form) {
    const offered = [{ code: "", name: say(field.none || "none") }, ...form.options[field.from]()];
    const held = holder[field.key] || "";
    if (!offered.some(({ code }) => code === held)) offered.push({ code: held, name: held });
    const options = offered.map(({ code, name }) => h("option", { value: code, selected: code === held }, name));
    const control = h("select", { onchange: () => {
      holder[field.key] = control.value;
      form.touch(path);
    } }, options);
    return labelled(field, path, control, form);
  },
  write: (value) => value || undefined,
};

const DECIMAL = /^-?\d{1,12}(\.\d{1,6})?$/;

/** What is no number, as a problem: before the API is asked, which takes no other. A share in per cent is told what it is as a number. */
function notDecimal(typed, field, path) {
  const share = /^(\d+(?:\.\d+)?)\s*[%％]$/.exec(typed);
  const message = share ? say("notPercent", { name: say(field.label), typed, meant: String(Number(share[1]) / 100) }) : say("notDecimal", { name: say(field.label), typed });
  return DECIMAL.test(typed) ? [] : [{ code: "INVALID", path, message }];
}

const plain = line({ type: "text", inputmode: "decimal", class: "short" });
const decimal = {
  ...plain,
  missing(value, field, form, path) {
    const typed = plain.write(value);
    if (typed) return notDecimal(typed, field, path);
    return field.required ? [{ code: "MISSING", path, message: say("needed", { name: say(field.label) }) }] : [];
  },
};

/** Values by commas or lines. */
const values = {
  ...line({ type: "text", autocapitalize: "off", spellcheck: "false" }),
  read: (several) => several.join(", "),
  write: (text) => (text || "").split(/[,，、\s]+/).filter(Boolean),
};

/** Numbers by commas or lines. */
const decimals = {
  ...values, ...line({ type: "text", inputmode: "decimal" }), read: values.read, write: values.write,
  missing: (text, field, form, path) => values.write(text).map((typed) => notDecimal(typed, field, path)).flat().slice(0, 1),
};

/** What the desk does not show, and gives back as it was. */
const kept = { make: () => h("span", { hidden: true }) };

export const KINDS = {
  text: line({ type: "text" }),
  paragraph: line({ rows: "4" }, "textarea"),
  code: line({ type: "text", autocapitalize: "off", autocomplete: "off", spellcheck: "false" }),
  address: line({ type: "url", inputmode: "url", autocapitalize: "off" }),
  time: line({ type: "time", class: "short" }),
  day: line({ type: "date" }),
  kept, number, decimal, moment, choice, way, ties, flag, some, one, values, decimals, texts, longtexts, languages, group, optional, list, digest, picture, pictures,
};
