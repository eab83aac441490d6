// Whatever answers come late, the list shows what was searched for last.
const assert = require('node:assert/strict');
const { world, settled, until, tab } = require('./wx.js');

const KEYWORD = '邻里';

(async () => {
  const list = tab('list');
  await settled();
  assert.equal(list.data.projects.length, 20);

  world.weak.push('late');
  const scrolled = list.onReachBottom();
  await until(() => world.late.length === 1);
  await list.search({ detail: { value: KEYWORD } });
  const found = list.data.projects.map(({ number }) => number);
  assert.ok(found.length > 0 && found.length === list.data.total && list.data.total < 20);
  world.late.pop()();
  await scrolled;
  assert.deepEqual(list.data.projects.map(({ number }) => number), found);

  const numbers = () => list.data.projects.map(({ number }) => number);
  for (const same of ['鄰里', ' 邻\u200b里\u3000', '「邻里」']) { // it finds what the API finds, however it is typed
    await list.search({ detail: { value: same } });
    assert.deepEqual(numbers(), found);
  }
  assert.ok(list.data.projects.every((project) => project.found === KEYWORD));
  await list.search({ detail: { value: '社区 智能化' } });
  assert.deepEqual(list.data.projects.map((project) => [project.number, project.found]), [[37, '社区、智能化']]);

  world.weak.push(undefined, 'late'); // a search is cleared before its answer has come
  const searched = list.search({ detail: { value: KEYWORD } });
  await until(() => world.late.length === 1);
  await list.search({ detail: { value: '' } });
  world.late.pop()();
  await searched;
  assert.deepEqual([list.data.projects.length, list.data.total], [20, 50]);
  await list.onReachBottom();
  assert.deepEqual(list.data.projects.map(({ number }) => number), [...Array(40).keys()].map((number) => number + 1));
  process.exit();
})();
