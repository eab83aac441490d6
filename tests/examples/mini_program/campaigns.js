// Of several campaigns one is shown, which every question names from then on; each has a draft of its own.
const assert = require('node:assert/strict');
const { world, settled, until, tab, tap, top } = require('./wx.js');

const titles = ({ data }) => data.campaigns.map(({ title }) => title);
const named = () => world.sent.map(({ variables }) => variables.slug || (variables.input || {}).campaign).filter(Boolean);

(async () => {
  const list = tab('list');
  await settled();
  assert.match(list.data.campaign.title, /十大创新项目/);
  assert.equal(world.sent.filter(({ query }) => query.includes('Which')).length, 1);
  assert.deepEqual(titles(list), ['第三届上海社会建设十大创新项目', '邻里评选']);
  await tap(list, 'choose', { value: list.data.projects.slice(0, 3).map(({ id }) => id) });
  assert.deepEqual([...new Set(named())], ['shanghai-2017']);

  world.sent = [];
  await tap(list, 'pick', { value: 1 });
  assert.equal(list.data.campaign.title, '邻里评选');
  assert.equal(list.data.count, 0);
  await tap(list, 'choose', { value: list.data.projects.slice(0, 10).map(({ id }) => id) });
  const ranking = tab('ranking');
  await until(() => ranking.data.places.length === 20);
  const ballot = tab('ballot');
  await settled();
  assert.deepEqual(ballot.data.problems, []);
  await tap(ballot, 'cast');
  assert.equal(top().route, 'pages/receipt/receipt');
  assert.deepEqual([...new Set(named())], ['neighbours']);
  tab('ranking');
  await until(() => ranking.data.places.filter(({ votes }) => votes === 1).length === 10);

  await tap(tab('list'), 'pick', { value: 0 });
  assert.equal(list.data.count, 3); // as they were left
  tab('ranking');
  await until(() => ranking.data.places.length === 20 && ranking.data.places.every(({ votes }) => votes === 0));
  process.exit();
})();
