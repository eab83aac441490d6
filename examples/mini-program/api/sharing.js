// 分享出去的卡片，和别人打开它时读到的参数。选票、回执和“我的”不分享：那是各人自己的。
const campaign = require('./campaign');

const pair = ([name, value]) => `${name}=${encodeURIComponent(value)}`;
const queryOf = (given) => Object.entries({ campaign: campaign.slug(), ...given }).map(pair).join('&');

const illustrated = (card, image) => (image ? { ...card, imageUrl: image.url } : card); // 没有图片时，微信截取页面

// 发给朋友：打开的是小程序的这一页
const message = (route, { title, given, image }) => illustrated({ title, path: `/${route}?${queryOf(given)}` }, image);

// 分享到朋友圈：点开的是同一页的“单页模式”
const timeline = ({ title, given, image }) => illustrated({ title, query: queryOf(given) }, image);

// 参数到了 onLoad 里还是编过码的
const decoded = (text) => (/^(?:[^%]|%[0-9a-f]{2})*$/i.test(text) ? decodeURIComponent(text) : text);

function opened(query) {
  const given = {};
  for (const name of Object.keys(query)) given[name] = decoded(query[name]);
  if (given.campaign) campaign.choose(given.campaign);
  return given;
}

// 单页模式：不能登录，不能跳转，也读不到本机存的东西，所以只看，不投。
const isPreview = () => wx.getLaunchOptionsSync().scene === 1154;

module.exports = { message, timeline, opened, isPreview };
