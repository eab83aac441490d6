// The playground: GraphiQL over our own endpoint, the token of whoever signed in last, and tabs that work as they stand.
import { isChinese, sayIn } from "./words.js";
import { fetcherFor } from "./fetcher.js";
import { nameEditors } from "./labels.js";
import { Session } from "./session.js";
import { storage } from "./storage.js";
import { forgetTabs, openTabs, tabsFor, unopened } from "./tabs.js";

const { GraphiQL, React, ReactDOM } = window; // put there by the scripts before this one
const say = sayIn(navigator.language);
const all = JSON.parse(document.getElementById("tabs").textContent);

const notice = document.getElementById("notice");
function notify(words) {
  notice.hidden = words === null;
  notice.textContent = words && say(words);
}

const WANTED = "pingxuan:examples"; // GraphiQL may store its tabs until the very end of a page, so the next one forgets them
function offer(id, words, hint) {
  const button = document.getElementById(id);
  button.textContent = say(words);
  button.title = say(hint);
  return button;
}
offer("examples", "examples", "examplesAgain").addEventListener("click", () => {
  sessionStorage.setItem(WANTED, "again");
  location.reload();
});
if (sessionStorage.getItem(WANTED)) {
  forgetTabs();
  sessionStorage.removeItem(WANTED);
}
const more = offer("more", "more", "moreHint");
more.addEventListener("click", () => location.reload());

/** The examples of whoever is signed in. */
async function ownTabs() {
  try {
    return tabsFor(all, await session.roles(location.pathname), isChinese(navigator.language));
  } catch {
    notify("rolesUnknown");
    return tabsFor(all, [], isChinese(navigator.language));
  }
}
const session = new Session(document.getElementById("session"), say, async () => {
  more.hidden = unopened(await ownTabs()).length === 0;
});

const tabs = await ownTabs();
const { query, variables } = openTabs(tabs); // else GraphiQL may open the active tab twice

const place = document.getElementById("graphiql");
place.removeAttribute("aria-busy");
ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, {
    fetcher: fetcherFor(location.pathname, session, notify),
    storage,
    defaultTabs: tabs,
    query,
    variables,
    defaultEditorToolsVisibility: "variables",
    inputValueDeprecation: true,
    schemaDescription: true,
    shouldPersistHeaders: false, // they may hold secrets
  }),
);
nameEditors(place, say);
