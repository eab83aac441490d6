// From a friend's card to a candidate: what was shared is what opens, the clock is the server's, and a friend's post only shows.
const assert = require('node:assert/strict');
const { world, settled, until, opened, tab, tap, top } = require('./wx.js');
const config = require('../../../examples/mini-program/config.js');
const { countdown } = require('../../../examples/mini-program/api/countdown.js');
const { CAST } = require('../../../examples/mini-program/api/documents.js');
const { askSignedIn } = require('../../../examples/mini-program/api/graphql.js');
const session = require('../../../examples/mini-program/api/session.js');
const { merged, changesOf } = require('../../../examples/mini-program/api/standings.js');

const hour = 3600000;
const now = Date.now;
Date.now = () => now() + 5000 * hour; // the phone's clock is wrong

function assertCountsDown() {
  const votingWindow = { opensAt: '2017-03-22T00:00:00+08:00', closesAt: '2017-03-31T12:00:00+08:00' };
  const words = (phase, moment) => countdown({ phase, votingWindow }, Date.parse(moment));
  assert.deepEqual(words('VOTING', '2017-03-28T07:59:59+08:00'), { words: '距投票结束还有3天4小时', wait: 1001, isOver: false });
  assert.equal(words('VOTING', '2017-03-31T10:56:00+08:00').words, '距投票结束还有1小时4分');
  assert.equal(words('UPCOMING', '2017-03-21T23:59:57+08:00').words, '距投票开始还有3秒');
  assert.equal(words('VOTING', '2017-03-31T12:00:00+08:00').isOver, true);
  assert.equal(words('PAUSED', '2017-03-28T08:00:00+08:00').words, '');
}

// One row comes to the page, for which another leaves it; what is whole replaces all.
function assertMerges() {
  const row = (number, rank, votes) => ({ id: `r${number}`, rank, votes, project: { number, title: `${number}` } });
  const answer = (onlyChanges, removedIds, nodes) => ({ onlyChanges, removedIds, nodes, turnout: { ballots: 4 } });
  const before = merged([], answer(false, [], [row(1, 1, 2), row(2, 2, 1)]));
  const after = merged(before, answer(true, ['r2'], [row(3, 1, 2)]));
  assert.deepEqual(after.map(({ number, percent }) => [number, percent]), [[1, 50], [3, 50]]);
  assert.deepEqual(changesOf(before, after), { 'places[1]': after[1] });
  assert.deepEqual(merged(after, answer(false, [], [row(2, 1, 0)])).map(({ number }) => number), [2]);
}

// Others vote for 10 alone, one after the other, while the ranking is open: its row moves, and in the end it alone is sent.
async function assertRowsMove() {
  const ranking = tab('ranking');
  await until(() => ranking.data.places.length === 10);
  const changes = [];
  const { setData } = ranking;
  ranking.setData = (changed) => (changes.push(Object.keys(changed)), setData(changed));
  const requests = world.sent.filter(({ query }) => /results|Ranking/.test(query)).length;
  for (const votes of [1, 2, 3]) {
    config.guest = `别人${votes}`;
    session.forget();
    const input = { campaign: 'volunteers', projectIds: ['project/volunteers/10'], idempotencyKey: `for-10-${votes}` };
    assert.deepEqual((await askSignedIn(CAST, { input })).castBallot.violations, []);
    await until(() => ranking.data.places.some((place) => place.number === 10 && place.votes === votes));
  }
  const { places } = ranking.data;
  assert.deepEqual([places[0].number, places[0].rank, places.length], [10, 1, 10]);
  assert.deepEqual(places.map(({ rank }) => rank), [...places].map(({ rank }) => rank).sort((one, other) => one - other));
  assert.ok(changes.at(-1).includes('places[0].votes') && !changes.at(-1).includes('places[1].votes'));
  assert.ok(changes.every((names) => !names.includes('places')));
  assert.equal(world.sent.filter(({ query }) => /results|Ranking/.test(query)).length, requests); // nothing is asked again
  await tap(ranking, 'onHide');
}

const numbers = ({ data }) => data.projects.map(({ number }) => number);
const path = ({ path: shared }) => shared.replace(/^\//, '');

(async () => {
  assertCountsDown();
  assertMerges();
  let list = opened('pages/list/list?campaign=volunteers&themes=RURAL');
  await settled();
  assert.deepEqual(numbers(list), [6, 7, 8, 9, 10]);
  assert.deepEqual(list.data.filters.map(({ key, at, choices }) => [key, choices[at].name]), [['themes', '乡村（5）']]);
  assert.deepEqual(list.data.filters[0].choices.map(({ name }) => name), ['全部主题', '城区（5）', '乡村（5）']); // as if none were chosen
  assert.match(list.data.countdown, /^距投票结束还有9天2小时$/);

  await tap(list, 'search', { value: '志愿者 7' });
  assert.deepEqual(numbers(list), [7]);
  assert.deepEqual(list.data.filters[0].choices.map(({ name }) => name), ['全部主题', '乡村（1）']); // and may be taken back
  await tap(list, 'search', { value: '' });
  await tap(list, 'arrange', { value: '2' });
  const card = list.onShareAppMessage();
  assert.equal(card.path, '/pages/list/list?campaign=volunteers&themes=RURAL&order=TITLE');
  assert.equal(list.onShareTimeline().query, 'campaign=volunteers&themes=RURAL&order=TITLE');
  assert.match(card.imageUrl, /^data:image/);
  await tap(list, 'search', { value: '100%' });
  list = opened(path(list.onShareAppMessage()));
  await settled();
  assert.deepEqual([list.data.search, list.data.order, numbers(list)], ['100%', 2, []]);
  await tap(list, 'search', { value: '' });
  await tap(list, 'filter', { value: 0 }, { key: 'themes' });
  await tap(list, 'choose', { value: list.data.projects.filter(({ number }) => [1, 2, 4].includes(number)).map(({ id }) => id) });

  await tap(list, 'open', {}, { number: 5 });
  const page = top();
  assert.equal(page.data.project.title, '志愿者5');
  assert.deepEqual(page.data.facts, ['单位：某某街道', '主题：城区']);
  assert.match(page.data.html, /<strong>每天<\/strong>/);
  assert.equal(page.data.standing.votes, 0);
  await tap(page, 'look', {}, { original: page.data.pictures[0].original });
  assert.match(world.said.at(-1), /^data:image/);
  await tap(page, 'copyLink', {}, { url: page.data.project.links[0].url });
  assert.equal(world.said.at(-1), 'https://example.org/');
  const [ahead, behind] = page.data.standing.neighbours;
  assert.deepEqual([ahead.where, behind.where, ahead.words.startsWith('志愿者'), behind.number], ['前一名', '后一名', true, 6]);
  await tap(page, 'step', {}, behind);
  assert.deepEqual([top().route, top().data.project.number], [page.route, 6]);
  await tap(page, 'choose');
  assert.deepEqual([world.said.at(-1), page.data.project.chosen], ['“城区”最多选3个。', false]);
  await tap(list, 'open', {}, { number: 4 });
  await tap(top(), 'choose');
  assert.equal(top().data.project.chosen, false);
  tab('list');
  await settled();
  assert.equal(list.data.count, 2);

  await assertRowsMove();
  const shared = path(page.onShareAppMessage());
  assert.equal(shared, 'pages/project/project?campaign=volunteers&number=5');
  session.forget();
  world.scene = 1154; // WeChat's single page, where nobody signs in
  const preview = opened(shared);
  await settled();
  assert.deepEqual([preview.data.preview, preview.data.project.number, session.token()], [true, 5, '']);
  assert.match(preview.onShareTimeline().title, /^5号 志愿者5 · 最美志愿者评选$/);
  const nobody = opened('pages/project/project?campaign=volunteers&number=99');
  await settled();
  assert.equal(nobody.data.problem, '没有找到这个候选。');
  process.exit();
})();
