// What the API's own scalars are in JSON. Each is a text that TypeScript can tell from the others.

/** A day of the campaign's zone, such as `2017-03-22`. It is no instant: do not hand it to `new Date`. */
export type Day = `${number}-${number}-${number}`;

/** A moment in RFC 3339, such as `2017-03-22T09:00:00+08:00`. `new Date(instant)` reads it. */
export type Instant = `${Day}T${string}`;

/** An exact number, such as `1200.50`, which a number of JavaScript would round. */
export type Decimal = `${number}`;
