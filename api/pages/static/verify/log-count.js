// What do the ballots come to? Each is opened, held against the rules, and counted; the sum is held against the published result.
import { hex, utf8 } from "../proof/bytes.js";
import { commitmentText } from "../proof/receipts.js";
import { Broken } from "./broken.js";
import { numberedPath, widthAt } from "./log-files.js";

const LINE = /^([0-9a-f]{64}) (-|[0-9a-f]{64}) ([1-9][0-9]{0,5}(?:,[1-9][0-9]{0,5})*)$/;

/** The documents that entries commit to, by their digests; each is what it is called. */
export async function readDocuments({ sha256 }, files, history) {
  const documents = new Map();
  for (const { entry, sha256: digest } of history.documents) {
    const path = `documents/${digest}`;
    const bytes = await files.bytes(path);
    const found = hex(sha256(bytes));
    if (found !== digest) throw new Broken("DOCUMENT_WRONG", path, { entry, found, expected: digest });
    documents.set(digest, await parsed(files, path, entry));
  }
  const shapes = [...history.ruleDigests.map((digest) => [digest, isRules]), ...(history.result ? [[history.result.sha256, isResult]] : [])];
  const wrong = shapes.find(([digest, isShape]) => !isShape(documents.get(digest)));
  if (wrong) throw new Broken("DOCUMENT_WRONG", `documents/${wrong[0]}`);
  for (const [digest] of shapes) {
    const path = `documents/${digest}`;
    if (canonical(documents.get(digest)) !== (await files.text(path, "DOCUMENT_WRONG"))) throw new Broken("DOCUMENT_WRONG", path, { entry: history.documents.find((each) => each.sha256 === digest).entry, expected: "canonical JSON" });
  }
  return documents;
}

/** JSON in its one canonical spelling: a key that is there twice is read in two ways. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const areNumbered = (list) => Array.isArray(list) && list.every((each) => each && Number.isInteger(each.number));
const isRules = (tree) => Boolean(tree) && areNumbered(tree.candidates);
const isResult = (tree) => Boolean(tree && tree.ballots) && areNumbered(tree.projects) && Array.isArray(tree.days) && tree.days.every(Boolean);

async function parsed(files, path, entry) {
  try {
    return JSON.parse(await files.text(path, "DOCUMENT_WRONG"));
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken("DOCUMENT_WRONG", path, { entry, found: error.message, expected: "JSON" });
  }
}

/** The campaign's slug, by the log's origin, which has the number of a log that continues another behind it. */
export function slugOf(origin, history) {
  const parts = origin.split("/");
  return parts[parts.length - (history.continues === null ? 1 : 2)];
}

/** Open and count all ballots: votes by project, of those that count. opened gets the numbers on each ballot. */
export async function count(means, files, history, documents, slug, tell) {
  const votes = new Map();
  for (let n = 0; 256 * n < history.size; n += 1) {
    const width = widthAt(0, n, history.size);
    const path = `openings/${numberedPath(n, width)}`;
    const lines = (await files.text(path, "OPENINGS_UNREADABLE")).split("\n");
    if (lines.pop() !== "" || lines.length !== width) throw new Broken("OPENINGS_UNREADABLE", path, { found: lines.length, expected: width });
    lines.forEach((line, at) => open(means, history, documents, slug, { line, entry: 256 * n + at, path, votes }));
    tell(256 * n + width);
  }
  return votes;
}

function open({ sha256 }, history, documents, slug, { line, entry, path, votes }) {
  const ballot = history.byIndex.get(entry);
  if (!ballot && line === "-") return;
  const [, nonce, tag, text] = line.match(LINE) || [];
  if (!ballot || !nonce) throw new Broken("OPENINGS_UNREADABLE", path, { entry, found: line.slice(0, 100), expected: ballot ? "NONCE TAG N,N,N" : "-" });
  const numbers = text.split(",").map(Number);
  const found = hex(sha256(utf8(commitmentText(slug, ballot.day, nonce, tag, numbers))));
  if (found !== ballot.commitment) throw new Broken("OPENING_WRONG", path, { entry, found, expected: ballot.commitment });
  checkRules(documents.get(ballot.rules), numbers, path, entry);
  ballot.numbers = numbers;
  if (ballot.state === "counted") for (const number of numbers) votes.set(number, (votes.get(number) || 0) + 1);
}

/** The rules that can be followed from the document alone: so many, each once, candidates all. The others are the command's. */
function checkRules(rules, numbers, path, entry) {
  if (!rules.numbers) rules.numbers = new Set(rules.candidates.map(({ number }) => number));
  const isOneByOne = Array.isArray(rules.rules) && rules.rules.some((each) => each && each.code === "VOTE_QUOTA");
  const { minimum, maximum } = isOneByOne ? { minimum: 1, maximum: 1 } : rules.choices || {};
  const wrong = (found, expected) => new Broken("RULE_BROKEN", path, { entry, found, expected });
  if (numbers.some((number, at) => at > 0 && numbers[at - 1] >= number)) throw wrong(numbers.join(","), "1 < 2 < 3 …");
  const stranger = numbers.find((number) => !rules.numbers.has(number));
  if (stranger !== undefined) throw wrong(stranger, `1–${rules.numbers.size}`);
  if (numbers.length < minimum || numbers.length > maximum) throw wrong(`${numbers.length} (${numbers.join(",")})`, `${minimum}–${maximum}`);
}

/** Hold the published result against the count. */
export function compare(result, path, history, votes, slug) {
  const wrong = (found, expected) => new Broken("RESULT_WRONG", path, { entry: history.result.index, found, expected });
  const same = (name, stated, own) => {
    const text = (counts) => ["cast", "counted", "held", "voided"].map((key) => counts[key]).join(" ");
    if (text(stated) !== text(own)) throw wrong(`${name}: ${text(stated)}`, text(own));
  };
  if (result.campaign !== slug) throw wrong(result.campaign, slug);
  same("ballots", result.ballots, history.countsOf(null));
  for (const day of result.days) same(day.day, day, history.countsOf(day.day));
  if (new Set(result.days.map(({ day }) => day)).size !== result.days.length) throw wrong("days", "each once");
  const inDays = result.days.reduce((sum, { cast }) => sum + cast, 0);
  if (inDays !== history.ballots.length) throw wrong(`days: ${inDays}`, history.ballots.length);
  for (const { number, votes: stated } of result.projects) {
    if (stated !== (votes.get(number) || 0)) throw wrong(`${number}: ${stated}`, votes.get(number) || 0);
  }
  const listed = new Set(result.projects.map(({ number }) => number));
  const left = [...votes.keys()].find((number) => !listed.has(number));
  if (left !== undefined) throw wrong(`${left}: -`, votes.get(left));
}
