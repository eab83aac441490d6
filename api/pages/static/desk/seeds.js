// How is a seed promised before anybody knows it? By its digest, which the browser makes of it, so that the seed itself is sent nowhere.
import { h, whenTyped } from "../vote/dom.js";
import { labelled } from "./form.js";
import { say } from "./language.js";

/** The SHA-256 of a text in UTF-8, in small hexadecimal digits. */
export async function digestOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The digest of a seed, with a way to make it of one. Where the page came without encryption, browsers make none. */
export const digest = {
  make(field, holder, path, form) {
    const control = h("input", { type: "text", autocapitalize: "off", autocomplete: "off", spellcheck: "false" });
    const hold = (value) => {
      holder[field.key] = value;
      form.touch(path);
    };
    control.value = holder[field.key] || "";
    whenTyped(control, hold);
    const seed = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": say("seed") });
    const make = async () => {
      if (!seed.value) return;
      control.value = await digestOf(seed.value);
      hold(control.value);
    };
    const tool = globalThis.crypto && crypto.subtle && h("div", { class: "row" }, seed, h("button", { type: "button", onclick: make }, say("makeDigest")));
    return labelled(field, path, h("div", {}, control, tool), form, { focus: control });
  },
  write: (value) => (value || "").trim(),
};
