// How the answers of `resultsChanged` become one ranking that is always whole.
import type { AnswerError } from './errors.js';
import type { Answer } from './http.js';
import type { Connection } from './live.js';
import type { Instant } from './scalars.js';

/** What a row has to have so that rows which moved can be put in their places. */
export interface RankingRow {
  readonly id: string;
  readonly rank: number;
  readonly project: { readonly number: number };
}

/** What a document of your own has to select of `resultsChanged`, at least. */
export interface RankingAnswer {
  readonly resultsChanged: {
    /** Whether `nodes` are only the rows that have changed since the answer before. */
    readonly onlyChanges: boolean;
    readonly removedIds: readonly string[];
    readonly asOf: Instant;
    readonly nodes: readonly RankingRow[];
  };
}

export type RowOf<Result extends RankingAnswer> = Result['resultsChanged']['nodes'][number];

/** What an answer says beside its rows, such as `totalCount` or `turnout`. */
export type RestOf<Result extends RankingAnswer> = Omit<Result['resultsChanged'], 'nodes' | 'onlyChanges' | 'removedIds'>;

export interface Ranking<Result extends RankingAnswer> {
  /** The rows asked for, the best first, equal ones by number. A row that has not changed is the same object as before. */
  readonly rows: readonly RowOf<Result>[];
  /** What the last answer said beside the rows; null before the first and while there are none to see. */
  readonly rest: RestOf<Result> | null;
  /** Say so on the page while this is `reconnecting`: the rows may be out of date. */
  readonly connection: Connection;
  /** Why there are no rows, while the viewer may not see the standings; null while they may. */
  readonly hidden: Hidden | null;
}

export interface Hidden {
  readonly message: string;
  /** From when the standings may be seen, where that is known. */
  readonly visibleFrom: Instant | null;
}

export const NO_RANKING: Ranking<never> = { rows: [], rest: null, connection: 'connecting', hidden: null };

/** The ranking after an answer. */
export function answered<Result extends RankingAnswer>(
  before: Ranking<Result>,
  { data, errors }: Answer<Result>,
): Ranking<Result> {
  if (!data) return { ...before, rows: [], rest: null, hidden: hiddenBy(errors) };
  const { nodes, onlyChanges, removedIds, ...rest } = data.resultsChanged as Result['resultsChanged'] & {
    nodes: readonly RowOf<Result>[];
  };
  const rows = onlyChanges ? merged(before.rows, nodes, removedIds) : nodes;
  return { ...before, rows, rest, hidden: null };
}

/** Rows in their new order: those that have changed, over those before without the ones that have left. */
export function merged<Row extends RankingRow>(
  before: readonly Row[],
  changed: readonly Row[],
  removedIds: readonly string[],
): readonly Row[] {
  const rows = new Map(before.map((row) => [row.id, row]));
  for (const id of removedIds) rows.delete(id);
  for (const row of changed) rows.set(row.id, row);
  return [...rows.values()].sort((a, b) => a.rank - b.rank || a.project.number - b.project.number);
}

function hiddenBy(errors: readonly AnswerError[]): Hidden {
  const [error] = errors;
  const visibleFrom = error?.extensions?.['visibleFrom'];
  return { message: error?.message ?? '', visibleFrom: typeof visibleFrom === 'string' ? (visibleFrom as Instant) : null };
}
