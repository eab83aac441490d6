// The playground: GraphiQL over our own endpoint, the token of whoever signed in last, and tabs that work as they stand.
import { sayIn } from "./words.js";
import { fetcherFor } from "./fetcher.js";
import { Session } from "./session.js";
import { storage } from "./storage.js";

const { GraphiQL, React, ReactDOM } = window; // put there by the scripts before this one
const say = sayIn(navigator.language);

const notice = document.getElementById("notice");
const session = new Session(document.getElementById("session"), say);
const fetcher = fetcherFor(location.pathname, session, (words) => {
  notice.hidden = words === null;
  notice.textContent = words && say(words);
});

const examples = document.getElementById("examples");
examples.textContent = say("examples");
examples.title = say("examplesAgain");
const WANTED = "pingxuan:examples"; // GraphiQL may store its tabs until the very end of a page, so the next one forgets them
examples.addEventListener("click", () => {
  sessionStorage.setItem(WANTED, "again");
  location.reload();
});
if (sessionStorage.getItem(WANTED)) {
  for (const key of ["tabState", "query", "variables", "headers"]) storage.removeItem(`graphiql:${key}`);
  sessionStorage.removeItem(WANTED);
}

const tabs = JSON.parse(document.getElementById("tabs").textContent);
const kept = JSON.parse(storage.getItem("graphiql:tabState"));
const { query, variables } = kept?.tabs[kept.activeTabIndex] ?? tabs[0]; // else GraphiQL may open the active tab twice

const place = document.getElementById("graphiql");
place.removeAttribute("aria-busy");
ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, {
    fetcher,
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
