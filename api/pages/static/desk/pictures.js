// How does a picture get into a campaign? It is sent as it is; the server checks, cleans and keeps it, and answers its address.
import { announce, fill, h } from "../vote/dom.js";
import { language } from "../vote/language.js";
import { ROOT } from "../vote/addresses.js";
import { session } from "../vote/session.js";
import { say } from "./language.js";
import { idOf, missingIn, readAll, writeAll } from "./form.js";

const TYPES = "image/jpeg,image/png,image/webp";
const FIELDS = [{ key: "alternative", kind: "texts", label: "alternative", required: true, help: "alternativeHelp" }];
const KEPT = ["url", "width", "height"];

/** Send a file; the picture as the API takes it. Throws an error with words for people. */
export async function upload(file, campaign) {
  let answer;
  try {
    const headers = { Authorization: `Bearer ${session.token}`, "Accept-Language": language, "Content-Type": file.type || "application/octet-stream" };
    const response = await fetch(`${ROOT}/images?campaign=${encodeURIComponent(campaign)}`, { method: "POST", headers, body: file });
    answer = await response.json();
    if (response.status === 201) return answer;
  } catch (error) {
    throw new Error(say("failed"));
  }
  throw new Error(answer.errors ? answer.errors[0].message : answer.message || say("failed"));
}

/** A button for files that sends them one after the other, and says what became of them. */
function sender(label, path, form, { multiple, took }) {
  const said = h("p", { class: "problem", role: "alert" });
  const input = h("input", { type: "file", accept: TYPES, multiple, id: `${idOf(path)}-file`, onchange: async () => {
    const files = [...input.files];
    fill(said, say("sendingPicture"));
    try {
      for (const file of files) took(await upload(file, form.options.campaign()));
      fill(said);
      announce(say("pictureSent"));
    } catch (error) {
      fill(said, error.message);
    }
    input.value = "";
  } });
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, said);
}

function shown(image, path, form, drop) {
  const alternative = form.make(FIELDS[0], image, path);
  const picture = h("img", { src: image.url, alt: "", width: 96, height: 96, loading: "lazy" });
  const remove = h("button", { type: "button", class: "drop", "aria-label": say("dropPicture"), onclick: drop }, "×");
  return h("div", { class: "picture" }, picture, h("div", { class: "beside" }, alternative), remove);
}

const readOne = (image, form) => ({ ...image, ...readAll(FIELDS, { alternative: image.alternative }, form) });

function writeOne(image, form) {
  const written = writeAll(FIELDS, image, form);
  for (const key of KEPT) if (image[key] !== undefined && image[key] !== null) written[key] = image[key];
  return written;
}

/** One picture or none. */
export const picture = {
  make(field, holder, path, form) {
    const place = h("div", { class: "pictures" });
    const message = h("p", { class: "problem" });
    const put = (image) => {
      holder[field.key] = image && readOne(image, form);
      draw();
      form.touch(path);
    };
    const draw = () => {
      const image = holder[field.key];
      fill(place, image ? shown(image, path, form, () => put(undefined)) : sender(say(field.label), path, form, { took: put }));
    };
    draw();
    const frame = h("div", { class: "group", tabindex: "-1", role: "group", "aria-label": say(field.label) }, place, message);
    form.problems.place(path, message, frame);
    return frame;
  },
  read: (image, field, form) => readOne(image, form),
  missing: (image, field, form, path) => (image ? missingIn(FIELDS, image, form, path) : []),
  write: (image, field, form) => image && writeOne(image, form),
};

/** Any number of pictures, in order. */
export const pictures = {
  make(field, holder, path, form) {
    const place = h("div", { class: "pictures" });
    const message = h("p", { class: "problem" });
    const changed = () => {
      draw();
      form.touch(path);
    };
    const draw = () => fill(place, holder[field.key].map((image, index) => shown(image, [...path, String(index)], form, () => {
      holder[field.key].splice(index, 1);
      changed();
    })));
    const took = (image) => {
      holder[field.key].push(readOne(image, form));
      changed();
    };
    draw();
    const frame = h("div", { class: "group", tabindex: "-1", role: "group", "aria-label": say(field.label) }, place, sender(say(field.label), path, form, { multiple: true, took }), message);
    form.problems.place(path, message, frame);
    return frame;
  },
  read: (images, field, form) => images.map((image) => readOne(image, form)),
  blank: () => [],
  missing: (images, field, form, path) => images.map((image, index) => missingIn(FIELDS, image, form, [...path, String(index)])).flat(),
  write: (images, field, form) => images.map((image) => writeOne(image, form)),
};
