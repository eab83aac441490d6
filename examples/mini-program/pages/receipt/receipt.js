// 回执：编号马上就有，选票的内容和下次何时可投随后查到；查不到，编号也不会丢。凭条存在本机，没有网络也能核对。
const { ask, askSignedIn } = require('../../api/graphql');
const { RECEIPT, ALLOWANCE } = require('../../api/documents');
const campaign = require('../../api/campaign');
const receipts = require('../../api/receipts');
const { spoken, zone } = require('../../api/moments');

Page({
  data: { id: '', ballot: null, next: '', zone: '', problem: '', proof: null, keyChange: '' },

  onLoad({ id }) {
    this.setData({ id: decodeURIComponent(id) });
    this.check(null);
    return this.refresh();
  },

  async refresh() {
    this.setData({ problem: '' });
    await Promise.all([this.attempt(() => this.findBallot()), this.attempt(() => this.findNext())]);
  },

  async findBallot() {
    const { ballot } = await ask(RECEIPT, { id: this.data.id });
    if (!ballot) return;
    const { day, castAt, projects } = ballot;
    this.setData({ ballot: { day, projects, castAt: spoken(castAt) }, zone: zone(castAt) });
    this.check(ballot);
  },

  // 凭条是不是真的，选票入了日志没有；没有凭条的，什么也不显示
  check(ballot) {
    const kept = receipts.recall(this.data.id);
    if (kept) this.setData({ proof: receipts.stateOf(kept, ballot), keyChange: receipts.keyChange(kept) });
  },

  async findNext() {
    const { nextAllowedAt } = (await askSignedIn(ALLOWANCE, { slug: await campaign.current() })).viewer.allowance;
    this.setData(nextAllowedAt ? { next: spoken(nextAllowedAt), zone: zone(nextAllowedAt) } : { next: '' });
  },

  async attempt(task) {
    try {
      await task();
    } catch (refusal) {
      this.setData({ problem: refusal.message });
    }
  },

  copy() {
    wx.setClipboardData({ data: this.data.id });
  },

  copyProof() {
    wx.setClipboardData({ data: JSON.stringify(receipts.recall(this.data.id), null, 2) });
  },

  toRanking() {
    wx.switchTab({ url: '/pages/ranking/ranking' });
  },
});
