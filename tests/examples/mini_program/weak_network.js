// On a weak network nothing is cast twice, nothing is lost, and whoever retries gets the ballot that was cast.
const assert = require('node:assert/strict');
const { world, settled, until, tab, tap, top } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');

const ids = [...Array(10).keys()].map((number) => `project/shanghai-2017/${number + 1}`);

const random = Math.random;
Math.random = () => random() / 10; // so that nobody waits long

(async () => {
  world.weak.push('lost', 'unanswered'); // the list needs three attempts
  const list = tab('list');
  await settled();
  assert.equal(list.data.problem, '');
  assert.equal(list.data.total, 50);

  ids.forEach(draft.toggle);
  const ballot = tab('ballot');
  await settled();
  world.weak.push('lost', 'unanswered', 'lost'); // sign-in twice more, with another code each time
  const asked = world.requests;
  world.weak.push(undefined);
  world.weak.push(...Array(5).fill('unanswered')); // the ballot is stored, and no answer comes through
  await tap(ballot, 'cast');
  assert.equal(world.logins, 4);
  assert.equal(world.requests, asked + 4 + 5);
  assert.equal(ballot.data.unsure, true);
  assert.equal(ballot.data.refusal, '网络不太好，请稍后再试。');
  const { idempotencyKey } = draft.unanswered();

  const first = tab('ranking');
  await until(() => first.data.places.filter(({ votes }) => votes === 1).length === 10); // it was cast, once

  tab('ballot'); // opened again later, it still knows
  await settled();
  assert.deepEqual([ballot.data.unsure, ballot.data.problems, ballot.data.projects.length], [true, [], 10]);
  world.weak.push('lost', undefined, ...Array(10).fill('lost')); // and all that the receipt asks
  await tap(ballot, 'cast');
  const receipt = top();
  assert.equal(receipt.route, 'pages/receipt/receipt');
  assert.match(receipt.data.id, /^ballot\//);
  assert.deepEqual([receipt.data.ballot, receipt.data.problem], [null, '网络不太好，请稍后再试。']);
  await tap(receipt, 'refresh');
  assert.deepEqual([receipt.data.problem, receipt.data.next], ['', '2017年3月23日 00:00']);
  assert.equal(receipt.data.ballot.projects.length, 10);
  assert.deepEqual(draft.ids(), []);
  assert.notEqual(draft.sealed().idempotencyKey, idempotencyKey);

  first.setData({ places: [] });
  tab('ranking');
  await until(() => first.data.places.length === 20);
  assert.ok(first.data.places.every(({ votes }) => votes < 2));
  first.setData({ places: [] });
  world.sockets.at(-1).close(); // the train enters a tunnel
  await until(() => first.data.places.length === 20); // and leaves it
  console.log(receipt.data.id);
  process.exit();
})();
