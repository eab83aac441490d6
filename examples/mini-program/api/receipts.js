// 凭条存在本机：投出以后服务器签的字，连同选票和它的键。公钥第一次见到就记住，换了要说。
const proof = require('./proof');
const { spoken, zone } = require('./moments');

const GRACE = 300000; // 毫秒：写入日志到公布，要一点时间

const recall = (id) => wx.getStorageSync(`receipt:${id}`) || null;

// 一个评选先后见过的公钥，新的在前
function keysOf(slug, log) {
  const name = `log-keys:${slug}`;
  const seen = wx.getStorageSync(name) || { receipt: [], log: [] };
  if (!log) return seen;
  const add = (known, key) => (known[0] === key ? known : [key].concat(known.filter((one) => one !== key)));
  const keys = { receipt: add(seen.receipt, log.receiptKey), log: add(seen.log, log.verifierKey) };
  wx.setStorageSync(name, keys);
  return keys;
}

// 投出以后马上存下。服务器没有日志时，没有凭条。
function keep({ campaign, projectIds, idempotencyKey }, { id, day, receipt, campaign: about }) {
  if (!receipt) return;
  const keys = keysOf(campaign, about.log);
  const projects = projectIds.map((one) => Number(one.split('/').pop())).sort((one, other) => one - other);
  const { leafHash, batchIndex, batchSize, batchHashes, note, sealBy } = receipt;
  wx.setStorageSync(`receipt:${id}`, {
    format: 'pingxuan/receipt/v1', ballotId: id, campaign, day, projects, idempotencyKey,
    origin: note.split('\n')[1], leafHash, note, batchIndex, batchSize, batchHashes, sealBy, receiptKey: keys.receipt[0],
  });
}

const said = (state, words) => ({ state, words });
const wrong = (why) => said('wrong', `凭条不对：${why}。请复制凭条，交给主办方，也交给您信任的人核对。`);

// 这份凭条现在怎么样。ballot 是服务器现在的答复，问不到时为空。
function stateOf(kept, ballot) {
  if (!proof.canCheck()) return said('unchecked', '小程序没有装核对签名的程序库，凭条没有核对。');
  const keys = keysOf(kept.campaign, ballot && ballot.campaign.log);
  const fault = proof.faultOf(kept, keys.receipt);
  if (fault) return wrong(fault);
  const given = ballot && ballot.receipt;
  if (given && given.leafHash !== kept.leafHash) return wrong('服务器现在给出的不是当初签的那一条');
  if (given && given.inclusion) {
    if (!proof.isIn(kept, given.inclusion, keys.log)) return wrong('服务器说已入日志，给出的证明却不成立');
    wx.setStorageSync(`receipt:${kept.ballotId}`, { ...kept, sealedAs: given.inclusion.index });
    return sealed(given.inclusion.index);
  }
  if (kept.sealedAs !== undefined) return given ? wrong('这张选票曾在日志里，服务器现在说不在') : sealed(kept.sealedAs);
  const by = `${spoken(kept.sealBy)}（${zone(kept.sealBy)}）`;
  const isLate = given && Date.parse(ballot.campaign.serverTime) > Date.parse(kept.sealBy) + GRACE;
  if (isLate) return said('late', `承诺的时间${by}已过，选票还没有写入公开日志。请过十分钟再看；仍然如此，请复制凭条，交给主办方和您信任的人追查。`);
  return said('signed', `已核对：服务器签名承诺，最迟${by}把这张选票写入公开日志。`);
}

const sealed = (index) => said('sealed', `已入日志：这张选票是公开日志的条目${index}，已在本机核对。`);

// 换过公钥时要说的话
function keyChange({ campaign }) {
  const [now, before] = keysOf(campaign, null).receipt.map((key) => key.split('+')[1]);
  return before ? `签名公钥换过：原来是${before}，现在是${now}。更换应当公布过；没有的话，请询问主办方。` : '';
}

module.exports = { keep, recall, stateOf, keyChange };
