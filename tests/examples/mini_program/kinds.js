// Campaigns of other kinds: groups and budgets are counted while one chooses, votes go one by one, and it says why nothing can be cast.
const assert = require('node:assert/strict');
const { world, settled, tab, tap, top } = require('./wx.js');

const numbered = (list, ...numbers) => numbers.map((number) => list.data.projects.find((project) => project.number === number).id);

async function see(list, slug) {
  await tap(list, 'pick', { value: list.data.campaigns.findIndex((campaign) => campaign.slug === slug) });
}

async function cast() {
  const ballot = tab('ballot');
  await settled();
  assert.deepEqual(ballot.data.problems, []);
  await tap(ballot, 'cast');
  assert.equal(top().route, 'pages/receipt/receipt');
}

(async () => {
  const list = tab('list');
  await settled();

  await see(list, 'volunteers');
  assert.equal(list.data.campaign.candidateTerm, '志愿者');
  assert.deepEqual(list.data.filters[0].choices.map(({ name }) => name), ['全部主题', '城区（5）', '乡村（5）']);
  await tap(list, 'filter', { value: '2' }, { key: 'themes' });
  assert.deepEqual(list.data.projects.map(({ number }) => number), [6, 7, 8, 9, 10]);
  await tap(list, 'filter', { value: '0' }, { key: 'themes' });
  assert.equal(list.data.projects[2].fallen, '已退出：因工作调动，本人申请退出。');
  assert.equal(list.data.projects[0].image.words, '志愿者1的照片');
  const chosen = numbered(list, 1, 2, 4);
  await tap(list, 'choose', { value: chosen });
  assert.deepEqual(list.data.lines, ['“城区”已选3个，最多3个', '“乡村”已选0个，最多3个']);
  await tap(list, 'choose', { value: chosen.concat(numbered(list, 5)) });
  assert.equal(world.said.at(-1), '“城区”最多选3个。');
  assert.equal(list.data.count, 3);
  await cast();

  tab('list');
  await see(list, 'budget');
  assert.deepEqual([list.data.projects[3].code, list.data.projects[3].price], ['M/01/4', '50000.50 PLN']);
  const streets = list.data.projects.map(({ id }) => id);
  await tap(list, 'choose', { value: [streets[0], streets[1], streets[3]] });
  assert.deepEqual(list.data.lines, ['预算还剩49999.50 PLN，共450000 PLN']);
  await tap(list, 'choose', { value: [streets[0], streets[1], streets[2], streets[3]] });
  assert.equal(world.said.at(-1), '超出预算，共450000 PLN。');
  await cast();

  tab('list');
  await see(list, 'works');
  assert.deepEqual([list.data.oneByOne, list.data.lines], [true, ['还剩3票，共3票']]);
  for (const number of [2, 3, 1]) {
    await tap(list, 'vote', {}, { id: numbered(list, number)[0] });
    await cast();
    tab('list');
    await settled();
    assert.equal(list.data.projects[number - 1].left, 0);
  }
  assert.deepEqual(list.data.lines, ['还剩0票，共3票']);

  await see(list, 'hours');
  assert.equal(list.data.closed, '');
  assert.ok(list.data.campaign.rules.some(({ description }) => description.includes('本区居民均可参加')));
  await tap(list, 'choose', { value: [list.data.projects[0].id] });
  const ballot = tab('ballot');
  await settled();
  assert.match(ballot.data.problems.join(), /不在投票人名单上/);

  tab('list');
  await see(list, 'paused');
  assert.equal(list.data.closed, '投票已暂停：正在核查异常投票。');
  process.exit();
})();
