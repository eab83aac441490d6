// What can go wrong with a request, and when the same request may be sent again.

/** The codes of docs/errors.md. More may be added: treat one that you do not know as a failure. */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'SIGN_IN_FAILED'
  | 'SIGN_IN_UNAVAILABLE'
  | 'RESULTS_HIDDEN'
  | 'OVERLOADED'
  | 'QUERY_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'NOT_FOUND'
  | 'FORGOTTEN'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'INTERNAL'
  | (string & {});

/** One entry of an answer's `errors`. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: ErrorCode; readonly retryAfter?: number; readonly [more: string]: unknown };
}

/** The server did not answer as an API does: it is out of reach, or something in between has answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  /** `status` is that of HTTP, or the code with which a WebSocket was closed; null where there was neither. */
  constructor(
    message: string,
    readonly status: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The server has answered with errors. What it could answer beside them is in `data`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** The first error's code: programs go by this one. */
  readonly code: ErrorCode;

  constructor(
    readonly errors: readonly AnswerError[],
    readonly data: unknown = null,
  ) {
    super(errors.map(({ message }) => message).join(' '));
    this.code = errors[0]?.extensions?.code ?? 'INTERNAL';
  }
}

const PASSING: ReadonlySet<unknown> = new Set(['OVERLOADED', 'RATE_LIMITED', 'TIMEOUT', 'INTERNAL']);
const SOCKETS_TO_OPEN_AGAIN: ReadonlySet<unknown> = new Set([4429, 4500]);

/** In how many milliseconds the same may be tried again, after so many failures; null if that would not help. */
export function waitFor(failure: unknown, failures: number): number | null {
  const backoff = Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2); // not all clients at once
  if (failure instanceof Unreachable) {
    const { status } = failure;
    return status === null || status === 429 || (status >= 500 && status < 600) || SOCKETS_TO_OPEN_AGAIN.has(status)
      ? backoff
      : null;
  }
  const passing = failure instanceof Refused && failure.errors.find(({ extensions }) => PASSING.has(extensions?.code));
  if (!passing) return null;
  const asked = passing.extensions?.retryAfter;
  return asked === undefined ? backoff : asked * 1000 + Math.random() * 500;
}
