// The key of a ballot that may be stored is kept until an answer comes; what was surely not stored may be changed.
const assert = require('node:assert/strict');
const { world, settled, tab, tap, top } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');

const ids = [...Array(11).keys()].map((number) => `project/shanghai-2017/${number + 1}`);
const refusing = (code) => ({ errors: [{ message: code, extensions: { code, retryAfter: 60 } }] }); // too long to wait

(async () => {
  ids.slice(0, 10).forEach(draft.toggle);
  const ballot = tab('ballot');
  await settled();

  world.weak.push(undefined, refusing('RATE_LIMITED')); // the sign-in passes
  await tap(ballot, 'cast');
  assert.deepEqual([ballot.data.refusal, ballot.data.unsure, ballot.data.problems], ['RATE_LIMITED', false, []]);
  assert.equal(draft.unanswered(), null);

  world.weak.push(refusing('OVERLOADED'));
  await tap(ballot, 'cast');
  assert.deepEqual([ballot.data.refusal, ballot.data.unsure], ['OVERLOADED', true]);
  const sent = draft.unanswered();

  world.weak.push(refusing('RATE_LIMITED')); // says nothing about the try before
  await tap(ballot, 'cast');
  assert.equal(ballot.data.unsure, true);
  assert.deepEqual(draft.unanswered(), sent);

  draft.toggle(ids[10]); // on the list, meanwhile
  tab('ballot');
  await settled();
  assert.equal(ballot.data.projects.length, 10);
  assert.deepEqual(draft.unanswered(), sent);
  await tap(ballot, 'cast');
  await settled();
  assert.equal(top().data.ballot.projects.length, 10);
  assert.equal(draft.unanswered(), null);

  ids.slice(0, 10).forEach(draft.toggle);
  world.weak.push(undefined, undefined, refusing('OVERLOADED'));
  tab('ballot');
  await settled();
  await tap(ballot, 'cast');
  assert.equal(ballot.data.unsure, true);
  await tap(ballot, 'cast'); // an answer at last: one a day
  assert.deepEqual([ballot.data.unsure, ballot.data.problems.length], [false, 1]);
  assert.equal(draft.unanswered(), null);
  process.exit();
})();
