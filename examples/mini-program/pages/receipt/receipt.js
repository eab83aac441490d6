// 回执：编号马上就有，选票的内容和下次何时可投随后查到；查不到，编号也不会丢。
const { ask, askSignedIn } = require('../../api/graphql');
const { RECEIPT, ALLOWANCE } = require('../../api/documents');
const campaign = require('../../api/campaign');
const { spoken, zone } = require('../../api/moments');

Page({
  data: { id: '', ballot: null, next: '', zone: '', problem: '' },

  onLoad({ id }) {
    this.setData({ id: decodeURIComponent(id) });
    return this.refresh();
  },

  async refresh() {
    this.setData({ problem: '' });
    await Promise.all([this.attempt(() => this.findBallot()), this.attempt(() => this.findNext())]);
  },

  async findBallot() {
    const { ballot } = await ask(RECEIPT, { id: this.data.id });
    if (ballot) this.setData({ ballot: { ...ballot, castAt: spoken(ballot.castAt) }, zone: zone(ballot.castAt) });
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

  toRanking() {
    wx.switchTab({ url: '/pages/ranking/ranking' });
  },
});
