// Pingxuan's client for TypeScript. Operations with their types are in `generated.ts`, made of schema.graphql.
export { PingxuanClient, newIdempotencyKey } from './client.js';
export type { Asked, Observer, Options, RankingObserver } from './client.js';
export type { Given, TypedText } from './documents.js';
export { Refused, Unreachable } from './errors.js';
export type { AnswerError, ErrorCode } from './errors.js';
export * from './generated.js';
export type { Answer } from './http.js';
export type { Connection } from './live.js';
export type { Hidden, Ranking, RankingAnswer, RankingRow, RestOf, RowOf } from './ranking.js';
export type { Day, Decimal, Instant } from './scalars.js';
