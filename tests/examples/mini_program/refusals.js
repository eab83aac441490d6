// What WeChat or the server refuses is shown as a sentence, and is not tried again where that is of no use.
const assert = require('node:assert/strict');
const { world, settled, tab, tap } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');

const ids = [...Array(10).keys()].map((number) => `project/shanghai-2017/${number + 1}`);

(async () => {
  const last = world.codes.pop();
  ids.forEach(draft.toggle);
  const ballot = tab('ballot');
  await settled();
  await tap(ballot, 'cast'); // WeChat: the account is at risk
  assert.equal(world.logins, 1);
  assert.match(ballot.data.refusal, /微信/);
  assert.equal(ballot.data.unsure, false); // no ballot was sent
  await tap(ballot, 'cast'); // WeChat: this code was used already; and no other is to be had
  assert.equal(world.logins, 3);
  assert.equal(ballot.data.refusal, '微信登录没有成功，请再试一次。');
  assert.equal(ballot.data.unsure, false);
  world.codes.push(last);
  await tap(ballot, 'cast');
  assert.equal(world.logins, 4);
  assert.deepEqual(draft.ids(), []);
  process.exit();
})();
