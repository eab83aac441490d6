// How are bytes written as text and read again? Strictly: what is not exactly the one way to write them is null.

export const utf8 = (text) => new TextEncoder().encode(text);

export const hex = (bytes) => Array.from(bytes, (byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");

/** The bytes of lower-case hexadecimal digits; null for anything else. */
export function unhex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.substr(2 * at, 2), 16));
}

/** The bytes of base64 as RFC 4648 has it, padded; null for anything else. */
export function unbase64(text) {
  try {
    const raw = atob(text);
    return btoa(raw) === text ? Uint8Array.from(raw, (one) => one.charCodeAt(0)) : null;
  } catch (error) {
    return null;
  }
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const isSame = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
