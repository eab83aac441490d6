// What does a link lead to, and what link leads to what is shown? Each view that people share has a path, which says what it is
// about wherever it is posted; on the page itself, views are behind the #.
import { FILTERS, ROOT, linked } from "./addresses.js";
import { tab } from "./kept.js";

const nameOf = (slug) => `filter:${slug}`;
const districtOf = (slug) => `district:${slug}`; // of the ranking

/** Take a link's path and filter for what the page goes by: its address behind the #, and what it keeps of the filter. */
export function arrive({ slug }) {
  const given = new URLSearchParams(location.search);
  const wanted = FILTERS.map((name) => [name, given.get(name)]).filter(([, value]) => value);
  if (linked.view === "districts") wanted.push(["district", linked.what]);
  FILTERS.forEach((name) => given.delete(name));
  const isRanking = linked.view === "ranking";
  const { district } = Object.fromEntries(wanted);
  if (isRanking && wanted.length > 0) tab.keep(districtOf(slug), district || "");
  else if (wanted.length > 0) tab.keep(nameOf(slug), Object.fromEntries(wanted));
  const hash = location.hash || { ranking: "#/ranking", projects: `#/candidate/${linked.what}` }[linked.view] || "#/";
  history.replaceState(history.state, "", `${linked.plain}${given.toString() && `?${given}`}${hash}`);
}

/** The path of a candidate, of the ranking or, as it is filtered now, of the list. */
export function linkTo({ slug }, view, number) {
  const path = `${ROOT}/c/${encodeURIComponent(slug)}`;
  if (view === "candidate") return `${path}/projects/${number}`;
  if (view === "ranking") return withQuery(`${path}/ranking`, { district: tab.recall(districtOf(slug), "") });
  if (view === "winners") return `${path}#/winners`;
  const { district, theme, search } = tab.recall(nameOf(slug), {});
  if (view !== "candidates") return path;
  const isPlace = district && district !== "CITY"; // which stands for the projects of no single district
  return withQuery(isPlace ? `${path}/districts/${encodeURIComponent(district)}` : path, { district: !isPlace && district, theme, search });
}

function withQuery(path, values) {
  const given = Object.entries(values).filter(([, value]) => value);
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}
