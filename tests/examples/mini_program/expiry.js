// A session that has ended is renewed without a word; the draft outlives the app. PART 1 leaves, PART 2 comes back later.
const assert = require('node:assert/strict');
const { world, settled, tab, tap, top } = require('./wx.js');
const draft = require('../../../examples/mini-program/api/draft.js');
const { askSignedIn } = require('../../../examples/mini-program/api/graphql.js');

const WHO = '{ viewer { id } }';
const ids = [...Array(10).keys()].map((number) => `project/shanghai-2017/${number + 1}`);

(async () => {
  if (process.env.PART === '1') {
    ids.forEach(draft.toggle);
    console.log((await askSignedIn(WHO, {})).viewer.id);
    assert.equal(world.logins, 1);
    process.exit();
  }
  const ballot = tab('ballot');
  await settled();
  assert.equal(ballot.data.projects.length, 10);
  assert.deepEqual(ballot.data.problems, []);
  await Promise.all([askSignedIn(WHO, {}), askSignedIn(WHO, {})]);
  assert.equal(world.logins, 1); // however many noticed at once
  await tap(ballot, 'cast');
  assert.equal(top().route, 'pages/receipt/receipt');
  console.log((await askSignedIn(WHO, {})).viewer.id);
  process.exit();
})();
