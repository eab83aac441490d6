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

  /** The time of the day in a zone, such as "09:30". */
  timeIn(timeZone) {
    return this.partsIn(timeZone, ["hour", "minute"]).join(":");
  }

  /** The day in a zone, such as "2017-03-22". */
  dayIn(timeZone) {
    return this.partsIn(timeZone, ["year", "month", "day"]).join("-");
  }

  partsIn(timeZone, wanted) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
    const written = new Intl.DateTimeFormat("en-GB", parts).formatToParts(new Date(this.now()));
    return wanted.map((name) => written.find(({ type }) => type === name).value);
  }
}

/** Call each second until it returns true. */
export function everySecond(tick) {
  if (tick()) return;
  const timer = setInterval(() => {
    if (tick()) clearInterval(timer);
  }, 1000);
}
