// Checks a receipt that a voter has kept: node verify-receipt.mjs RECEIPT.json [KEY]. KEY is the organizer's receipt key, from elsewhere.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const check = (holds, what) => holds || (console.log(`WRONG: ${what}`), process.exit(1));

const receipt = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { ballotId, campaign, day, projects, idempotencyKey: secret, note, batchIndex, batchSize, batchHashes } = receipt;

// 1. The ballot gives the leaf: what is in the log says nothing to whoever does not know the ballot's id.
const nonce = sha256(`pingxuan/opening/v1\n${ballotId.replace('ballot/', '')}\n`).toString('hex');
const tag = secret === null ? '-' : sha256(`pingxuan/client/v1\n${secret}\n`).toString('hex');
const commitment = sha256(`pingxuan/ballot/v1\n${campaign}\n${day}\n${nonce}\n${tag}\n${projects.join(',')}\n`).toString('hex');
const leaf = sha256(Buffer.of(0), `ballot ${day} ${commitment}`);
check(leaf.toString('hex') === receipt.leafHash, 'the leaf is of another ballot');

// 2. The leaf and its path give the root of the batch (RFC 9162, 2.1.3.2).
let [at, last, root] = [batchIndex, batchSize - 1, leaf];
for (const beside of batchHashes.map((hex) => Buffer.from(hex, 'hex'))) {
  const isRight = at % 2 === 1 || at === last;
  root = isRight ? sha256(Buffer.of(1), beside, root) : sha256(Buffer.of(1), root, beside);
  while (isRight && at % 2 === 0 && at > 0) [at, last] = [at >> 1, last >> 1];
  [at, last] = [at >> 1, last >> 1];
}
const [text, signatures] = [note.slice(0, note.indexOf('\n\n') + 1), note.slice(note.indexOf('\n\n') + 2)];
const [version, origin, signedRoot, size, sealBy] = text.split('\n');
check(version === 'pingxuan/receipts/v1' && Number(size) === batchSize, 'the note is of no such receipt');
check(batchIndex < batchSize && last === 0 && root.toString('base64') === signedRoot, 'the ballot is not in the batch that was signed');

// 3. The organizer has signed the root: a signed note of C2SP, with Ed25519.
const [, name, id, rest] = (process.argv[3] || receipt.receiptKey).match(/^(.+)\+([0-9a-f]{8})\+(.+)$/);
const raw = Buffer.from(rest, 'base64').subarray(1);
const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
const line = signatures.split('\n').find((one) => one.startsWith(`— ${name} `)) || '';
const blob = Buffer.from(line.split(' ')[2] || '', 'base64');
check(name === `${origin}/receipts` && blob.subarray(0, 4).toString('hex') === id, 'it is not signed by this key');
check(verify(null, Buffer.from(text), key, blob.subarray(4)), 'the signature does not hold');
console.log(`right: ${ballotId} of ${day} for ${projects.join(', ')} is to be in ${origin} by ${sealBy}, signed by ${name}+${id}`);
if (!process.argv[3]) console.log('The key is the one that the receipt names itself. Compare it with the one that the organizer has published.');
