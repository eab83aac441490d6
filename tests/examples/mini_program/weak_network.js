// On a weak network nothing is cast twice, nothing is lost, and whoever retries gets the ballot that was cast.
const assert = require('node:assert/strict');
const { world, settled, until, tab, tap, top } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');

const ids = [...Array(10).keys()].map((number) => `project/shanghai-2017/${number + 1}`);

const random = Math.random;
Math.random = () => random() / 10; // so that nobody waits long

const silences = []; // waits that are too long for a test: they end when they are called
const timeout = global.setTimeout;
global.setTimeout = (call, milliseconds, ...given) => (milliseconds === 50000 ? void silences.push(call) : timeout(call, milliseconds, ...given));

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
  const isBack = () => !first.data.isLost && first.data.places.length === 20;
  assert.ok(isBack());
  first.setData({ places: [] });
  const told = [];
  const { setData } = first;
  first.setData = (changes) => (told.push(changes.isLost), setData(changes));
  world.sockets.at(-1).close(); // the train enters a tunnel
  await until(() => told.includes(true));
  await until(isBack); // and leaves it
  first.setData({ places: [] });
  silences.at(-1)(); // nothing has been heard for long
  assert.equal(first.data.isLost, true);
  const sockets = world.sockets.length;
  for (const call of world.networkChanged) call({ isConnected: true });
  assert.equal(world.sockets.length, sockets + 1); // at once
  await until(isBack);
  console.log(receipt.data.id);
  process.exit();
})();
