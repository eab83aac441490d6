// 选票的草稿，存在本机：退出小程序、断网、换页，都还在。每个评选有自己的一份。
const campaign = require('./campaign');

const key = () => `draft:${campaign.slug()}`;

const read = () => wx.getStorageSync(key()) || { ids: [], sent: null };
const write = (draft) => wx.setStorageSync(key(), draft);

// 选上或去掉一个项目。已经发出、还没有等到答复的那张，不因此改变。
function toggle(id) {
  const { ids, sent } = read();
  write({ ids: ids.includes(id) ? ids.filter((other) => other !== id) : ids.concat(id), sent });
}

// 一票一票地投时，选票上只有这一个
const only = (id) => write({ ids: [id], sent: read().sent });

// 要投的选票。先连同键存下来再发送：等到答复以前，重试的都是这一张，用的都是这个键，哪怕小程序被关掉过。
function sealed() {
  const { ids, sent } = read();
  if (sent) return sent;
  const idempotencyKey = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  write({ ids, sent: { campaign: campaign.slug(), projectIds: ids, idempotencyKey } });
  return read().sent;
}

// 确定没有投出：可以再改，改好之后是另一张。
const refused = () => write({ ids: read().ids, sent: null });

module.exports = {
  ids: () => read().ids,
  unanswered: () => read().sent, // 发出了，但没有等到答复
  toggle,
  only,
  sealed,
  refused,
  clear: () => wx.removeStorageSync(key()),
};
