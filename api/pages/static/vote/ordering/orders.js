// In which order are the candidates, other than they came? By a value of theirs, or by lot.
import { ask, askPublic, persist } from "../graphql.js";
import { collator } from "../language.js";
import { session } from "../session.js";

const LOT = `
  query Lot($slug: String, $after: String) {
    projects(campaign: $slug, orderBy: { field: SHUFFLED }, first: 100, after: $after) {
      nodes { number }
      pageInfo { hasNextPage endCursor }
    }
  }`;
const VALUES = {
  NUMBER: () => null,
  TITLE: ({ title }) => title,
  DISTRICT: ({ district }) => district && district.code,
  START_YEAR: ({ startYear }) => startYear,
  COST: ({ cost }) => cost && Number(cost),
};

/** The candidates in one of the orders of the API. */
export async function inOrder(order, campaign, candidates) {
  if (order === "SHUFFLED") return byLot(campaign, candidates);
  const value = VALUES[order];
  const compared = order === "TITLE" ? collator().compare : (one, other) => (one < other ? -1 : Number(one > other));
  const compare = (one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one.number - other.number;
    return compared(a, b) || one.number - other.number;
  };
  return [...candidates].sort(compare);
}

/** The order that the API draws: for the viewer or, where nobody is signed in, for the day. */
async function byLot({ slug }, candidates) {
  const byNumber = new Map(candidates.map((project) => [project.number, project]));
  const { token } = session;
  const numbers = [];
  for (let after = null, more = true; more; ) {
    const asked = { slug, after };
    const { projects } = await persist(() => (token ? ask(LOT, asked, token) : askPublic(LOT, asked)));
    numbers.push(...projects.nodes.map(({ number }) => number));
    after = projects.pageInfo.endCursor;
    more = projects.pageInfo.hasNextPage;
  }
  const drawn = new Set(numbers.filter((number) => byNumber.has(number)));
  const others = candidates.filter(({ number }) => !drawn.has(number)); // they have come since the page was opened
  return [...[...drawn].map((number) => byNumber.get(number)), ...others];
}
