// How are pictures shown? When they are about to be seen, in the room that is kept for them, and in words for whoever does not see them.
import { h } from "./dom.js";
import { langOf } from "./language.js";

/** A picture in a frame of a class. Its address is on this server: the page's policy knows no other. */
export function picture({ url, width, height, alternative }, name) {
  const image = h("img", { src: url, width, height, alt: alternative, lang: langOf(alternative), loading: "lazy", decoding: "async" });
  return h("div", { class: name }, image);
}
