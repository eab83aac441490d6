// How far is an upload, and how does it go on after a reload? By the same file, chosen once more, from where it broke off.
import { fill, h } from "../vote/dom.js";
import { count } from "../vote/language.js";
import { isOffline } from "../vote/loading.js";
import { say } from "./language.js";
import { Upload, uploadOf } from "./uploading.js";

/** A number of bytes, as people read it. */
export function bytesOf(number) {
  if (number < 1000000) return `${count(Math.ceil(number / 1000))} KB`;
  return `${count(Math.round(number / 100000) / 10)} MB`;
}

/** The place of an upload that is under way, or of one that waits for its file. */
export function uploadPlace(page) {
  const place = h("div", { class: "upload" });
  const upload = uploadOf(page.id);
  if (upload === null) fill(place, chooserOf(page, place));
  else follow(page, place, upload);
  return place;
}

function follow(page, place, upload) {
  const bar = h("progress", { max: upload.file.size, value: 0, "aria-label": say("uploading", { name: upload.file.name }) });
  const words = h("p", {});
  const said = h("div", { class: "problem", role: "status" });
  let told = null;
  const tell = () => {
    bar.value = upload.sent;
    words.textContent = say("uploadedOf", { received: bytesOf(upload.sent), size: bytesOf(upload.file.size) });
    if (told !== `${upload.state} ${upload.message}`) fill(said, troubles(upload));
    told = `${upload.state} ${upload.message}`;
    if (upload.state === "DONE" || upload.message) page.reload().catch((error) => console.warn(error)); // it is read again anyway
  };
  upload.listener = () => place.isConnected && tell();
  fill(place, h("p", {}, say("uploading", { name: upload.file.name })), bar, words, said);
  tell();
}

function troubles(upload) {
  if (upload.state === "BROKEN") return say(isOffline() ? "uploadOffline" : "uploadWaits");
  if (upload.state !== "STOPPED" || !upload.message) return null;
  return [h("p", {}, say("uploadStopped", { message: upload.message })), h("button", { type: "button", onclick: () => upload.run() }, say("uploadAgain"))];
}

/** A field for the file that was being sent when the page was left. */
function chooserOf(page, place) {
  const { fileName: name, received, size } = page.job;
  const said = h("p", { class: "problem", role: "alert" });
  const input = h("input", { type: "file", id: "file-again", onchange: () => {
    const [file] = input.files;
    if (file === undefined) return;
    if (size !== null && file.size !== size) {
      fill(said, say("anotherFile", { name, size: count(size), given: count(file.size) }));
      return;
    }
    const upload = new Upload(page.job, file);
    follow(page, place, upload);
    upload.run();
  } });
  return h("div", { class: "field" }, h("label", { for: input.id }, say("uploadLost", { received: bytesOf(received), name })), input, said);
}
