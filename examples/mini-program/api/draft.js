// 选票的草稿，存在本机：退出小程序、断网、换页，都还在。
const KEY = 'draft';

const read = () => wx.getStorageSync(KEY) || { ids: [], key: '' };
const write = (draft) => wx.setStorageSync(KEY, draft);

// 选上或去掉一个项目。内容变了就是另一张选票，旧的键不再用。
function toggle(id) {
  const { ids } = read();
  write({ ids: ids.includes(id) ? ids.filter((other) => other !== id) : ids.concat(id), key: '' });
}

// 要投的选票。先把键存下来再发送：应用被关掉之后重试，用的还是同一个键。
function sealed() {
  const draft = read();
  if (!draft.key) {
    draft.key = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    write(draft);
  }
  return { projectIds: draft.ids, idempotencyKey: draft.key };
}

// 服务器说了不收：这张没有投出，改好之后是另一张。
const refused = () => write({ ids: read().ids, key: '' });

module.exports = {
  ids: () => read().ids,
  unanswered: () => Boolean(read().key), // 投过，但没有等到答复
  toggle,
  sealed,
  refused,
  clear: () => wx.removeStorageSync(KEY),
};
