// How is HTML made? One element at a time, so that no text from anywhere is ever taken for markup.
import { langOf } from "./language.js";

/** An element. Names that begin with "on" are listeners; true is an attribute without a value, false and null are none. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  return fill(element, ...children);
}

/** What is asked for of a picture: its address, and those of its smaller sizes. */
export const PICTURE = "url small: url(width: 320) medium: url(width: 640) large: url(width: 960) width height alternative";

/**
 * A picture in a frame of a class, fetched when it is about to be seen, with room kept for it. Its address is on this server. The
 * browser takes the size that fits: sizes says how wide it is shown, as CSS does.
 */
export function picture({ url, small, medium, large, width, height, alternative }, name, sizes) {
  const widths = new Map([[small, 320], [medium, 640], [large, 960], [url, width]]); // of a small picture all are the same
  const srcset = widths.size > 1 && [...widths].map(([address, pixels]) => `${address} ${pixels}w`).join(", ");
  const about = { width, height, alt: alternative, lang: langOf(alternative), loading: "lazy", decoding: "async" };
  return h("div", { class: name }, h("img", { ...about, sizes: srcset && sizes, srcset, src: url }));
}

/** Put these children in place of all that was in an element. Null and false are nothing. */
export function fill(element, ...children) {
  element.textContent = "";
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Have a screen reader say something that everybody else sees happen. */
export function announce(text) {
  document.getElementById("spoken").textContent = text;
}

/** Have a field tell what it holds whenever that changes; letters of a word that is still composed, as pinyin is, are no word yet. */
export function whenTyped(field, tell) {
  let [composing, told] = [false, field.value];
  const changed = (event) => {
    if (event.type === "compositionstart") composing = true;
    if (event.type === "compositionend" || event.type === "change") composing = false;
    if (composing || event.isComposing || field.value === told) return;
    told = field.value;
    tell(told);
  };
  for (const name of ["compositionstart", "compositionend", "input", "change"]) field.addEventListener(name, changed);
}

/** Text to the clipboard; whether it got there. WeChat's older web views know the second way only. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    const field = h("textarea", { class: "unseen", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
