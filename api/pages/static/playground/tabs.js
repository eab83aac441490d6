// Which examples does GraphiQL open with? Those for everybody and for the reader's roles, commented in one language.
import { storage } from "./storage.js";

const KEPT = "graphiql:tabState"; // where GraphiQL keeps its tabs, in this form
const OFFERED = "graphiql:offered"; // the examples that have been opened once: a closed one stays closed
const PAIR = /^(.*?# )(.+) · (.+)$/gm; // a comment in Chinese and in English
const NAME = /^(?:query|mutation|subscription) (\w+)/m;
const nameOf = (tab) => tab.query.match(NAME)[1];

/** The examples for these roles; those without a role are for everybody. */
export function tabsFor(examples, roles, chinese) {
  return examples
    .filter(({ role }) => !role || roles.includes(role))
    .map(({ query, variables }) => ({ query: query.replace(PAIR, chinese ? "$1$2" : "$1$3"), variables }));
}

/** The tabs that were never opened here, though others are. */
export function unopened(tabs) {
  if (!storage.getItem(KEPT)) return [];
  const offered = JSON.parse(storage.getItem(OFFERED)) || tabs.map(nameOf); // kept by a version that noted none
  return tabs.filter((tab) => !offered.includes(nameOf(tab)));
}

/** Put those beside the tabs that GraphiQL keeps, before it reads them; note that all are open. Return the tab to begin with. */
export function openTabs(tabs) {
  const kept = JSON.parse(storage.getItem(KEPT) || null);
  if (kept) {
    kept.tabs.push(...unopened(tabs).map(keptTab));
    storage.setItem(KEPT, JSON.stringify(kept));
  }
  storage.setItem(OFFERED, JSON.stringify(tabs.map(nameOf)));
  return kept ? kept.tabs[kept.activeTabIndex] : tabs[0];
}

/** Have the examples opened anew, whatever was closed or changed. */
export function forgetTabs() {
  for (const key of ["tabState", "query", "variables", "headers", "offered"]) storage.removeItem(`graphiql:${key}`);
}

function keptTab(tab) {
  const name = nameOf(tab);
  return { id: name, title: name, ...tab, headers: null, operationName: name, response: null };
}
