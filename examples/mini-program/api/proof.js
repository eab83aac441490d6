// 一份凭条对不对：选票算得出叶子，叶子通向签过名的根，签名是主办方的。入了日志的，叶子也通向日志的根。格式见 docs/proof.md。
let sha256 = null;
let nacl = null;
try {
  sha256 = require('fast-sha256').hash;
  nacl = require('tweetnacl');
} catch (error) {
  console.warn('没有构建 npm，凭条没有核对', error); // 其余照常
}

// 小程序没有 TextEncoder 和 atob。要算的文字都是 ASCII。
const bytes = (text) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const hex = (hash) => Array.from(hash, (byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function unbase64(text) {
  const found = [];
  let [buffer, bits] = [0, 0];
  for (const one of text.replace(/=+$/, '')) {
    buffer = ((buffer << 6) | DIGITS.indexOf(one)) & 0xffff;
    bits += 6;
    if (bits >= 8) found.push((buffer >> (bits -= 8)) & 0xff);
  }
  return Uint8Array.from(found);
}

const joined = (...parts) => Uint8Array.from([].concat(...parts.map((part) => Array.from(part))));
const digest = (text) => hex(sha256(bytes(text)));

// 日志里代表这张选票的叶子。没有投票时的键，算不出来。
function leafOf({ ballotId, campaign, day, projects, idempotencyKey }) {
  const nonce = digest(`pingxuan/opening/v1\n${ballotId.replace('ballot/', '')}\n`);
  const tag = digest(`pingxuan/client/v1\n${idempotencyKey}\n`);
  const commitment = digest(`pingxuan/ballot/v1\n${campaign}\n${day}\n${nonce}\n${tag}\n${projects.join(',')}\n`);
  return hex(sha256(joined([0], bytes(`ballot ${day} ${commitment}`))));
}

// 从叶子沿着路径算出根（RFC 9162，2.1.3.2）；路径长短不对时为空
function rootOf(index, size, leaf, path) {
  let [at, last, root] = [index, size - 1, unhex(leaf)];
  if (index > last) return null;
  for (const beside of path.map(unhex)) {
    const isRight = at % 2 === 1 || at === last;
    root = sha256(isRight ? joined([1], beside, root) : joined([1], root, beside));
    while (isRight && at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hex(root) : null;
}

// 签过名的文字，分成行；不是这个公钥签的，或者改过，为空
function signedLines(note, verifierKey) {
  const [, name, id, rest] = verifierKey.match(/^(.+)\+([0-9a-f]{8})\+(.+)$/);
  const end = note.indexOf('\n\n');
  const line = note.slice(end + 2).split('\n').find((one) => one.startsWith(`— ${name} `));
  const signature = line ? unbase64(line.split(' ')[2]) : [];
  if (signature.length !== 68 || hex(signature.slice(0, 4)) !== id) return null;
  const text = note.slice(0, end + 1);
  return nacl.sign.detached.verify(bytes(text), signature.slice(4), unbase64(rest).slice(1)) ? text.split('\n') : null;
}

const firstSigned = (note, keys) => keys.map((key) => signedLines(note, key)).find(Boolean);

// 凭条哪里不对；没有不对时为空
function faultOf(receipt, keys) {
  if (leafOf(receipt) !== receipt.leafHash) return '签的不是这张选票';
  const lines = firstSigned(receipt.note, keys);
  if (!lines) return '不是这台手机记得的公钥签的，或者被改过';
  const [version, , root, size, sealBy] = lines;
  const same = version === 'pingxuan/receipts/v1' && Number(size) === receipt.batchSize && Date.parse(sealBy) === Date.parse(receipt.sealBy);
  if (!same) return '签名与内容不符';
  const { batchIndex, batchSize, leafHash, batchHashes } = receipt;
  return rootOf(batchIndex, batchSize, leafHash, batchHashes) === hex(unbase64(root)) ? '' : '所签的那一批里没有这张选票';
}

// 日志里有没有它：证明不成立时为假
function isIn({ leafHash }, { index, hashes, checkpoint }, keys) {
  const lines = firstSigned(checkpoint.note, keys);
  return Boolean(lines) && rootOf(index, Number(lines[1]), leafHash, hashes) === hex(unbase64(lines[2]));
}

module.exports = { canCheck: () => Boolean(sha256 && nacl), faultOf, isIn };
