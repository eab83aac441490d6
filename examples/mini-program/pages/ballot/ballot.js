// 选票：还缺什么由服务器说（checkBallot 与 castBallot 用同样的规则），这里不另写一遍。
const { ask, askSignedIn } = require('../../api/graphql');
const { CHOSEN, CHECK, CAST } = require('../../api/documents');
const campaign = require('../../api/campaign');
const draft = require('../../api/draft');
const receipts = require('../../api/receipts');
const rules = require('../../api/rules');

Page({
  data: { term: '', projects: [], lines: [], problems: [], refusal: '', casting: false, unsure: false },

  onShow() {
    return this.refresh();
  },

  remove({ currentTarget }) {
    draft.toggle(currentTarget.dataset.id);
    return this.refresh();
  },

  async refresh() {
    this.setData({ refusal: '' });
    try {
      const slug = await campaign.current();
      const sent = draft.unanswered(); // 也许已经投出，不能再改，也不必再检查：再试一次便知
      const ids = sent ? sent.projectIds : draft.ids();
      this.setData({ unsure: Boolean(sent) });
      const { campaign: about, nodes } = await ask(CHOSEN, { slug, ids });
      const { checkBallot } = sent ? { checkBallot: [] } : await ask(CHECK, { input: { campaign: slug, projectIds: ids } });
      const projects = nodes.filter(Boolean);
      const lines = about ? rules.sums(about, projects).map(({ text }) => text) : [];
      this.setData({ term: about ? about.candidateTerm : '', projects, lines, problems: checkBallot.map(({ message }) => message) });
    } catch (refusal) {
      this.setData({ refusal: refusal.message });
    }
  },

  async cast() {
    if (this.data.casting) return;
    this.setData({ casting: true, refusal: '' });
    const earlier = draft.unanswered();
    try {
      const { castBallot } = await askSignedIn(CAST, { input: draft.sealed() });
      this.settle(castBallot);
    } catch (refusal) {
      // 也许已经投出的，草稿和键都留着：再试一次，得到的是同一张选票。
      if (!refusal.unsure && !earlier) draft.refused();
      this.setData({ refusal: refusal.message, unsure: Boolean(draft.unanswered()) });
    }
    this.setData({ casting: false });
  },

  settle({ ballot, violations }) {
    this.setData({ unsure: false });
    if (!ballot) {
      draft.refused();
      return this.setData({ problems: violations.map(({ message }) => message) });
    }
    receipts.keep(draft.unanswered(), ballot);
    draft.clear();
    return wx.navigateTo({ url: `/pages/receipt/receipt?id=${encodeURIComponent(ballot.id)}` });
  },
});
