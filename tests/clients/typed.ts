// Compiled, never run: if this no longer compiles, neither does a client that was written against the schema.
import { Client } from '@urql/core';
import { CandidatesDocument, CastDocument, RankingDocument, SignInDocument } from './generated/operations.js';
import type { CandidatesQuery, CastBallotInput, ViolationCode } from './generated/operations.js';
import type { Turnout } from './generated/schema.js';

type Candidate = NonNullable<CandidatesQuery['projects']>['nodes'][number]; // null where it is refused

export async function choose(client: Client, wanted: (candidate: Candidate) => boolean): Promise<string[]> {
  const { data, error } = await client.query(CandidatesDocument, { first: 50 });
  if (!data) throw error;
  const rule = data.campaign?.rules.find((rule) => 'maximum' in rule);
  return (data.projects?.nodes ?? []).filter(wanted).slice(0, rule?.maximum).map(({ id }) => id);
}

export async function cast(client: Client, name: string, projectIds: string[]): Promise<string | ViolationCode[]> {
  await client.mutation(SignInDocument, { with: { guest: { name } } });
  const input: CastBallotInput = { projectIds, idempotencyKey: `${name}-${Date.now()}` };
  const { data } = await client.mutation(CastDocument, { input });
  return data?.castBallot?.ballot?.id ?? data?.castBallot?.violations.map(({ code }) => code) ?? [];
}

export function watch(client: Client, show: (number: number, votes: number) => void): () => void {
  const { unsubscribe } = client.subscription(RankingDocument, { first: 10 }).subscribe(({ data }) => {
    for (const { project, votes } of data?.resultsChanged.nodes ?? []) show(project.number, votes);
  });
  return unsubscribe;
}

export const total = ({ ballots, byDay }: Turnout): boolean => byDay.reduce((sum, day) => sum + day.ballots, 0) === ballots;
