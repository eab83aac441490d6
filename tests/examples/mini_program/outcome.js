// The stages and how they are decided are told while one votes; then, as its time comes, what came of it. PART says how far it has come.
const assert = require('node:assert/strict');
const { world, settled, tab, tap } = require('./wx.js');

(async () => {
  const page = tab('outcome');
  await settled();
  const { stages, criteria, decided, state, heard, objections, problem } = page.data;
  assert.equal(problem, '');
  assert.deepEqual(stages.map(({ seats, name }) => [seats, name]), [[9, '申报'], [4, '入围'], [3, '获奖']]);
  const list = tab('list');
  await settled();

  if (process.env.PART === 'voting') {
    assert.deepEqual(stages.map(({ word }) => word), ['已有结果', '进行中', '待进行']);
    assert.match(stages[1].words.join(''), /得分低于59\.5的不入选/);
    assert.deepEqual(criteria[0].anchors.map(({ text }) => text), ['合格', '突出']);
    assert.deepEqual(criteria.map(({ scale }) => scale), ['权重0.6，0至100分', '权重0.4，0至100分', '不计入总分，1至5分']);
    assert.deepEqual([decided, state, heard, objections], [[], '', '', []]);
    assert.equal(list.data.projects[0].result, '');
  }

  if (process.env.PART === 'heard') {
    assert.equal(state, '结果公示中');
    assert.match(heard, /公示期至2017年4月12日 17:00（北京时间）。如有异议，请在此之前向文化馆提出/);
    assert.deepEqual(decided[0].groups.map(({ name, projects }) => [name, projects.length]), [['', 4]]);
    assert.match(decided[0].ties[0], /^4号 作品4、5号 作品5。/);
    assert.deepEqual(objections.map(({ answer }) => answer), ['答复：已核实，取消其资格。', '尚未答复。']);
    assert.equal(list.data.projects[0].result, '入围终审');
    assert.match(list.data.closed, /结果公示中/);
  }

  if (process.env.PART === 'over') {
    assert.deepEqual([state, heard], ['最终结果', '']);
    assert.deepEqual(decided.map(({ name, selected }) => [name, selected]), [['获奖', 2], ['入围', 4]]);
    assert.deepEqual(decided[0].groups.map(({ name, projects, vacant }) => [name, projects.map(({ title }) => title), vacant]), [['金奖', ['作品2'], 0], ['银奖', ['作品1'], 1]]);
    assert.deepEqual(decided.map(({ reason }) => reason), ['采纳评委会的推荐。', '']);
    assert.match(decided[1].corrections[0], /作品系抄袭。；3号 作品3，改为未入选，名次3→无/);
    assert.equal(list.data.projects[1].result, '金奖');
    await tap(page, 'copy', {}, { digest: decided[0].digest });
    assert.match(world.said.at(-1), /^[0-9a-f]{64}$/);
  }
  process.exit();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
