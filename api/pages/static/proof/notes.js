// Who signed a text, and is it so? Signed notes and verifier keys as C2SP's signed-note has them, with Ed25519.
import { hex, joined, unbase64, utf8 } from "./bytes.js";

const ED25519 = 1;
const COSIGNATURE = 4;

/** A note's text and signatures; null for what is no note. */
export function parseNote(note) {
  const end = typeof note === "string" ? note.lastIndexOf("\n\n") : -1;
  if (end < 0 || !note.endsWith("\n")) return null;
  const signatures = note.slice(end + 2, -1).split("\n").map((line) => {
    const [, name, text] = line.match(/^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/) || [];
    const bytes = text && unbase64(text);
    return bytes && bytes.length > 4 ? { name, id: hex(bytes.subarray(0, 4)), blob: bytes.subarray(4) } : null;
  });
  return signatures.includes(null) ? null : { text: note.slice(0, end + 1), signatures };
}

/** A verifier key as it is published, such as log.example+abcdef01+AQ…; null for what is none or has not the id it says. */
export async function parseKey(sha256, text) {
  const [, name, id, rest] = text.match(/^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/) || [];
  const bytes = rest && unbase64(rest);
  if (!bytes || bytes.length !== 33) return null;
  const digest = await sha256(joined(utf8(`${name}\n`), bytes));
  return hex(digest.subarray(0, 4)) === id ? { name, id, kind: bytes[0], key: bytes.subarray(1), text } : null;
}

/** Whether this key signed the note: true or false, and null where the note has no signature of that key. */
export async function isSigned(ed25519, note, key) {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) return null;
  for (const { blob } of own) if (!(await verified(ed25519, note, key, blob))) return false;
  return true;
}

function verified(ed25519, note, { kind, key }, blob) {
  if (kind === ED25519 && blob.length === 64) return ed25519(key, utf8(note.text), blob);
  if (kind !== COSIGNATURE || blob.length !== 72) return false;
  const time = blob.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
  return ed25519(key, utf8(`cosignature/v1\ntime ${time}\n${note.text}`), blob.subarray(8));
}

/** The origin, size and root of a checkpoint's text; null for what is none. */
export function parseCheckpoint(text) {
  const [, origin, size, base64] = text.match(/^([^\n]+)\n(0|[1-9][0-9]{0,14})\n([^\n]+)\n$/) || [];
  const root = base64 && unbase64(base64);
  return root && root.length === 32 ? { origin, size: Number(size), root } : null;
}
