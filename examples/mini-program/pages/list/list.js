// 候选项目：分页、搜索、勾选。
const { ask } = require('../../api/graphql');
const { CAMPAIGN, PROJECTS } = require('../../api/documents');
const draft = require('../../api/draft');

Page({
  data: { campaign: null, projects: [], total: 0, count: 0, problem: '' },

  onLoad() {
    this.keyword = '';
    return this.reload();
  },

  // 从选票页回来时，勾选可能变了
  onShow() {
    this.show(this.data.projects);
  },

  onPullDownRefresh() {
    return this.reload().finally(() => wx.stopPullDownRefresh());
  },

  onReachBottom() {
    return this.more();
  },

  search({ detail }) {
    this.keyword = detail.value.trim();
    return this.reload();
  },

  async reload() {
    this.cursor = null;
    this.ended = false;
    this.setData({ projects: [], problem: '' });
    await this.attempt(async () => {
      const { campaign } = await ask(CAMPAIGN, {});
      this.setData({ campaign });
    });
    return this.more();
  },

  async more() {
    if (this.loading || this.ended) return;
    this.loading = true;
    await this.attempt(async () => {
      const filter = this.keyword ? { search: this.keyword } : null;
      const { projects } = await ask(PROJECTS, { after: this.cursor, filter });
      this.cursor = projects.pageInfo.endCursor;
      this.ended = !projects.pageInfo.hasNextPage;
      this.setData({ total: projects.totalCount });
      this.show(this.data.projects.concat(projects.nodes));
    });
    this.loading = false;
  },

  choose({ detail }) {
    for (const { id, chosen } of this.data.projects) {
      if (detail.value.includes(id) !== chosen) draft.toggle(id);
    }
    this.show(this.data.projects);
  },

  toBallot() {
    wx.switchTab({ url: '/pages/ballot/ballot' });
  },

  show(projects) {
    const ids = draft.ids();
    this.setData({
      projects: projects.map((project) => ({ ...project, chosen: ids.includes(project.id) })),
      count: ids.length,
    });
  },

  async attempt(task) {
    try {
      await task();
    } catch (refusal) {
      this.setData({ problem: refusal.message });
    }
  },
});
