// What does one candidate look like in the list: closed, and while it is edited?
import { h } from "../vote/dom.js";
import { CANDIDATE } from "./candidate-fields.js";
import { Form } from "./form.js";
import { textOf } from "./preview.js";
import { say } from "./language.js";

/** A closed row. edit: opens it, or false. acts: what may be done to the candidate. gone: how and why it no longer stands. */
export function rowOf(project, { languages, themes, wrong, gone, edit, acts, doAct }) {
  const title = textOf(project.title, languages);
  const [image] = project.images || [];
  const named = (code) => (themes.find((theme) => theme.code === code) || { name: code }).name;
  const standing = gone && h("span", { class: "standing" }, say(`standing_${gone.standing}`));
  return h(
    "li",
    { "data-number": project.number },
    image && h("img", { src: image.url, alt: "", width: 56, height: 56, loading: "lazy" }),
    h("div", { class: "of" },
      h("p", {}, h("b", {}, say("number", { number: project.number })), " ", title || say("untitled"), " ", standing),
      h("p", { class: "quiet" }, [textOf(project.organization, languages), ...(project.themes || []).map(named)].filter(Boolean).join(" · ")),
      gone && h("p", { class: "quiet" }, gone.standingReason),
      wrong.map(({ message }) => h("p", { class: "problem" }, message))),
    edit && h("button", { type: "button", class: "edit", "aria-label": say("editThis", { title }), onclick: edit }, say("edit")),
    acts.length > 0 && h("details", { class: "acts" }, h("summary", { "aria-label": say("actsOn", { title }) }, say("acts")), acts.map((name) => h("button", { type: "button", onclick: () => doAct(name) }, say(`act_${name}`)))),
  );
}

/** The form of one candidate; changed is told what it holds after every change. drop: takes it out, or false. */
export function editorOf(project, { campaign, options, changed, close, drop }) {
  const form = new Form(CANDIDATE, project, {
    languages: () => campaign.languages,
    timeZone: () => campaign.timeZone,
    options,
    changed: () => changed(form.output()),
  });
  const finish = (event) => {
    event.preventDefault();
    close();
  };
  const buttons = h("p", { class: "row buttons" }, h("button", {}, say("finish")), drop && h("button", { type: "button", onclick: drop }, say("removeCandidate")));
  const element = h("li", { class: "editor" }, h("form", { onsubmit: finish, novalidate: true }, form.element, buttons));
  return { element, form };
}
