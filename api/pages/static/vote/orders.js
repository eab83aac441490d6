// In which order are the candidates listed? In the campaign's own, or in another one that somebody chooses.
import { h } from "./dom.js";
import { ask, askPublic, persist } from "./graphql.js";
import { tab } from "./kept.js";
import { collator, say } from "./language.js";
import { isOffline } from "./loading.js";
import { notice } from "./notice.js";
import { session } from "./session.js";

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

/** The candidates in the order that the campaign has for whoever is signed in, which is drawn for each of them; for others, as they came. */
export async function inOwnOrder(campaign, candidates) {
  if (campaign.projectOrder !== "SHUFFLED" || session.token === null) return candidates;
  try {
    return await inOrder("SHUFFLED", campaign, candidates);
  } catch (error) {
    console.warn(error); // the order of those who are signed out is as fair
    return candidates;
  }
}

/** What to choose the order by; null where there is one candidate. show gets the candidates in each order that is chosen. */
export function orderChoice(campaign, candidates, show) {
  const name = `order:${campaign.slug}`;
  const own = campaign.projectOrder;
  const orders = ordersOf(campaign, candidates);
  const wanted = tab.recall(name, own);
  const select = h("select", { "aria-label": say("order"), onchange: () => choose(select.value) },
    orders.map((order) => h("option", { value: order, selected: order === wanted }, say(`order_${order}`))));
  const choose = async (order) => {
    try {
      const listed = order === own ? candidates : await inOrder(order, campaign, candidates);
      if (select.value !== order) return; // another one is wanted by now
      tab.keep(name, order === own ? null : order);
      show(listed);
    } catch (error) {
      console.warn(error);
      notice(say(isOffline() ? "offline" : "failed"));
      if (select.value === order) select.value = tab.recall(name, own);
    }
  };
  if (wanted !== own && orders.includes(wanted)) choose(wanted);
  return candidates.length > 1 && select;
}

/** The orders that tell these candidates apart, the campaign's own first. */
function ordersOf({ projectOrder, districts }, candidates) {
  const known = (order) => candidates.some((project) => VALUES[order](project) !== null);
  const useful = ["NUMBER", "TITLE", districts.length > 1 && "DISTRICT", known("START_YEAR") && "START_YEAR", known("COST") && "COST", "SHUFFLED"];
  return [projectOrder, ...useful.filter((order) => order && order !== projectOrder)];
}

async function inOrder(order, campaign, candidates) {
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
