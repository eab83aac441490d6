// How subscriptions stay subscribed: one WebSocket for all, connected again whenever it is lost.
import { createClient } from 'graphql-ws/client';
import type { Client } from 'graphql-ws/client';
import { Refused, Unreachable, waitFor } from './errors.js';
import type { AnswerError } from './errors.js';
import type { Answer } from './http.js';

/** `connecting` until the first answer, `reconnecting` from the loss of a connection until the answer that follows it. */
export type Connection = 'connecting' | 'live' | 'reconnecting';

export interface Listening {
  next(answer: Answer<unknown>): void;
  /** It is over for good: no further attempt would help. */
  error(failure: Refused | Unreachable): void;
  complete(): void;
  connection(connection: Connection): void;
}

export interface Sockets {
  readonly url: string;
  readonly webSocket: unknown;
  /** What opens each connection: headers, under their own names. */
  readonly opening: () => Promise<Record<string, string>>;
}

const QUIET = 15_000; // milliseconds until a silent server is asked for a sign of life, and as long until it is given up
const LONGEST_WAIT = 30_000;
const SESSION_HAS_ENDED = 4403;

function failureOf(thrown: unknown): Refused | Unreachable {
  if (Array.isArray(thrown)) return new Refused(thrown as AnswerError[]);
  const { code, reason } = (thrown ?? {}) as { code?: number; reason?: string };
  if (code === SESSION_HAS_ENDED) {
    return new Refused([{ message: reason || 'The session has ended.', extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  return new Unreachable(`The WebSocket was closed: ${code ?? thrown}. ${reason ?? ''}`, code ?? null, { cause: thrown });
}

export class Live {
  readonly #client: Client;
  readonly #interrupted = new Set<() => void>();

  constructor({ url, webSocket, opening }: Sockets) {
    let lastNumber = 0;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => clearTimeout(silence);
    this.#client = createClient({
      url,
      webSocketImpl: webSocket,
      connectionParams: opening,
      generateID: () => String((lastNumber += 1)), // the same for all clients: the server then formats an answer once
      keepAlive: QUIET,
      connectionAckWaitTimeout: LONGEST_WAIT,
      retryAttempts: Infinity,
      shouldRetry: (thrown) => (thrown as { code?: number } | null)?.code !== SESSION_HAS_ENDED,
      retryWait: (retries) =>
        new Promise((resolve) =>
          setTimeout(resolve, Math.min(LONGEST_WAIT, 500 * 2 ** retries) * (0.5 + Math.random() / 2)),
        ),
      on: {
        ping: (received) => {
          if (!received) silence = setTimeout(() => this.#client.terminate(), QUIET);
        },
        message: heard,
        closed: () => {
          heard();
          for (const interrupted of this.#interrupted) interrupted();
        },
      },
    });
  }

  /** Listens until what it returns is called. */
  subscribe(query: string, variables: Record<string, unknown>, listening: Listening): () => void {
    let failures = 0;
    let connection: Connection = 'connecting';
    let again: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => {};
    const tell = (now: Connection): void => {
      if (now !== connection) listening.connection((connection = now));
    };
    const interrupted = (): void => tell('reconnecting');
    const over = (): void => {
      clearTimeout(again);
      this.#interrupted.delete(interrupted);
      stop();
    };
    const begin = (): void => {
      stop = this.#client.subscribe<Record<string, unknown>>(
        { query, variables },
        {
          next: ({ data = null, errors = [] }) => {
            failures = 0;
            tell('live');
            listening.next({ data, errors: errors as readonly AnswerError[] });
          },
          error: (thrown) => {
            if (!this.#interrupted.has(interrupted)) return;
            const failure = failureOf(thrown);
            const wait = waitFor(failure, failures);
            failures += 1;
            if (wait === null) {
              over();
              listening.error(failure);
            } else {
              interrupted();
              again = setTimeout(begin, wait);
            }
          },
          complete: () => {
            if (this.#interrupted.delete(interrupted)) listening.complete();
          },
        },
      );
    };
    this.#interrupted.add(interrupted);
    listening.connection(connection);
    begin();
    return over;
  }

  /** Connects anew, as somebody else or in another language. */
  reconnect(): void {
    this.#client.terminate();
  }
}
