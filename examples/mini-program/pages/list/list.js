// 候选项目：分页、搜索、勾选。
const { ask } = require('../../api/graphql');
const { CAMPAIGN, PROJECTS } = require('../../api/documents');
const campaign = require('../../api/campaign');
const draft = require('../../api/draft');

// 一个候选项目，以及搜索的词在其文字中的写法
const listed = ({ node, matches }) => ({
  ...node,
  found: [...new Set([].concat(...matches.map(({ found }) => found)))].join('、'),
});

Page({
  data: { campaign: null, campaigns: [], projects: [], total: 0, count: 0, problem: '' },

  // 入口可以带上评选，例如 pages/list/list?campaign=shanghai-2017
  onLoad(query) {
    if (query.campaign) campaign.choose(query.campaign);
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

  pick({ detail }) {
    campaign.choose(this.data.campaigns[detail.value].slug);
    return this.reload();
  },

  // 每次重新加载都有新的序号；旧的那次若晚到，就不再理会。
  reload() {
    this.load = (this.load || 0) + 1;
    this.cursor = null;
    this.loading = false;
    this.ended = false;
    this.setData({ projects: [], problem: '' });
    return Promise.all([this.about(), this.more()]);
  },

  about() {
    return this.fetch(CAMPAIGN, {}, (answer) => {
      const problem = answer.campaign ? '' : `没有名为“${campaign.slug()}”的评选，请换一个。`;
      this.setData({ campaign: answer.campaign, campaigns: answer.campaigns.nodes, problem });
    });
  },

  async more() {
    if (this.loading || this.ended) return;
    const { load } = this;
    this.loading = true;
    const filter = this.keyword ? { search: this.keyword } : null;
    await this.fetch(PROJECTS, { after: this.cursor, filter }, ({ projects }) => {
      this.cursor = projects.pageInfo.endCursor;
      this.ended = !projects.pageInfo.hasNextPage;
      this.setData({ total: projects.totalCount });
      this.show(this.data.projects.concat(projects.edges.map(listed)));
    });
    if (load === this.load) this.loading = false;
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

  async fetch(query, variables, take) {
    const { load } = this;
    try {
      const slug = await campaign.current();
      if (!slug) throw new Error('现在没有评选。');
      const answer = await ask(query, { slug, ...variables });
      if (load === this.load) take(answer);
    } catch (refusal) {
      if (load === this.load) this.setData({ problem: refusal.message });
    }
  },
});
