// What do the entries say, and may they say it there? Ballots once, rulings on ballots before them, counts that are right.
import { Broken } from "./broken.js";
import { numberedPath, widthAt } from "./log-files.js";

const [NUMBER, DIGEST, DAY] = ["(0|[1-9][0-9]{0,14})", "([0-9a-f]{64})", "([0-9]{4}-[0-9]{2}-[0-9]{2})"];
const MOMENT = "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\\.[0-9]{1,6})?Z)";
const KINDS = {
  ballot: `${DAY} ${DIGEST}`, rules: DIGEST, window: `${MOMENT} ${MOMENT}`, hold: `${NUMBER} ${DIGEST}`, release: `${NUMBER} ${DIGEST}`,
  void: `${NUMBER} ${DIGEST}`, day: `${DAY} ${NUMBER} ${NUMBER} ${NUMBER} ${NUMBER}`, closed: NUMBER, result: DIGEST,
  selection: `([!-~]+) ${NUMBER} ${DIGEST} ${DIGEST}`, continues: `([!-~]+) ${NUMBER} ${DIGEST}`,
};
const PATTERNS = new Map(Object.entries(KINDS).map(([kind, rest]) => [kind, new RegExp(`^${kind} ${rest}$`)]));

/** What a log says, entry by entry, held against what it has said before. */
export class LogHistory {
  constructor(size) {
    Object.assign(this, { size, ballots: [], byIndex: new Map(), commitments: new Set(), rules: null, ruleDigests: [], days: new Map(), closed: null });
    Object.assign(this, { result: null, documents: [], selections: 0, continues: null, unknown: 0 });
  }

  broken(code, entry, more) {
    const n = Math.floor(entry / 256);
    return new Broken(code, `tile/entries/${numberedPath(n, widthAt(0, n, this.size))}`, { entry, ...more });
  }

  /** Take the next entry. One of a kind that is not known here is passed over, and counted. */
  read(line, index) {
    const kind = line.split(" ")[0];
    if (!/^[a-z]+( [ -~]*)?$/.test(line)) throw this.broken("ENTRY_UNREADABLE", index, { found: line.slice(0, 100) });
    if (!PATTERNS.has(kind)) return void (this.unknown += 1);
    const match = line.match(PATTERNS.get(kind));
    if (match === null) throw this.broken("ENTRY_UNREADABLE", index, { found: line.slice(0, 100), expected: `${kind} ${KINDS[kind]}` });
    const isLate = kind === "continues" && index > 0;
    const isEarly = kind !== "continues" && kind !== "rules" && this.rules === null;
    if (isLate || isEarly) throw this.broken("OUT_OF_ORDER", index, { found: kind, expected: isEarly ? "rules" : "" });
    READERS[kind](this, index, ...match.slice(1));
  }

  /** How many ballots there are by now, of a day or of all. */
  countsOf(day) {
    const counts = { cast: 0, counted: 0, held: 0, voided: 0 };
    for (const ballot of this.ballots) {
      if (day !== null && ballot.day !== day) continue;
      counts.cast += 1;
      counts[ballot.state] += 1;
    }
    return counts;
  }

  document(entry, sha256) {
    this.documents.push({ entry, sha256 });
  }
}

function readBallot(history, index, day, commitment) {
  if (history.commitments.has(commitment)) throw history.broken("BALLOT_DOUBLED", index, { found: commitment });
  history.commitments.add(commitment);
  const ballot = { index, day, commitment, state: "counted", rules: history.rules };
  history.ballots.push(ballot);
  history.byIndex.set(index, ballot);
}

/** Rulings are on ballots before them: held ones are released, and what is void stays so. */
function ruling(kind, from, to) {
  return (history, index, place) => {
    const ballot = history.byIndex.get(Number(place));
    if (!ballot || !from.includes(ballot.state)) {
      throw history.broken("RULING_WRONG", index, { found: `${kind} ${place} (${ballot ? ballot.state : "?"})`, expected: from.join(" / ") });
    }
    ballot.state = to;
  };
}

function readDay(history, index, day, ...counts) {
  const [cast, held, voided, signIns] = counts.map(Number);
  const own = history.countsOf(day);
  const [found, expected] = [`${cast} ${held} ${voided}`, `${own.cast} ${own.held} ${own.voided}`];
  if (found !== expected) throw history.broken("COUNT_WRONG", index, { found: `${day}: ${found}`, expected });
  history.days.set(day, { cast, held, voided, signIns });
}

function readClosed(history, index, count) {
  if (Number(count) !== history.ballots.length) throw history.broken("COUNT_WRONG", index, { found: count, expected: history.ballots.length });
  history.closed = Number(count);
}

const READERS = {
  ballot: readBallot,
  hold: ruling("hold", ["counted"], "held"),
  release: ruling("release", ["held"], "counted"),
  void: ruling("void", ["counted", "held"], "voided"),
  day: readDay,
  closed: readClosed,
  window() {}, // what it means for voting days is left to the command
  rules(history, index, sha256) {
    history.rules = sha256;
    history.ruleDigests.push(sha256);
    history.document(index, sha256);
  },
  result(history, index, sha256) {
    history.result = { index, sha256 };
    history.document(index, sha256);
  },
  selection(history, index, stage, version, trace, record) {
    history.selections += 1;
    history.document(index, record);
  },
  continues(history, index, origin) {
    history.continues = origin;
  },
};
