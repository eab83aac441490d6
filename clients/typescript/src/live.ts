// How subscriptions stay subscribed: one WebSocket for all, connected again whenever it is lost.
import { createClient } from 'graphql-ws/client';
import type { Client } from 'graphql-ws/client';
import { Refused, Unreachable, waitFor } from './errors.js';
import type { AnswerError } from './errors.js';
import type { Answer } from './http.js';

/** `connecting` until the first answer may come, `reconnecting` while what is shown may be out of date. */
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
  readonly #listening = new Set<Listening>();
  #connection: Connection = 'connecting';

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
        connecting: (again) => this.#tell(again ? 'reconnecting' : 'connecting'),
        connected: () => this.#tell('live'),
        ping: (received) => {
          if (!received) silence = setTimeout(() => this.#client.terminate(), QUIET);
        },
        message: heard,
        closed: () => {
          heard();
          if (this.#connection === 'live') this.#tell('reconnecting');
        },
      },
    });
  }

  /** Listens until what it returns is called. */
  subscribe(query: string, variables: Record<string, unknown>, listening: Listening): () => void {
    let failures = 0;
    let again: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => {};
    const over = (): void => {
      clearTimeout(again);
      this.#listening.delete(listening);
      stop();
    };
    const begin = (): void => {
      stop = this.#client.subscribe<Record<string, unknown>>(
        { query, variables },
        {
          next: ({ data = null, errors = [] }) => {
            failures = 0;
            listening.next({ data, errors: errors as readonly AnswerError[] });
          },
          error: (thrown) => {
            if (!this.#listening.has(listening)) return;
            const failure = failureOf(thrown);
            const wait = waitFor(failure, failures);
            failures += 1;
            if (wait === null) {
              over();
              listening.error(failure);
            } else {
              listening.connection('reconnecting');
              again = setTimeout(begin, wait);
            }
          },
          complete: () => {
            if (this.#listening.delete(listening)) listening.complete();
          },
        },
      );
    };
    this.#listening.add(listening);
    listening.connection(this.#connection);
    begin();
    return over;
  }

  /** Connects anew, as somebody else or in another language. */
  reconnect(): void {
    this.#client.terminate();
  }

  #tell(connection: Connection): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    for (const listening of this.#listening) listening.connection(connection);
  }
}
