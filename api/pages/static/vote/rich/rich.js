// How does a long text become part of the page? The server has made it of CommonMark; of that, the elements known here are taken, one by one.
import { h } from "../dom.js";

const KNOWN = ["p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"];
const HEADINGS = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" }; // they stand below the dialog's own

/** The elements that a text in HTML stands for; what is not known becomes what it holds. */
export function rich(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].map(made);
}

function made(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue;
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const name = node.tagName.toLowerCase();
  if (name === "script" || name === "style") return null;
  const inside = [...node.childNodes].map(made);
  if (name === "img") return /^\/(?!\/)/.test(node.getAttribute("src")) && h("img", { src: node.getAttribute("src"), alt: node.alt, loading: "lazy" });
  if (name === "a" && /^(https?|mailto):$/.test(node.protocol)) return h("a", { href: node.href, rel: "noopener noreferrer nofollow" }, inside);
  return h(HEADINGS[name] || (KNOWN.includes(name) ? name : "span"), {}, inside);
}
