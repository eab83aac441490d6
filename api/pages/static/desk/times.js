// How does a clock time that somebody types become an instant? By the campaign's zone, whatever zone the computer is in.

const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

/** Milliseconds by which the zone is ahead of UTC at an instant; of a zone that no browser knows, 0. */
function ahead(instant, timeZone) {
  let parts;
  try {
    parts = new Intl.DateTimeFormat("en-US", { ...PARTS, timeZone }).formatToParts(new Date(instant));
  } catch (error) {
    return 0;
  }
  const part = (name) => Number(parts.find(({ type }) => type === name).value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour") % 24, part("minute"), part("second")) - Math.floor(instant / 1000) * 1000;
}

/** "2026-12-01T09:00" in a zone, with the zone's offset then: "2026-12-01T09:00:00+08:00". Null for what is no time. */
export function toInstant(local, timeZone) {
  const asUtc = Date.parse(`${local.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  const offset = ahead(asUtc - ahead(asUtc, timeZone), timeZone);
  const minutes = Math.abs(offset) / 60000;
  const two = (number) => String(number).padStart(2, "0");
  return `${local.slice(0, 16)}:00${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The clock time of an instant in a zone, as a field for date and time takes it. */
export function toLocal(instant, timeZone) {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? "" : new Date(at + ahead(at, timeZone)).toISOString().slice(0, 16);
}
