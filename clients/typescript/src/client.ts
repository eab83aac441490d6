// The client: what a front-end of a vote does, each thing in one call.
import type { Given, TypedText } from './documents.js';
import { Refused, Unreachable } from './errors.js';
import { CastBallotDocument, RankingDocument, SignInDocument, SignOutDocument } from './generated.js';
import type {
  CastBallotInput,
  CastBallotMutation,
  Credential,
  RankingSubscription,
  RankingSubscriptionVariables,
  SignInMutation,
} from './generated.js';
import { ask } from './http.js';
import type { Answer } from './http.js';
import { Live } from './live.js';
import type { Connection } from './live.js';
import { NO_RANKING, answered } from './ranking.js';
import type { Ranking, RankingAnswer } from './ranking.js';

export interface Options {
  /** The session's token, or what finds it: asked for before each request and each connection. */
  readonly token?: string | null | (() => string | null | Promise<string | null>);
  /** `Accept-Language`, such as `en` or `zh`; left out, the browser's own, and Chinese elsewhere. */
  readonly language?: string;
  /** Milliseconds for one attempt: 40,000, as the server itself gives up a little earlier. */
  readonly timeout?: number;
  /** How often a request is sent at most: 6. */
  readonly attempts?: number;
  /** In place of the platform's own. */
  readonly fetch?: typeof fetch;
  /** In place of the platform's own; Node has one from version 22 on, before that pass the default export of `ws`. */
  readonly webSocket?: unknown;
}

export interface Asked {
  readonly signal?: AbortSignal;
  /** Whether the same may be sent again: left out, queries alone. */
  readonly repeatable?: boolean;
}

export interface Observer<Result> {
  next(answer: Answer<Result>): void;
  /** It is over for good. Lost connections do not come here: they are made again. */
  error(failure: Refused | Unreachable): void;
  complete?(): void;
  connection?(connection: Connection): void;
}

export interface RankingObserver<Result extends RankingAnswer> {
  next(ranking: Ranking<Result>): void;
  /** It is over for good. Lost connections do not come here: they are made again. */
  error(failure: Refused | Unreachable): void;
}

/** A key for one ballot. Keep it with the ballot until the answer is there, so that it outlives the page. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class PingxuanClient {
  readonly #options: Options;
  readonly #url: string;
  #token: Options['token'];
  #live: Live | null = null;
  readonly #stops = new Set<() => void>();

  /** `url` is the API's address, such as `https://vote.example.cn/graphql`; in a page a path will do. */
  constructor(url: string | URL, options: Options = {}) {
    this.#url = new URL(url, globalThis.location?.href).href;
    this.#options = options;
    this.#token = options.token;
  }

  /** Whether or not there are errors, what was answered. */
  async ask<Result, Variables>(
    document: TypedText<Result, Variables>,
    variables?: Variables,
    asked: Asked = {},
  ): Promise<Answer<Result>> {
    return this.#askAs(await this.#headers(), document, variables, asked);
  }

  async #askAs<Result, Variables>(
    headers: Record<string, string>,
    document: TypedText<Result, Variables>,
    variables?: Variables,
    { signal, repeatable }: Asked = {},
  ): Promise<Answer<Result>> {
    const { attempts = 6, timeout = 40_000 } = this.#options;
    const query = String(document);
    const asking = { url: this.#url, fetch: this.#options.fetch ?? fetch, headers, timeout, signal };
    const mayRepeat = repeatable ?? !/^\s*mutation\b/m.test(query);
    return ask<Result>(JSON.stringify({ query, variables }), asking, mayRepeat ? attempts : 1);
  }

  /** What was answered; throws `Refused`, with the rest as its `data`, where any part was refused. */
  async request<Result, Variables>(
    document: TypedText<Result, Variables>,
    ...[variables]: Given<Variables>
  ): Promise<Result> {
    return whole(await this.ask(document, variables));
  }

  /** Signs in, and does everything from then on as the one who has signed in. */
  async signIn(credential: Credential): Promise<NonNullable<SignInMutation['signIn']>> {
    const { signIn } = await this.request(SignInDocument, { with: credential });
    const session = answeredField(signIn);
    this.setToken(session.token);
    return session;
  }

  /** Ends all sessions of the viewer, on every device. What is live goes on as a guest's. */
  async signOut(): Promise<void> {
    const headers = await this.#headers();
    const token = this.#token;
    this.setToken(null); // first, as the server closes the sockets of a session that ends
    try {
      whole(await this.#askAs(headers, SignOutDocument));
    } catch (failure) {
      this.setToken(token);
      throw failure;
    }
  }

  /** Goes on with another token, also what is live. */
  setToken(token: Options['token']): void {
    this.#token = token;
    this.#live?.reconnect();
  }

  /**
   * Casts a ballot, once, however often it has to be sent: either there is a `ballot`, or `violations` say why there is none.
   * Throws when it is not known whether it was cast; cast it again then, with the same `idempotencyKey`.
   */
  async castBallot(
    ballot: CastBallotInput,
    { signal }: Pick<Asked, 'signal'> = {},
  ): Promise<NonNullable<CastBallotMutation['castBallot']>> {
    const input = { ...ballot, idempotencyKey: ballot.idempotencyKey ?? newIdempotencyKey() };
    const answer = await this.ask(CastBallotDocument, { input }, { repeatable: true, ...(signal && { signal }) });
    return answer.data?.castBallot ?? answeredField(whole(answer).castBallot);
  }

  /** Subscribes, until what it returns is called. */
  watch<Result, Variables>(
    document: TypedText<Result, Variables>,
    variables: Variables,
    observer: Observer<Result>,
  ): () => void {
    const stop = this.#sockets().subscribe(String(document), (variables ?? {}) as Record<string, unknown>, {
      next: (answer) => observer.next(answer as Answer<Result>),
      error: (failure) => {
        this.#stops.delete(stopped);
        observer.error(failure);
      },
      complete: () => {
        this.#stops.delete(stopped);
        observer.complete?.();
      },
      connection: (connection) => observer.connection?.(connection),
    });
    const stopped = (): void => {
      this.#stops.delete(stopped);
      stop();
    };
    this.#stops.add(stopped);
    return stopped;
  }

  /** The ranking, whole, whenever a row has moved or the connection has changed, until what it returns is called. */
  watchRanking(
    variables: RankingSubscriptionVariables,
    observer: RankingObserver<RankingSubscription>,
  ): () => void {
    return this.watchRankingOf(RankingDocument, variables, observer);
  }

  /** The same with a document of your own, which selects what you show of each row. */
  watchRankingOf<Result extends RankingAnswer, Variables>(
    document: TypedText<Result, Variables>,
    variables: Variables,
    observer: RankingObserver<Result>,
  ): () => void {
    let ranking: Ranking<Result> = NO_RANKING;
    const tell = (next: Ranking<Result>): void => {
      ranking = next;
      observer.next(ranking);
    };
    return this.watch(document, variables, {
      next: (answer) => tell(answered({ ...ranking, connection: 'live' }, answer)),
      error: (failure) => observer.error(failure),
      connection: (connection) => {
        if (connection !== 'live') tell({ ...ranking, connection }); // that comes with its answer
      },
    });
  }

  /** Stops all that is live. */
  close(): void {
    for (const stop of this.#stops) stop();
  }

  async #headers(): Promise<Record<string, string>> {
    const token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    const { language } = this.#options;
    return { ...(token && { Authorization: `Bearer ${token}` }), ...(language && { 'Accept-Language': language }) };
  }

  #sockets(): Live {
    const webSocket = this.#options.webSocket ?? globalThis.WebSocket;
    if (!webSocket) throw new TypeError("There is no WebSocket here: pass { webSocket }, for instance 'ws' from npm.");
    this.#live ??= new Live({
      url: this.#url.replace(/^http/, 'ws'),
      webSocket,
      opening: () => this.#headers(),
    });
    return this.#live;
  }
}

function whole<Result>({ data, errors }: Answer<Result>): Result {
  if (data === null || errors.length > 0) throw new Refused(errors, data);
  return data;
}

/** A field that is null only where it was refused, which has been thrown by then. */
function answeredField<Field>(field: Field | null): Field {
  if (field === null) throw new Refused([]);
  return field;
}
