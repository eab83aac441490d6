// How is a campaign, a candidate, the ranking or a filter shared? By the phone's own sheet, as a link, or as a poster with a code.
import { openDialog } from "../dialog.js";
import { copy, fill, h } from "../dom.js";
import { langOf, learn, moment, say } from "../language.js";
import { linkTo } from "../links.js";
import { notice } from "../notice.js";
import { isPast } from "../rules.js";
import { drawPoster } from "./poster.js";
import { en, zh } from "./words.js";

const IN_WECHAT = /micromessenger/i.test(navigator.userAgent);

/** Open the sheet about the candidate or, without one, about the view that is behind. */
export function openSharing(campaign, view, project) {
  learn({ zh, en });
  loadStyles();
  const shared = sharedThing(campaign, project === null ? view : "candidate", project);
  const field = h("input", { readonly: true, value: shared.url, "aria-label": say("shareAddress"), onfocus: () => field.select() });
  const press = async () => notice((await copy(shared.url)) ? say("copied") : shared.url);
  const poster = h("div", { class: "poster", "aria-busy": "true" }, h("p", { class: "quiet", role: "status" }, say("posterDrawing")));
  openDialog(
    say("sharing"),
    h("p", { class: "shared", lang: langOf(shared.title) }, shared.title),
    h("div", { class: "address" }, field, h("button", { type: "button", class: "main", onclick: press }, say("shareCopy"))),
    IN_WECHAT ? h("p", { class: "quiet" }, say("shareInWechat")) : bySystem(shared),
    h("h3", {}, say("poster")),
    poster,
  );
  showPoster(poster, campaign, shared);
}

/** What is shared: its title, its address, and what a poster says of it. */
function sharedThing(campaign, view, project) {
  const names = project ? [project.title] : view === "ranking" ? [say("sharedRanking")] : [];
  const picture = (project && project.images[0]) || campaign.cover;
  return {
    title: [...names, campaign.title].join(" · "),
    url: location.origin + linkTo(campaign, view, project && project.number),
    heading: names[0] || campaign.title,
    above: names.length > 0 ? campaign.title : "",
    number: project ? say("sharedNumber", project) : "",
    about: project ? project.summary : say("organizer", campaign),
    picture,
  };
}

/** The phone's own sheet, where it has one. */
function bySystem({ title, url }) {
  if (!navigator.share) return null;
  const press = () => navigator.share({ title, url }).catch((error) => error.name === "AbortError" || notice(url)); // or thought better of it
  return h("p", { class: "row" }, h("button", { type: "button", onclick: press }, say("shareBySystem")));
}

async function showPoster(place, campaign, shared) {
  const isOpen = !isPast(campaign);
  const until = isOpen ? moment(campaign.votingWindow.closesAt, campaign.timeZone) : "";
  const words = { scan: say(isOpen ? "posterVote" : "posterScan"), below: isOpen ? say("posterUntil", { at: until }) : "" };
  try {
    const src = await drawPoster({ ...shared, ...words });
    const image = h("img", { src, alt: say("posterOf", { title: shared.heading }), width: 750, height: 1120 });
    const save = h("a", { class: "button", href: src, download: "poster.jpg" }, say("posterSave"));
    fill(place, image, h("p", { class: "quiet" }, say("posterHint")), !IN_WECHAT && h("p", {}, save));
  } catch (error) {
    console.warn(error);
    fill(place, h("p", { class: "quiet", role: "status" }, say("posterFailed")));
  }
  place.removeAttribute("aria-busy");
}

function loadStyles() {
  const href = new URL("sharing.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`) === null) document.head.append(h("link", { rel: "stylesheet", href }));
}
