// A receipt is kept when a ballot is cast, checked on the phone, sealed once the log has it, and said loudly when it is wrong.
const assert = require('node:assert/strict');
const { world, settled, tab, tap, top } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');

const ids = [...Array(10).keys()].map((number) => `project/shanghai-2017/${number + 1}`);
const KEPT = (id) => wx.getStorageSync(`receipt:${id}`);
const NOTHING = ['lost', 'lost', 'lost', 'lost', 'lost', 'lost', 'lost', 'lost', 'lost', 'lost'];

const random = Math.random;
Math.random = () => random() / 10; // so that nobody waits long

(async () => {
  ids.forEach(draft.toggle);
  const ballot = tab('ballot');
  await settled();
  await tap(ballot, 'cast');
  const page = top();
  await settled();
  const kept = KEPT(page.data.id);
  assert.match(page.data.id, /^ballot\//);

  if (process.env.LIBRARIES === 'none') {
    assert.equal(page.data.proof.state, 'unchecked');
    page.copyProof();
    assert.equal(JSON.parse(world.said.at(-1)).leafHash, kept.leafHash);
    process.exit();
  }
  if (process.env.LOG === 'none') {
    assert.equal(page.data.proof, null);
    assert.equal(kept, '');
    process.exit();
  }

  assert.deepEqual([kept.format, kept.campaign, kept.day], ['pingxuan/receipt/v1', 'shanghai-2017', '2017-03-22']);
  assert.deepEqual(kept.projects, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.match(kept.idempotencyKey, /^\w+-\w+$/);
  for (let looked = 0; page.data.proof.state === 'signed' && looked < 200; looked += 1) {
    assert.match(page.data.proof.words, /^已核对：.*2017年3月22日 09:\d\d（北京时间）/);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await tap(page, 'refresh');
  }
  assert.equal(page.data.proof.state, 'sealed', page.data.proof.words);
  assert.match(page.data.proof.words, /^已入日志：这张选票是公开日志的条目\d+/);
  page.copyProof();
  console.log(world.said.at(-1));

  // Without a network the receipt is there and checked, and it is known that it was sealed.
  world.weak.push(...NOTHING);
  wx.navigateTo({ url: `/pages/receipt/receipt?id=${encodeURIComponent(page.data.id)}` });
  await settled();
  assert.deepEqual([top().data.ballot, top().data.proof.state], [null, 'sealed']);

  const found = async (changes) => {
    wx.setStorageSync(`receipt:${page.data.id}`, { ...kept, ...changes });
    await tap(page, 'refresh');
    return page.data.proof.words;
  };
  assert.match(await found({ projects: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11] }), /^凭条不对：签的不是这张选票/);
  assert.match(await found({ batchIndex: 1 }), /那一批里没有/);
  assert.match(await found({ note: kept.note.replace('T01:', 'T02:') }), /改过/);
  assert.match(await found({ sealBy: '2017-03-22T09:59:59+08:00' }), /签名与内容不符/);

  wx.setStorageSync(`receipt:${page.data.id}`, kept);
  const keys = wx.getStorageSync('log-keys:shanghai-2017');
  wx.setStorageSync('log-keys:shanghai-2017', { ...keys, receipt: ['x/receipts+00000000+AQ=='] });
  await tap(page, 'refresh');
  assert.match(page.data.keyChange, /原来是00000000/);
  assert.equal(page.data.proof.state, 'sealed');
  process.exit();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
