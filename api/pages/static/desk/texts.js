// How are texts in several languages typed? One line for each language of the campaign, and no more.
import { fill, h, whenTyped } from "../vote/dom.js";
import { say } from "./language.js";
import { idOf, labelled } from "./form.js";

const OWN = ["zh", "en"];
export const nameOfLanguage = (tag) => (OWN.includes(tag) ? say(`in_${tag}`) : tag);

/** What a text of the API has in a language. */
export function inLanguage(text, tag) {
  if (OWN.includes(tag)) return text[tag] || "";
  const other = (text.other || []).find((one) => one.tag === tag);
  return other ? other.text : "";
}

function put(text, tag, typed) {
  if (OWN.includes(tag)) text[tag] = typed;
  else text.other = [...(text.other || []).filter((one) => one.tag !== tag), { tag, text: typed }];
}

const kind = (tag, attributes) => ({
  make(field, holder, path, form) {
    const place = h("div", { class: "languages-of" });
    let shown = "";
    const draw = () => {
      const tags = form.languages();
      if (shown === tags.join() && place.firstChild) return;
      shown = tags.join();
      fill(place, tags.map((language) => box(language, tags)));
    };
    const box = (language, tags) => {
      const text = holder[field.key];
      const control = h(tag, { ...attributes, ...field.attributes, lang: language });
      control.value = inLanguage(text, language);
      whenTyped(control, (typed) => {
        put(text, language, typed);
        form.touch(path);
      });
      const label = tags.length === 1 ? say(field.label) : say("inLanguage", { label: say(field.label), language: nameOfLanguage(language) });
      const one = { ...field, help: language === tags[0] ? field.help : undefined, kind: "one-text" };
      const element = labelled(one, [...path, language], control, form, { label });
      if (language === tags[0]) form.problems.place(path, element.querySelector(".problem"), control);
      return element;
    };
    form.drawn.push({ element: place, draw });
    draw();
    return h("div", { id: `${idOf(path)}-all` }, place);
  },
  read: (text) => ({ ...text }),
  blank: () => ({}),
  write(text, field, form) {
    const tags = form.languages();
    const written = {};
    for (const tag of OWN) if (tags.includes(tag) && (text[tag] || "").trim()) written[tag] = text[tag].trim();
    const other = (text.other || []).filter((one) => tags.includes(one.tag) && one.text.trim());
    if (other.length) written.other = other.map((one) => ({ tag: one.tag, text: one.text.trim() }));
    return Object.keys(written).length ? written : undefined;
  },
});

export const texts = kind("input", { type: "text" });
export const longtexts = kind("textarea", { rows: "4" });

const USUAL = ["zh", "en", "zh en", "en zh"];

/** Which languages the campaign's texts are in, its own first: one of the usual, or tags. */
export const languages = {
  make(field, holder, path, form) {
    const held = holder[field.key].join(" ");
    const isUsual = USUAL.includes(held);
    const tags = h("input", { type: "text", value: held, autocapitalize: "off", hidden: isUsual, "aria-label": say("languageTags") });
    const name = (value) => (value === "" ? say("otherLanguages") : value.split(" ").map(nameOfLanguage).join(" + "));
    const options = [...USUAL, ""].map((value) => h("option", { value, selected: value === (isUsual ? held : "") }, name(value)));
    const control = h("select", { onchange: () => {
      tags.hidden = control.value !== "";
      if (control.value) tags.value = control.value;
      hold(tags.value);
    } }, options);
    const hold = (text) => {
      holder[field.key] = text.split(/[\s,，、]+/).filter(Boolean);
      form.touch(path);
    };
    whenTyped(tags, hold);
    return labelled(field, path, h("div", {}, control, tags), form, { focus: control });
  },
  blank: () => ["zh"],
};
