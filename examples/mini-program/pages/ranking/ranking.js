// 实时排行：打开就有，票数变了就变，离开就停。
const watch = require('../../api/live');
const { RANKING } = require('../../api/documents');

Page({
  data: { places: [], total: 0, notice: '正在连接……' },

  onShow() {
    this.stop = watch(RANKING, {}, (data, errors) => this.show(data, errors));
  },

  onHide() {
    this.stop();
  },

  onUnload() {
    this.stop();
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
