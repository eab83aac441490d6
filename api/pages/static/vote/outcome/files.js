// How can anybody check the outcome? By its trace and its record, as files, and by the digest, which is the trace's SHA-256.
import { copy, fill, h } from "../dom.js";
import { ask, askPublic, persist } from "../graphql.js";
import { say } from "../language.js";
import { session } from "../session.js";

const FILES = "query Files($slug: String!) { campaign(slug: $slug) { stages { code selection { digest trace record } } } }";
export const cannotSave = /MicroMessenger/i.test(navigator.userAgent); // its web view drops what a page gives out as a file

/** The digest, and what saves the two files, which are fetched when they are wanted. */
export function files(campaign, stage, { digest }) {
  const told = h("p", { class: "quiet", role: "status" });
  const text = h("pre", { class: "trace", tabindex: "0", hidden: true });
  const base = `${campaign.slug}-${stage}`;
  const button = (name, file, of) => h("button", { type: "button", onclick: () => give(file, of) }, say(name));
  const give = async (file, of) => {
    try {
      const selection = await fetched(campaign, stage);
      if (cannotSave) fill(text, of(selection)).hidden = false;
      else save(file, of(selection));
      fill(told, await compared(selection));
    } catch (error) {
      console.warn(error);
      fill(told, say("noFile"));
    }
  };
  const copied = async () => fill(told, (await copy(digest)) && say("copied"));
  return [
    h("h4", {}, say("recompute")),
    h("p", { class: "quiet" }, say("recomputeHint")),
    h("p", {}, say("digest"), " ", h("code", { class: "digest" }, digest)),
    h(
      "p",
      { class: "row" },
      button("saveTrace", `${base}-trace.txt`, ({ trace }) => trace),
      button("saveRecord", `${base}-record.json`, ({ record }) => record),
      h("button", { type: "button", onclick: copied }, say("copyDigest")),
    ),
    told,
    text,
  ];
}

async function fetched({ slug }, stage) {
  const read = () => (session.token ? ask(FILES, { slug }, session.token) : askPublic(FILES, { slug }));
  return (await persist(read)).campaign.stages.find(({ code }) => code === stage).selection;
}

/** Save a text as a file. */
export function save(name, text, type = "text/plain") {
  const href = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60000); // milliseconds: the browser has begun by then
}

/** Whether the trace has the digest that was announced; nothing where the browser does not compute it, as without HTTPS. */
async function compared({ trace, digest }) {
  if (!window.crypto || !window.crypto.subtle) return null;
  const bytes = new Uint8Array(await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(trace)));
  const found = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return say(found === digest ? "digestAgrees" : "digestDiffers");
}
