// 选票：还缺什么由服务器说（checkBallot 与 castBallot 用同样的规则），这里不另写一遍。
const { ask, askSignedIn } = require('../../api/graphql');
const { CHOSEN, CHECK, CAST } = require('../../api/documents');
const draft = require('../../api/draft');

Page({
  data: { projects: [], problems: [], casting: false, weak: false },

  onShow() {
    return this.refresh();
  },

  remove({ currentTarget }) {
    draft.toggle(currentTarget.dataset.id);
    return this.refresh();
  },

  async refresh() {
    const ids = draft.ids();
    const weak = draft.unanswered(); // 也许已经投出，不必再检查，再试一次便知
    try {
      const { nodes } = await ask(CHOSEN, { ids });
      const { checkBallot } = weak ? { checkBallot: [] } : await ask(CHECK, { input: { projectIds: ids } });
      this.setData({ projects: nodes.filter(Boolean), problems: checkBallot.map(({ message }) => message), weak });
    } catch (refusal) {
      this.setData({ problems: [refusal.message] });
    }
  },

  async cast() {
    if (this.data.casting) return;
    this.setData({ casting: true, weak: false });
    try {
      const { castBallot } = await askSignedIn(CAST, { input: draft.sealed() });
      this.settle(castBallot);
    } catch (refusal) {
      // 答复丢了，选票也许已经投出。草稿和键都还在：再试一次，得到的是同一张选票。
      this.setData({ problems: [refusal.message], weak: true });
    }
    this.setData({ casting: false });
  },

  settle({ ballot, violations }) {
    if (!ballot) {
      draft.refused();
      return this.setData({ problems: violations.map(({ message }) => message) });
    }
    draft.clear();
    return wx.navigateTo({ url: `/pages/receipt/receipt?id=${encodeURIComponent(ballot.id)}` });
  },
});
