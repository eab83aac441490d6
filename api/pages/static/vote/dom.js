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

/** A picture in a frame of a class, fetched when it is about to be seen, with room kept for it. Its address is on this server. */
export function picture({ url, width, height, alternative }, name) {
  const image = h("img", { src: url, width, height, alt: alternative, lang: langOf(alternative), loading: "lazy", decoding: "async" });
  return h("div", { class: name }, image);
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
