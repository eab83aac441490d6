// 实时排行：打开就有，票数变了就变，断了自己再连，离开就停。
const campaign = require('../../api/campaign');
const watch = require('../../api/live');
const { RANKING } = require('../../api/documents');
const { spoken } = require('../../api/moments');
const sharing = require('../../api/sharing');

const CONNECTING = '正在连接……';

const placeOf = ({ id, rank, votes, share, project }) => ({
  id,
  rank,
  votes,
  number: project.number,
  title: project.title,
  percent: Math.round(share * 100),
});

Page({
  data: { slug: '', places: [], total: 0, asOf: '', notice: CONNECTING, isLost: false, preview: false },
  visit: null,
  stop: null,

  onLoad(query) {
    sharing.opened(query);
    this.setData({ preview: sharing.isPreview() });
  },

  async onShow() {
    const visit = {};
    this.visit = visit;
    try {
      const slug = await campaign.current();
      if (visit !== this.visit) return;
      if (slug !== this.data.slug) this.setData({ slug, places: [], notice: CONNECTING });
      const show = (data, errors) => this.show(data, errors);
      this.stop = watch(RANKING, { slug }, show, (isLive) => this.setData({ isLost: !isLive }));
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

  onShareAppMessage() {
    return sharing.message('pages/ranking/ranking', this.card());
  },

  onShareTimeline() {
    return sharing.timeline(this.card());
  },

  card() {
    const [first] = this.data.places;
    return { title: first ? `实时排行：${first.title}，${first.votes}票，暂列第${first.rank}` : '实时排行', given: {}, image: null };
  },

  leave() {
    this.visit = null; // 还没连上就离开了，就不再连
    if (this.stop) this.stop();
    this.stop = null;
  },

  // 结果还不公开时，服务器说明何时公开；到时会自己送来。
  show(data, errors) {
    if (errors) return this.setData({ notice: errors[0].message });
    const { nodes, totalCount, asOf } = data.resultsChanged;
    return this.setData({ places: nodes.map(placeOf), total: totalCount, asOf: spoken(asOf), notice: '' });
  },
});
