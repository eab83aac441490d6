// What time is it? The server's time, moved on by a clock that nobody can set: a phone's own may be wrong.

/** A clock that was told the server's time and goes on from there. */
export class ServerClock {
  constructor(serverTime) {
    this.told = Date.parse(serverTime);
    this.since = performance.now();
  }

  /** Milliseconds since 1970, by the server. */
  now() {
    return this.told + performance.now() - this.since;
  }
}

/** Call each second until it returns true. */
export function everySecond(tick) {
  if (tick()) return;
  const timer = setInterval(() => {
    if (tick()) clearInterval(timer);
  }, 1000);
}
