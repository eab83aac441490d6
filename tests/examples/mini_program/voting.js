// A voter finds projects, fills a ballot, casts it, reads the receipt and sees the ranking move.
const assert = require('node:assert/strict');
const { world, settled, until, tab, tap, top } = require('./wx.js');

// Where the server has a template, one accepts one message at a time, and may think better of it.
async function assertReminds(mine) {
  const asked = () => mine.data.asked.map(({ words }) => words);
  const offers = mine.data.offers.map(({ words }) => words);
  if (!process.env.CODES) return assert.deepEqual([offers, asked()], [[], []]);
  assert.match(offers[0], /十大创新项目：又可以投票，2017年3月23日 \d\d:00（北京时间）$/);
  const [offer] = mine.data.offers;
  const { logins } = world;
  world.consent = 'reject';
  await tap(mine, 'remind', {}, offer);
  assert.deepEqual([world.said.at(-1), asked(), world.logins], ['没有同意，就不提醒。', [], logins]);
  world.consent = 'accept';
  await tap(mine, 'remind', {}, offer);
  assert.deepEqual([asked(), mine.data.offers, world.logins], [[offers[0]], [], logins + 1]);
  await tap(mine, 'forget', {}, mine.data.asked[0]);
  return assert.deepEqual([asked(), mine.data.offers.length], [[], 1]);
}

(async () => {
  const list = tab('list');
  await settled();
  assert.match(list.data.campaign.title, /十大创新项目/);
  assert.equal(list.data.total, 50);
  assert.equal(list.data.projects.length, 20);
  await list.onReachBottom();
  await list.onReachBottom();
  await list.onReachBottom();
  assert.deepEqual(list.data.projects.map(({ number }) => number), [...Array(50).keys()].map((number) => number + 1));
  await list.onPullDownRefresh();
  assert.deepEqual(world.said, ['refreshed']);
  const ids = list.data.projects.map(({ id }) => id);

  await tap(list, 'choose', { value: ids.slice(0, 8) });
  assert.equal(list.data.count, 8);
  await tap(list, 'search', { value: ' 邻里 ' });
  assert.ok(list.data.total < 50 && list.data.projects.length === list.data.total);
  assert.equal(list.data.count, 8); // what a search hides stays chosen
  await tap(list, 'search', { value: '' });

  await tap(list, 'toBallot');
  const ballot = top();
  assert.equal(ballot.data.projects.length, 8);
  assert.equal(ballot.data.problems.length, 1); // two are missing
  tab('list');
  await settled();
  await tap(list, 'choose', { value: ids.slice(0, 13) });
  tab('ballot');
  await settled();
  assert.deepEqual(ballot.data.problems, []);
  await tap(ballot, 'remove', {}, { id: ids[12] });
  assert.equal(ballot.data.projects.length, 12);

  const ranking = tab('ranking');
  await until(() => ranking.data.places.length === 20);
  assert.ok(ranking.data.places.every(({ votes }) => votes === 0));
  assert.equal(ranking.data.total, 50);
  const socket = world.sockets[0];
  assert.equal(socket.protocol, 'graphql-transport-ws');

  assert.equal(world.logins, 0); // looking needs nobody
  await tap(ballot, 'cast');
  assert.equal(world.logins, process.env.CODES ? 1 : 0);
  const receipt = top();
  assert.equal(receipt.route, 'pages/receipt/receipt');
  assert.equal(receipt.data.ballot.day, '2017-03-22');
  assert.deepEqual(receipt.data.ballot.projects.map(({ number }) => number), [...Array(12).keys()].map((n) => n + 1));
  assert.equal(receipt.data.next, '2017年3月23日 00:00');
  assert.match(receipt.data.ballot.castAt, /^2017年3月22日 09:0\d$/);
  assert.equal(receipt.data.zone, '北京时间');
  receipt.copy();
  assert.equal(world.said.at(-1), receipt.data.id);
  await until(() => ranking.data.places.filter(({ votes, percent }) => votes === 1 && percent === 100).length === 12);

  receipt.toRanking(); // it comes back to the tab, which watches anew
  await until(() => world.sockets.length === 2 && socket.readyState === 3);
  await settled();
  assert.equal(ranking.data.notice, '');

  await tap(tab('list'), 'choose', { value: ids.slice(0, 10) });
  tab('ballot');
  await settled();
  assert.equal(ballot.data.problems.length, 1); // one ballot a day
  await tap(ballot, 'cast');
  assert.match(ballot.data.problems[0], /3月23日|2017-03-23|明天|次日/);
  assert.equal(top(), ballot);

  const mine = tab('mine');
  await settled();
  assert.deepEqual([mine.data.total, mine.data.roles], [1, '']);
  assert.match(mine.data.ballots[0].choices, /^1\. .*；12\. [^；]+$/);
  assert.deepEqual(mine.data.remains.map(({ words }) => words), ['下次可投：2017年3月23日 00:00（北京时间）']);
  await tap(mine, 'open', {}, { id: mine.data.ballots[0].id });
  assert.deepEqual([top().route, top().data.id], [receipt.route, receipt.data.id]);
  tab('mine');
  await settled();
  await assertReminds(mine);
  await tap(mine, 'signOut');
  assert.deepEqual([mine.data.isSignedIn, mine.data.ballots], [false, []]);
  const asked = world.requests;
  tab('mine');
  await settled();
  assert.equal(world.requests, asked); // to look at the page signs nobody in
  await tap(mine, 'refresh');
  assert.deepEqual([mine.data.isSignedIn, mine.data.total], [true, 1]);
  process.exit();
})();
