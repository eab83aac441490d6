// 实时排行：打开就有，票数变了就变，离开就停。
const campaign = require('../../api/campaign');
const watch = require('../../api/live');
const { RANKING } = require('../../api/documents');

Page({
  data: { places: [], total: 0, notice: '正在连接……' },

  async onShow() {
    const visit = {};
    this.visit = visit;
    try {
      const slug = await campaign.current();
      if (visit !== this.visit) return;
      if (slug !== this.slug) this.setData({ places: [], notice: '正在连接……' });
      this.slug = slug;
      this.stop = watch(RANKING, { slug }, (data, errors) => this.show(data, errors));
    } catch (refusal) {
      if (visit === this.visit) this.setData({ notice: refusal.message });
    }
  },

  onHide() {
    this.leave();
  },

  onUnload() {
    this.leave();
  },

  leave() {
    this.visit = null; // 还没连上就离开了，就不再连
    if (this.stop) this.stop();
    this.stop = null;
  },

  // 结果还不公开时，服务器说明何时公开；到时会自己送来。
  show(data, errors) {
    if (errors) return this.setData({ notice: errors[0].message });
    const { nodes, totalCount } = data.resultsChanged;
    const places = nodes.map(({ rank, votes, share, project }) => ({
      rank,
      votes,
      number: project.number,
      title: project.title,
      percent: Math.round(share * 100),
    }));
    return this.setData({ places, total: totalCount, notice: '' });
  },
});
