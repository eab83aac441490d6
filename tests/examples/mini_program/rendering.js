// Every page as WeChat's own compiler renders it, in the states that a voter meets: what is to be read there is read there.
const assert = require('node:assert/strict');
const path = require('node:path');
const { PROGRAM, world, settled, until, opened, tab, tap, top } = require('./wx.js');

const compiler = require.resolve('miniprogram-compiler', { paths: [path.resolve(__dirname, '../../clients')] });
const { wxmlToJs, wxssToJs } = require(compiler);
global.window = {}; // where the compiled markup leaves its version
const render = new Function('global', wxmlToJs(PROGRAM))({});

const textOf = (node) => (typeof node === 'object' ? (node.children || []).map(textOf).join('') : String(node));
const handlersOf = (node) =>
  typeof node !== 'object' ? [] : Object.entries(node.attr || {}).filter(([name]) => /^(bind|catch)/.test(name)).map(([, value]) => value).concat(...(node.children || []).map(handlersOf));

// What a page says now. It never says what only a program would.
function seen(page) {
  const tree = render(`${page.route}.wxml`)(page.data);
  const text = textOf(tree).replace(/\s+/g, ' ');
  assert.doesNotMatch(text, /undefined|null|NaN|\[object|\{\{/, page.route);
  for (const name of handlersOf(tree)) assert.equal(typeof page[name], 'function', `${page.route}: ${name}`);
  return text;
}

(async () => {
  assert.match(wxssToJs(PROGRAM), /pages\/mine\/mine\.wxss/);
  const list = opened('pages/list/list?campaign=volunteers');
  await settled();
  assert.match(seen(list), /最美志愿者评选.*距投票结束还有.*全部主题.*1\. 志愿者1.*已退出：因工作调动.*已选 0 个，共 10 个志愿者/);
  await tap(list, 'choose', { value: list.data.projects.filter(({ number }) => [1, 6].includes(number)).map(({ id }) => id) });
  await tap(list, 'open', {}, { number: 6 });
  assert.match(seen(top()), /6\. 志愿者6.*单位：某某街道.*已选上，点此去掉.*并列第1名（共9个），0 票.*后一名：志愿者7，0票（票数相同）.*相关网页事迹报道.*发给朋友/);
  await tap(list, 'open', {}, { number: 3 });
  assert.doesNotMatch(seen(top()), /选上它/);
  const ballot = tab('ballot');
  await settled();
  assert.match(seen(ballot), /1\. 志愿者1去掉.*投票（2 个志愿者）/);
  const mine = tab('mine');
  assert.match(seen(mine), /^登录后可见/);
  tab('ballot');
  await settled();
  await tap(ballot, 'cast');
  assert.match(seen(top()), /选票已投出计入 2017-03-22.*1\. 志愿者1.*下一次可以投票的时间：2017年3月23日 00:00/);
  const ranking = tab('ranking');
  await until(() => ranking.data.places.some(({ votes }) => votes === 1));
  assert.match(seen(ranking), /^已有 1 张选票1 ?1\. 志愿者1 ?1 票1 ?6\. 志愿者6 ?1 票/);
  tab('mine');
  await settled();
  assert.match(seen(mine), /最美志愿者评选下次可投：.*投过的选票（1）.*1\. 志愿者1；6\. 志愿者6.*我的编号/);
  const outcome = tab('outcome');
  await settled();
  assert.match(seen(outcome), /入选.*结果还没有公布.*评选办法/);
  world.scene = 1154;
  const preview = opened('pages/list/list?campaign=volunteers');
  await settled();
  assert.match(seen(preview), /共 10 个志愿者。点底部的“前往小程序”投票。/);
  process.exit();
})();
