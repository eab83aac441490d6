// 候选名单：搜索、筛选、次序、分页、勾选；一边选，一边数每条规则。
const { ask, askSignedIn } = require('../../api/graphql');
const { CAMPAIGN, PROJECTS, CHOSEN, VOTES } = require('../../api/documents');
const campaign = require('../../api/campaign');
const { listed, marked } = require('../../api/candidates');
const { clockOf, ticking } = require('../../api/countdown');
const draft = require('../../api/draft');
const find = require('../../api/finding');
const { pictureOf } = require('../../api/pictures');
const rules = require('../../api/rules');
const session = require('../../api/session');
const sharing = require('../../api/sharing');

Page({
  data: {
    campaign: null, cover: null, campaigns: [], countdown: '', closed: '', search: '', filters: [], orders: find.ORDERS, order: 0,
    projects: [], total: 0, count: 0, lines: [], oneByOne: false, preview: false, problem: '',
  },
  clock: null,
  viewer: null, // 登录过的人，这一期的票
  stopClock: () => undefined,

  // 入口可以带上评选和条件，例如 pages/list/list?campaign=shanghai-2017&themes=ENVIRONMENT
  onLoad(query) {
    this.finding = find.found(sharing.opened(query));
    this.known = new Map(); // 见过的项目，数规则时用
    this.setData({ preview: sharing.isPreview() });
    return this.reload();
  },

  // 从选票页回来时，勾选可能变了，票也可能投出了
  onShow() {
    this.show(this.data.projects);
    this.tick();
    return this.data.oneByOne ? this.learnVotes() : undefined;
  },

  onHide() {
    this.stopClock();
  },

  onPullDownRefresh() {
    return this.reload().finally(() => wx.stopPullDownRefresh());
  },

  onReachBottom() {
    return this.more();
  },

  onShareAppMessage() {
    return sharing.message('pages/list/list', this.card());
  },

  onShareTimeline() {
    return sharing.timeline(this.card());
  },

  card() {
    const { campaign: about, cover } = this.data;
    return { title: about ? about.title : '公众评选', given: find.stated(this.finding), image: cover };
  },

  search({ detail }) {
    return this.narrow({ search: detail.value.trim() });
  },

  filter({ detail, currentTarget }) {
    const { key, choices } = this.data.filters.find((one) => one.key === currentTarget.dataset.key);
    return this.narrow({ [key]: choices[detail.value].code });
  },

  arrange({ detail }) {
    return this.narrow({ order: find.ORDERS[detail.value].code });
  },

  narrow(change) {
    this.finding = { ...this.finding, ...change };
    return this.reload();
  },

  pick({ detail }) {
    campaign.choose(this.data.campaigns[detail.value].slug);
    this.viewer = null;
    return this.narrow({ ...find.NOTHING, order: this.finding.order });
  },

  // 每次重新加载都有新的序号；旧的那次若晚到，就不再理会。
  reload() {
    this.load = (this.load || 0) + 1;
    this.cursor = null;
    this.loading = false;
    this.ended = false;
    this.setData({ projects: [], problem: '', search: this.finding.search, order: find.orderAt(this.finding.order) });
    return Promise.all([this.about(), this.more()]);
  },

  async about() {
    await this.fetch(CAMPAIGN, find.besides(this.finding), (answer) => this.meet(answer));
    const chosen = draft.ids().filter((id) => !this.known.has(id));
    if (chosen.length && this.data.lines.length) await this.fetch(CHOSEN, { ids: chosen }, ({ nodes }) => this.remember(nodes.filter(Boolean)));
    if (this.data.oneByOne) await this.learnVotes();
  },

  meet({ campaign: about, campaigns, facets }) {
    this.setData({
      campaign: about,
      cover: pictureOf(about && about.cover),
      campaigns: campaigns.nodes,
      filters: facets ? find.choicesOf(facets, this.finding) : [],
      oneByOne: Boolean(about && rules.votes(about, null)),
      closed: about ? rules.closed(about) : '',
      problem: about ? '' : `没有名为“${campaign.slug()}”的评选，请换一个。`,
    });
    this.clock = about && clockOf(about.serverTime);
    this.tick();
    this.show(this.data.projects);
  },

  tick() {
    this.stopClock();
    if (this.clock) this.stopClock = ticking(this.data.campaign, this.clock, (words) => this.setData({ countdown: words }), () => this.about());
  },

  // 一票一票地投时，登录过的人才知道还剩几票
  async learnVotes() {
    if (!session.token()) return;
    try {
      this.viewer = (await askSignedIn(VOTES, { slug: await campaign.current() })).viewer;
      this.show(this.data.projects);
    } catch (refusal) {
      this.setData({ problem: refusal.message });
    }
  },

  async more() {
    if (this.loading || this.ended) return;
    const { load } = this;
    this.loading = true;
    await this.fetch(PROJECTS, { after: this.cursor, ...find.listing(this.finding) }, ({ projects }) => {
      this.cursor = projects.pageInfo.endCursor;
      this.ended = !projects.pageInfo.hasNextPage;
      this.setData({ total: projects.totalCount });
      this.remember(projects.edges.map(({ node }) => node));
      this.show(this.data.projects.concat(projects.edges.map(listed)));
    });
    if (load === this.load) this.loading = false;
  },

  remember(projects) {
    for (const project of projects) this.known.set(project.id, project);
    this.show(this.data.projects);
  },

  // 规则不许的，勾不上，并说明为什么
  choose({ detail }) {
    for (const { id, chosen } of this.data.projects) {
      if (detail.value.includes(id) === chosen) continue;
      const reason = !chosen && this.data.campaign ? rules.full(this.data.campaign, this.chosen(), this.known.get(id)) : '';
      if (reason) wx.showToast({ title: reason, icon: 'none' });
      else draft.toggle(id);
    }
    this.show(this.data.projects);
  },

  vote({ currentTarget }) {
    draft.only(currentTarget.dataset.id);
    return this.toBallot();
  },

  toBallot() {
    wx.switchTab({ url: '/pages/ballot/ballot' });
  },

  open({ currentTarget }) {
    wx.navigateTo({ url: `/pages/project/project?campaign=${campaign.slug()}&number=${currentTarget.dataset.number}` });
  },

  chosen() {
    return draft.ids().map((id) => this.known.get(id)).filter(Boolean);
  },

  show(projects) {
    const about = this.data.campaign;
    const votes = about && rules.votes(about, this.viewer);
    const lines = !about ? [] : votes ? [votes.text] : rules.sums(about, this.chosen()).map(({ text }) => text);
    this.setData({ projects: marked(projects, about && about.currency, votes), count: draft.ids().length, lines });
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
