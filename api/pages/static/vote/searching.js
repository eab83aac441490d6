// Which candidates are searched for? The API knows, which looks through both languages. Until it answers, the texts shown here
// have to do, and when it cannot be reached as well.
import { h, fill } from "./dom.js";
import { Refused, askPublic } from "./graphql.js";
import { count, language, say } from "./language.js";

const SEARCH = `
  query Search($slug: String, $search: String, $after: String) {
    projects(campaign: $slug, filter: { search: $search }, first: 100, after: $after) {
      edges { node { number } matches { field language parts { text isMatch } } }
      pageInfo { hasNextPage endCursor }
    }
  }`;
const PLACES = { NUMBER: "inNUMBER", TITLE: "inTITLE", SUMMARY: "inSUMMARY", ORGANIZATION: "inORGANIZATION", DISTRICT: "inDISTRICT" };
const PAUSE = 250; // milliseconds without a letter before the API is asked
const places = new Map(); // by a candidate's number: the line of its card that says where the words were found, and texts to mark them in
let found = null; // by a candidate's number: where the words were found; null while nothing is searched for

/**
 * A function to be called whenever what is wanted changes. It calls apply with it, at once and when the API has answered; found
 * is then the candidates that the search has, by their numbers, or null, and note is what there is to be said about it.
 */
export function searching(slug, candidates, apply) {
  const here = shownTexts(candidates);
  let wanted = { search: "" };
  let note = "";
  let timer = 0;
  found = null;
  const tell = (now, more = "") => {
    found = now;
    note = more;
    for (const [number, place] of places) show(place, number);
    apply({ ...wanted, found, note });
  };
  const ask = async (search) => {
    const still = () => search === wanted.search;
    const answer = await answerTo(slug, search, still, () => here(search));
    if (still()) tell(answer.found || found, answer.note);
  };
  return (next) => {
    const same = next.search === wanted.search;
    wanted = { ...next };
    if (same) return apply({ ...wanted, found, note });
    clearTimeout(timer);
    if (!wanted.search.trim()) return tell(null);
    timer = setTimeout(ask, PAUSE, wanted.search);
    const atOnce = here(wanted.search);
    return tell(atOnce.size ? atOnce : found); // nothing here may be something in the other language
  };
}

/**
 * A line for a candidate's card: where the words of the search were found, in as far as the API has said so. They are marked in the
 * elements with its texts, by field, as well.
 */
export function foundIn(number, elements) {
  const texts = Object.entries(elements).map(([field, element]) => ({ field, element, text: element.textContent }));
  const place = { line: h("p", { class: "quiet found", hidden: true }), texts };
  places.set(number, place);
  show(place, number);
  return place.line;
}

function show({ line, texts }, number) {
  const matches = (found && found.get(number)) || [];
  if (matches.length === 0 && line.hidden) return;
  for (const { field, element, text } of texts) {
    const match = matches.find((one) => one.field === field && one.parts.map((part) => part.text).join("") === text);
    fill(element, match ? match.parts.map((part) => (part.isMatch ? h("mark", {}, part.text) : part.text)) : text);
  }
  fillLine(line, matches);
}

const piecesOf = ({ parts }) => parts.filter(({ isMatch }) => isMatch).map(({ text }) => text);

function fillLine(line, matches) {
  const fields = new Map();
  for (const match of [...matches.filter(ours), ...matches.filter((match) => !ours(match))]) {
    fields.set(match.field, [...new Set([...(fields.get(match.field) || []), ...piecesOf(match)])]);
  }
  const quoted = (pieces) => pieces.map((piece) => say("quoted", { piece })).join(say("between"));
  const words = [...fields].filter(([field]) => field in PLACES).map(([field, pieces]) => say(PLACES[field], { pieces: quoted(pieces) }));
  fill(line, say("foundIn", { places: words.join(say("semicolon")) }));
  line.hidden = matches.length === 0;
}

const ours = (match) => match.language === null || match.language === language.toUpperCase().replace("-", "_");

async function answerTo(slug, search, still, otherwise) {
  try {
    return { found: await all(slug, search, still), note: "" };
  } catch (error) {
    if (error instanceof Refused) return { found: null, note: error.message };
    console.warn(error);
    return { found: otherwise(), note: say("searchedHere") };
  }
}

/** All that the search has, page by page for as long as it is still wanted. */
async function all(slug, search, still) {
  const matches = new Map();
  for (let after = null, more = true; more && still(); ) {
    const { projects } = await askPublic(SEARCH, { slug, search, after });
    for (const { node, matches: where } of projects.edges) matches.set(node.number, where);
    after = projects.pageInfo.endCursor;
    more = projects.pageInfo.hasNextPage;
  }
  return matches;
}

/** The search through the texts that the page shows. It says who has all the words, and nothing about where. */
function shownTexts(candidates) {
  let texts = null;
  return (search) => {
    texts = texts || candidates.map((project) => [project.number, folded(searched(project))]);
    const words = folded(search).split(/\s+/);
    return new Map(texts.filter(([, text]) => words.every((word) => text.includes(word))).map(([number]) => [number, []]));
  };
}

function searched({ title, summary, organization, district }) {
  return [title, summary, organization, district && district.name].filter(Boolean).join("\n");
}

const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "").replace(/[‘’ʼ]/g, "'");

/** Whether a candidate meets all that is wanted; "" and null want nothing, and `CITY` is for projects of no single district. */
export function meets(project, wanted, draft) {
  return (
    inDistrict(project, wanted.district) &&
    (!wanted.theme || project.themes.some(({ code }) => code === wanted.theme)) &&
    (!wanted.chosen || draft.has(project.id)) &&
    (!wanted.found || wanted.found.has(project.number))
  );
}

function inDistrict(project, code) {
  if (!code) return true;
  return code === "CITY" ? project.level === "MUNICIPAL" : project.district !== null && project.district.code === code;
}

/** Have each option of a choice say how many candidates there would be with it, under all else that is wanted. */
export function countEach(select, candidates, wanted, draft) {
  const others = candidates.filter((project) => meets(project, { ...wanted, [select.name]: "" }, draft));
  for (const option of select.options) {
    const { length } = others.filter((project) => meets(project, { [select.name]: option.value }, draft));
    option.textContent = say("counted", { name: option.dataset.name, count: count(length) });
  }
}
