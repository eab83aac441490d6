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

/** What a document of one's own has to select of `resultsChanged`, at least. */
export interface RankingAnswer {
  readonly resultsChanged: {
    readonly asOf: Instant;
    readonly totalCount: number;
    readonly nodes: readonly RankingRow[];
  };
}

export type RowOf<Result extends RankingAnswer> = Result['resultsChanged']['nodes'][number];

export interface Ranking<Row> {
  /** The rows asked for, the best first, equal ones by number. Rows that did not change are the same objects as before. */
  readonly rows: readonly Row[];
  /** The moment that the rows are as of; null before the first answer. */
  readonly asOf: Instant | null;
  /** How many rows there are, over all pages. */
  readonly totalCount: number;
  /** Say so on the page while this is not `live`: the rows may be out of date. */
  readonly connection: Connection;
  /** Why there are no rows, while the viewer may not see the standings; null while they may. */
  readonly hidden: Hidden | null;
}

export interface Hidden {
  readonly message: string;
  /** From when the standings may be seen, where that is known. */
  readonly visibleFrom: Instant | null;
}

export const NO_RANKING: Ranking<never> = { rows: [], asOf: null, totalCount: 0, connection: 'connecting', hidden: null };

const inOrder = (a: RankingRow, b: RankingRow): number => a.rank - b.rank || a.project.number - b.project.number;

/** The ranking after an answer. */
export function answered<Result extends RankingAnswer>(
  before: Ranking<RowOf<Result>>,
  { data, errors }: Answer<Result>,
): Ranking<RowOf<Result>> {
  if (!data) return { ...before, rows: [], asOf: null, totalCount: 0, hidden: hiddenBy(errors) };
  const { asOf, totalCount, nodes } = data.resultsChanged;
  return { ...before, rows: nodes, asOf, totalCount, hidden: null };
}

function hiddenBy(errors: readonly AnswerError[]): Hidden {
  const [error] = errors;
  const visibleFrom = error?.extensions?.['visibleFrom'];
  return { message: error?.message ?? '', visibleFrom: typeof visibleFrom === 'string' ? (visibleFrom as Instant) : null };
}
