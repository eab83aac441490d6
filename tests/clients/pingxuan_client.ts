// Walks the way of a vote with clients/typescript, over a lost answer and a lost connection, and prints what it met.
import { writeSync } from 'node:fs';
import { CandidatesDocument, PingxuanClient, Refused, ResultsDocument, RankingDocument } from 'pingxuan-client';
import type { CandidatesQuery, Decimal, Day, Instant, Ranking, RankingSubscription } from 'pingxuan-client';
import WebSocket from 'ws';

declare const process: { argv: string[]; exit(): never };
type Candidates = NonNullable<CandidatesQuery['projects']>['nodes'];

const url = process.argv[2] ?? '';
let lost = 0;
let open: WebSocket | undefined;

/** Answers the first question as a proxy does whose server is away. */
let away = 0;
const behindProxy: typeof fetch = async (where, what) =>
  (away += 1) > 1 ? fetch(where, what) : new Response('<h1>502 Bad Gateway</h1>', { status: 502 });

/** Loses the answer to the first ballot that is sent, after the server has given it. */
const losing: typeof fetch = async (where, what) => {
  const response = await fetch(where, what);
  if (!String(what?.body).includes('castBallot') || lost > 0) return response;
  lost += 1;
  throw new TypeError('The answer is lost.');
};
class Watched extends WebSocket {
  constructor(where: string, protocol: string) {
    super(where, protocol);
    open = this;
  }
}

const client = new PingxuanClient(url, { language: 'en', webSocket: Watched, fetch: behindProxy });
const list = await client.request(CandidatesDocument, { first: 30 });
const candidates: Candidates = list.projects?.nodes ?? [];
const ids = (from: number, to: number): string[] => candidates.slice(from, to).map(({ id }) => id);
const code = (failure: unknown): unknown => (failure instanceof Refused ? failure.code : failure);
const stranger = await client.castBallot({ projectIds: ids(0, 10) }).catch(code);

const voter = async (name: string, options = {}): Promise<PingxuanClient> => {
  const voting = new PingxuanClient(url, { language: 'en', webSocket: WebSocket, ...options });
  await voting.signIn({ guest: { name } });
  return voting;
};
const first = await voter('the first', { fetch: losing });
const refused = await first.castBallot({ projectIds: ids(0, 2) });
const { ballot } = await first.castBallot({ projectIds: ids(0, 10) });

let ranking: Ranking<RankingSubscription> | undefined;
let look = (): void => {};
const until = (met: (seen: Ranking<RankingSubscription>) => boolean): Promise<void> =>
  new Promise((resolve) => {
    look = () => ranking && met(ranking) && resolve();
    look();
  });
const numbers = (rows: readonly { project: { number: number } }[] = []): number[] => rows.map(({ project }) => project.number);
const connections: string[] = [];
client.watchRanking({ first: 12 }, {
  next: (seen) => {
    if (connections.at(-1) !== seen.connection) connections.push(seen.connection);
    ranking = seen;
    look();
  },
  error: (failure) => {
    throw failure;
  },
});
const changes: number[][] = [];
client.watch(RankingDocument, { first: 12 }, {
  next: ({ data }) => {
    const { onlyChanges, nodes = [], removedIds = [] } = data?.resultsChanged ?? {};
    if (onlyChanges) changes.push([nodes.length, removedIds.length]);
  },
  error: console.error,
});
const isShown = ({ rows, rest, connection }: Ranking<RankingSubscription>): boolean =>
  rows.length === 12 && rest?.turnout.ballots === 1 && connection === 'live';
await until(isShown);
const before = numbers(ranking?.rows);
open?.terminate();
await until(({ connection }) => connection === 'reconnecting');
await until(isShown);
const kept = ranking?.rows[0];
const second = await voter('the second');
await second.castBallot({ projectIds: ids(20, 30) });
await until(({ rows }) => numbers(rows).includes(22));

const results = await client.request(ResultsDocument, { first: 12 });

let begun = (): void => {};
const begins = (): Promise<void> => new Promise((resolve) => (begun = resolve));
const seenBy = (viewer: PingxuanClient, wanted: string): Promise<string> =>
  new Promise((resolve) => {
    const connections: string[] = [];
    viewer.watchRanking({ first: 1 }, {
      next: ({ connection }) => {
        if (connections.at(-1) !== connection) connections.push(connection);
        if (connections.join() === wanted) resolve(wanted);
        if (connections.join() === 'connecting,live') begun();
      },
      error: (failure) => resolve(String(code(failure))),
    });
  });

let watching = begins();
const goesOn = seenBy(first, 'connecting,live,reconnecting,live');
await watching;
await first.signOut();
watching = begins();
const ends = seenBy(second, 'never');
await watching;
await (await voter('the second')).signOut();

const scalars: [Day | undefined, Instant | undefined, Decimal] = [ballot?.day, ballot?.castAt, '1200.50'];
writeSync(1, JSON.stringify({
  away,
  goesOn: await goesOn,
  ends: await ends,
  stranger,
  refused: refused.violations.map((violation) => violation.code),
  lost,
  day: scalars[0],
  before,
  after: numbers(ranking?.rows),
  asked: numbers(results.results?.nodes),
  ballots: ranking?.rest?.turnout.ballots,
  connections,
  changes,
  kept: kept === ranking?.rows[0],
}));
process.exit();
