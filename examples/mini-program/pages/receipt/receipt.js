// 回执：按编号查到刚投的选票，并说明下次何时可投。
const { askSignedIn } = require('../../api/graphql');
const { RECEIPT } = require('../../api/documents');

Page({
  data: { ballot: null, next: '', problem: '' },

  async onLoad({ id }) {
    try {
      const { ballot, viewer } = await askSignedIn(RECEIPT, { id: decodeURIComponent(id) });
      this.setData({ ballot, next: viewer.allowance.nextAllowedAt || '' });
    } catch (refusal) {
      this.setData({ problem: refusal.message });
    }
  },

  copy() {
    wx.setClipboardData({ data: this.data.ballot.id });
  },

  toRanking() {
    wx.switchTab({ url: '/pages/ranking/ranking' });
  },
});
