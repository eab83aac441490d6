// Which campaign does an address mean, and what address does a campaign have? Each has its own, /c/SLUG; / is the featured one's.

/** What the server's addresses begin with, as a module knows its own: empty, or such as /vote where it is below that path. */
export const ROOT = new URL("../../..", import.meta.url).pathname.replace(/\/$/, "");

const path = location.pathname.startsWith(`${ROOT}/`) ? location.pathname.slice(ROOT.length) : "/";
const inPath = path.match(/^\/c\/([^/]+)(?:\/(ranking|projects|districts)(?:\/([^/]+))?)?\/?$/);

/** Whether this address is that of the list of campaigns. */
export const isList = /^\/campaigns\/?$/.test(path);

/** The slug in the address; null for the featured campaign. The older ?campaign=SLUG goes on working. */
export const slugHere = inPath ? decoded(inPath[1]) : new URLSearchParams(location.search).get("campaign");

/** What a link's path names besides: a view, and the candidate or the district. plain: the path without that. */
export const linked = {
  view: (inPath && inPath[2]) || null,
  what: inPath && inPath[3] ? decoded(inPath[3]) : "",
  plain: inPath && inPath[2] ? `${ROOT}/c/${inPath[1]}` : location.pathname,
};

export const FILTERS = ["district", "theme", "search"];

/** Whether the address names more than a campaign, before the #. */
export const isLink = linked.view !== null || FILTERS.some((name) => new URLSearchParams(location.search).has(name));

export const FEATURED = `${ROOT}/`;
export const LIST = `${ROOT}/campaigns`;
export const addressOf = ({ slug }) => `${ROOT}/c/${encodeURIComponent(slug)}`;

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}
