// How one operation is asked over HTTP, and asked again when that may help.
import { Refused, Unreachable, waitFor } from './errors.js';
import type { AnswerError } from './errors.js';

/** What an operation was answered. `data` may be there beside errors: a field that was refused is null in it. */
export interface Answer<Result> {
  readonly data: Result | null;
  readonly errors: readonly AnswerError[];
}

export interface Asking {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly headers: Record<string, string>;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

async function once<Result>(body: string, { url, fetch, headers, timeout, signal }: Asking): Promise<Answer<Result>> {
  signal?.throwIfAborted();
  const attempt = new AbortController();
  const clock = setTimeout(() => attempt.abort(new Unreachable(`${url} has not answered in time.`)), timeout);
  const onAbort = (): void => attempt.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json', ...headers },
      body,
      signal: attempt.signal,
    });
    return answerIn<Result>(await response.text(), response.status, url);
  } catch (failure) {
    signal?.throwIfAborted();
    if (failure instanceof Unreachable) throw failure;
    throw new Unreachable(`${url} cannot be reached.`, null, { cause: failure });
  } finally {
    clearTimeout(clock);
    signal?.removeEventListener('abort', onAbort);
  }
}

function answerIn<Result>(text: string, status: number, url: string): Answer<Result> {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (cause) {
    throw new Unreachable(`${url} has answered ${status} and no JSON.`, status, { cause });
  }
  const { data = null, errors = [] } = (said ?? {}) as Partial<Answer<Result>>;
  if (data === null && errors.length === 0) throw new Unreachable(`${url} has answered ${status} and no data.`, status);
  return { data, errors };
}

/** Waits so many milliseconds, or until `signal` says that nobody waits any more. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(clock);
      reject(signal?.reason);
    };
    const clock = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort);
  });
}

/** Asks up to so many times, as long as another attempt may help, and gives what was answered last. */
export async function ask<Result>(body: string, asking: Asking, attempts: number): Promise<Answer<Result>> {
  for (let failures = 0; ; failures += 1) {
    let answer: Answer<Result> | null = null;
    let failure: unknown;
    try {
      answer = await once<Result>(body, asking);
      if (answer.errors.length === 0) return answer;
      failure = new Refused(answer.errors);
    } catch (thrown) {
      failure = thrown;
    }
    const wait = failures + 1 < attempts ? waitFor(failure, failures) : null;
    if (wait === null) {
      if (answer) return answer;
      throw failure;
    }
    await pause(wait, asking.signal);
  }
}
