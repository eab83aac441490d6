// 实时排行：打开就有，票数变了，变了的行就动，断了自己再连，离开就停。
const campaign = require('../../api/campaign');
const watch = require('../../api/live');
const { RANKING } = require('../../api/documents');
const { spoken } = require('../../api/moments');
const sharing = require('../../api/sharing');
const { merged, changesOf } = require('../../api/standings');

const CONNECTING = '正在连接……';

Page({
  data: { slug: '', places: [], total: 0, ballots: 0, asOf: '', notice: CONNECTING, isLost: false, preview: false },
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
    if (errors) return this.setData({ places: [], notice: errors[0].message });
    const { totalCount, asOf, turnout } = data.resultsChanged;
    const changes = changesOf(this.data.places, merged(this.data.places, data.resultsChanged));
    return this.setData({ ...changes, total: totalCount, ballots: turnout.ballots, asOf: spoken(asOf), notice: '' });
  },
});
