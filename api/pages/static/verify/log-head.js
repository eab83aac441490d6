// Who has signed the log's head? The log by one of its keys, and as many witnesses as its policy asks for.
import { isSigned, parseCheckpoint, parseKey, parseNote } from "../proof/notes.js";
import { Broken } from "./broken.js";

/** The keys that a log names, one a line. */
export async function readKeys({ sha256 }, files) {
  const lines = (await files.text("keys", "KEYS_UNREADABLE")).split("\n");
  if (lines.pop() !== "") throw new Broken("KEYS_UNREADABLE", "keys");
  const keys = await Promise.all(lines.map((line) => parseKey(sha256, line)));
  const wrong = keys.indexOf(null);
  if (wrong >= 0) throw new Broken("KEYS_UNREADABLE", "keys", { found: lines[wrong], expected: "NAME+ID+BASE64" });
  return keys;
}

/** A checkpoint that one of the keys has signed, and its note. */
export async function readCheckpoint({ ed25519 }, files, path, keys) {
  const note = parseNote(await files.text(path, "CHECKPOINT_UNREADABLE"));
  const checkpoint = note && parseCheckpoint(note.text);
  if (!checkpoint) throw new Broken("CHECKPOINT_UNREADABLE", path);
  const answers = await Promise.all(keys.filter(({ kind }) => kind === 1).map((key) => isSigned(ed25519, note, key)));
  if (answers.includes(false)) throw new Broken("SIGNATURE_WRONG", path);
  if (!answers.includes(true)) throw new Broken("SIGNATURE_MISSING", path, { found: note.signatures.map(({ name, id }) => `${name}+${id}`).join(" ") });
  return { ...checkpoint, note };
}

/** The policy about witnesses, where there is one. */
export async function readPolicy({ sha256 }, files) {
  const policy = { witnesses: new Map(), groups: new Map(), quorum: "none" };
  const lines = files.has("policy") ? (await files.text("policy", "POLICY_UNREADABLE")).split("\n") : [];
  for (const line of lines) {
    const [word, name, second, ...more] = line.split("#")[0].trim().split(/\s+/);
    const key = { witness: second, log: name }[word];
    const parsed = key && (await parseKey(sha256, key));
    if (word && !["log", "witness", "group", "quorum"].includes(word)) throw new Broken("POLICY_UNREADABLE", "policy", { found: line });
    if ((word === "log" || word === "witness") && !parsed) throw new Broken("POLICY_UNREADABLE", "policy", { found: line });
    if (word === "witness") policy.witnesses.set(name, parsed);
    if (word === "group") policy.groups.set(name, { least: { all: more.length, any: 1 }[second] || Number(second), members: more });
    if (word === "quorum") policy.quorum = name;
  }
  return policy;
}

/** The names of the policy's witnesses that have signed a note. */
export async function signedBy({ ed25519 }, { witnesses }, note, path) {
  const signed = [];
  for (const [name, key] of witnesses) {
    const answer = await isSigned(ed25519, note, key);
    if (answer === false) throw new Broken("SIGNATURE_WRONG", path, { found: key.name });
    if (answer) signed.push(name);
  }
  return signed;
}

/** See that enough witnesses have signed. */
export function checkQuorum({ groups, quorum }, signed) {
  const met = (name) => signed.includes(name) || (groups.has(name) && groups.get(name).members.filter(met).length >= groups.get(name).least);
  if (quorum !== "none" && !met(quorum)) throw new Broken("WITNESSES_MISSING", "checkpoint", { found: signed.join(" ") || "0", expected: quorum });
}
