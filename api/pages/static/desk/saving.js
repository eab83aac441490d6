// How does a text become a file on somebody's computer?
import { h } from "../vote/dom.js";

/** Save a text as a file, byte for byte. */
export function save(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000); // the browser has long begun to read it by then
}
