// 候选名单：分页、搜索、按主题筛选、勾选；一边选，一边数每条规则。
const { ask, askSignedIn } = require('../../api/graphql');
const { CAMPAIGN, PROJECTS, CHOSEN, VOTES } = require('../../api/documents');
const campaign = require('../../api/campaign');
const config = require('../../config');
const draft = require('../../api/draft');
const rules = require('../../api/rules');
const session = require('../../api/session');

const EVERY = { code: '', name: '全部主题' };
const OUTCOMES = { FINALIST: '入围终审', WINNER: '获选', NOT_SELECTED: '未入选' };
const FALLEN = { WITHDRAWN: '已退出', DISQUALIFIED: '已取消资格' };

// 图片的地址是服务器上的路径
const pictureOf = ([first]) => first && { url: first.url.startsWith('/') ? config.endpoint.replace(/^(https?:\/\/[^/]+).*/, '$1') + first.url : first.url, words: first.alternative };

// 一个候选项目，以及搜索的词在其文字中的写法
const listed = ({ node, matches }) => ({
  ...node,
  image: pictureOf(node.images) || null,
  fallen: FALLEN[node.standing] ? `${FALLEN[node.standing]}：${node.standingReason || ''}` : '',
  result: node.award ? node.award.name : OUTCOMES[node.outcome] || '',
  found: [...new Set([].concat(...matches.map(({ found }) => found)))].join('、'),
});

Page({
  data: {
    campaign: null, campaigns: [], themes: [], theme: 0, projects: [], total: 0, count: 0, lines: [], oneByOne: false, closed: '', problem: '',
  },

  // 入口可以带上评选，例如 pages/list/list?campaign=shanghai-2017
  onLoad(query) {
    if (query.campaign) campaign.choose(query.campaign);
    this.keyword = '';
    this.known = new Map(); // 见过的项目，数规则时用
    this.viewer = null;
    return this.reload();
  },

  // 从选票页回来时，勾选可能变了，票也可能投出了
  onShow() {
    this.show(this.data.projects);
    return this.data.oneByOne ? this.learnVotes() : undefined;
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

  pickTheme({ detail }) {
    this.setData({ theme: Number(detail.value) });
    return this.reload();
  },

  pick({ detail }) {
    campaign.choose(this.data.campaigns[detail.value].slug);
    this.setData({ theme: 0 });
    this.viewer = null;
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

  async about() {
    await this.fetch(CAMPAIGN, {}, (answer) => this.meet(answer));
    const chosen = draft.ids().filter((id) => !this.known.has(id));
    if (chosen.length && this.data.lines.length) await this.fetch(CHOSEN, { ids: chosen }, ({ nodes }) => this.remember(nodes.filter(Boolean)));
    if (this.data.oneByOne) await this.learnVotes();
  },

  meet({ campaign: about, campaigns }) {
    const problem = about ? '' : `没有名为“${campaign.slug()}”的评选，请换一个。`;
    const themes = about && about.themes.length > 1 ? [EVERY].concat(about.themes) : [];
    const oneByOne = Boolean(about && rules.votes(about, null));
    this.setData({ campaign: about, campaigns: campaigns.nodes, themes, oneByOne, closed: about ? rules.closed(about) : '', problem });
    this.show(this.data.projects);
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
    const theme = this.data.theme ? { themes: [this.data.themes[this.data.theme].code] } : {};
    const filter = this.keyword || this.data.theme ? { ...(this.keyword ? { search: this.keyword } : {}), ...theme } : null;
    await this.fetch(PROJECTS, { after: this.cursor, filter }, ({ projects }) => {
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
    this.toBallot();
  },

  toBallot() {
    wx.switchTab({ url: '/pages/ballot/ballot' });
  },

  chosen() {
    return draft.ids().map((id) => this.known.get(id)).filter(Boolean);
  },

  show(projects) {
    const ids = draft.ids();
    const about = this.data.campaign;
    const votes = about && rules.votes(about, this.viewer);
    const lines = !about ? [] : votes ? [votes.text] : rules.sums(about, this.chosen()).map(({ text }) => text);
    this.setData({
      projects: projects.map((project) => ({
        ...project,
        price: project.cost === null ? '' : rules.money(project.cost, about && about.currency),
        chosen: ids.includes(project.id),
        left: votes ? votes.leftFor(project.id) : 0,
      })),
      count: ids.length,
      lines,
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
