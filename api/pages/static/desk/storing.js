// How are candidates stored? Those that were removed are taken out, those that differ are put in, batch by batch, each after the last.
import { PROBLEMS, act } from "./api.js";
import { CANDIDATE } from "./candidate-fields.js";
import { checked } from "./checking.js";
import { lacking } from "./form.js";

const REMOVE = `mutation Remove($campaign: String!, $numbers: [Int!]!, $expectedRevision: Int) {
  removeProjects(campaign: $campaign, numbers: $numbers, expectedRevision: $expectedRevision) { campaign { slug revision } ${PROBLEMS} }
}`;
const PUT = `mutation Put($campaign: String!, $projects: [ProjectInput!]!, $expectedRevision: Int) {
  putProjects(campaign: $campaign, projects: $projects, expectedRevision: $expectedRevision) { campaign { slug revision } ${PROBLEMS} }
}`;
const BATCH = 50; // candidates that are sent at once: what a request may hold is limited
const BYTES = 60000; // of their texts

/** The numbers under which two lists of candidates are not the same. */
export function differing(before, after) {
  const byNumber = (projects) => new Map(projects.map((project) => [project.number, JSON.stringify(project)]));
  const [one, other] = [byNumber(before), byNumber(after)];
  return [...new Set([...one.keys(), ...other.keys()])].filter((number) => one.get(number) !== other.get(number));
}

/** The required texts and numbers that are empty, as problems with the list. */
export function missingAmong({ projects, campaign, districts }) {
  const context = { ...campaign, options: { themes: () => [], districts: () => districts } };
  return projects.map((project, index) => lacking(CANDIDATE, project, context).map((problem) => ({ ...problem, path: ["projects", String(index), ...problem.path] }))).flat();
}

/** Store candidates in place of those that were there before; every problem, with paths into the whole list. */
export async function store({ slug, input, before, projects, revision }) {
  const found = await check(slug, input, projects);
  if (found.length > 0) return { problems: found };
  const changed = differing(before, projects);
  const stays = new Set(projects.map(({ number }) => number));
  const gone = changed.filter((number) => !stays.has(number));
  let expectedRevision = revision;
  if (gone.length > 0) {
    const { campaign, problems } = await act(REMOVE, { campaign: slug, numbers: gone, expectedRevision });
    if (problems.length > 0) return { problems };
    expectedRevision = campaign.revision;
  }
  const put = projects.filter(({ number }) => changed.includes(number));
  for (const batch of batchesOf(put)) {
    const { campaign, problems } = await act(PUT, { campaign: slug, projects: batch, expectedRevision });
    if (problems.length > 0) return { problems: problems.map((problem) => ({ ...problem, path: placed(problem.path, batch, projects) })), revision: expectedRevision };
    expectedRevision = campaign.revision;
  }
  return { problems: [] };
}

/** The candidates in pieces that a request may hold. */
function batchesOf(projects) {
  const batches = [];
  let bytes = Infinity;
  for (const project of projects) {
    const more = new TextEncoder().encode(JSON.stringify(project)).length;
    if (bytes + more > BYTES || batches[batches.length - 1].length >= BATCH) {
      batches.push([]);
      bytes = 0;
    }
    batches[batches.length - 1].push(project);
    bytes += more;
  }
  return batches;
}

/** What is wrong with the candidates as a whole, before anything is stored. A list that is too long for one request is judged as it is put. */
async function check(slug, input, projects) {
  try {
    const found = await checked({ input: { ...input, slug }, projects, campaign: slug });
    return found.filter(({ path }) => path[0] === "projects" && path.length > 1);
  } catch (error) {
    if (isTooMuch(error)) return [];
    throw error;
  }
}

/** Whether a request was larger than the server takes: by its length, or by how many candidates it lists. */
const isTooMuch = ({ code, extensions = {} }) => code === "QUERY_TOO_LARGE" || extensions.limit === "items";

function placed(path, batch, projects) {
  if (path[0] !== "projects" || path.length < 2) return path;
  return ["projects", String(projects.indexOf(batch[Number(path[1])])), ...path.slice(2)];
}
