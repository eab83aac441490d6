// 一个候选的全部：图片、介绍、票数和每天的变化；在这里也能选它。别人分享来的，常常直接打开这一页。
const { ask, askSignedIn } = require('../../api/graphql');
const { CANDIDATE, STANDING, VOTES } = require('../../api/documents');
const campaign = require('../../api/campaign');
const { described, marked } = require('../../api/candidates');
const draft = require('../../api/draft');
const { spoken, zone } = require('../../api/moments');
const { whole, wholeIn } = require('../../api/pictures');
const rules = require('../../api/rules');
const session = require('../../api/session');
const sharing = require('../../api/sharing');

const figureOf = ({ label, value, unit, year }) => `${label}：${value}${unit || ''}${year ? `（${year}年）` : ''}`;

const factsOf = ({ code, organization, district, themes, startYear, price }) => [
  code && `编号：${code}`,
  organization && `单位：${organization}`,
  district && `地区：${district.name}`,
  themes.length && `主题：${themes.map(({ name }) => name).join('、')}`,
  startYear && `始于：${startYear}年`,
  price && `费用：${price}`,
].filter(Boolean);

// 前一名或后一名，差几票
function neighbourOf(where, votes, result) {
  if (!result) return null;
  const gap = Math.abs(result.votes - votes);
  return { where, number: result.project.number, words: `${result.project.title}，${result.votes}票（${gap ? `差${gap}票` : '票数相同'}）` };
}

// 票数和名次，前后是谁，每天一行；条的长短按最多的一天
function standingOf({ rank, votes, share, tiedCount, asOf, byDay, ahead, behind }) {
  const most = Math.max(1, ...byDay.map((one) => one.votes));
  const days = byDay.map((one) => ({ ...one, percent: Math.round((one.votes / most) * 100) }));
  const place = tiedCount > 0 ? `并列第${rank}名（共${tiedCount + 1}个）` : `第${rank}名`;
  const neighbours = [neighbourOf('前一名', votes, ahead), neighbourOf('后一名', votes, behind)].filter(Boolean);
  return { place, votes, percent: Math.round(share * 100), asOf: `${spoken(asOf)}（${zone(asOf)}）`, days, neighbours };
}

Page({
  data: {
    campaign: null, project: null, facts: [], figures: [], pictures: [], html: '', standing: null, noStanding: '', closed: '', oneByOne: false,
    preview: false, problem: '',
  },
  number: 0,
  viewer: null,
  chosen: [],

  onLoad(query) {
    this.number = Number(sharing.opened(query).number);
    this.setData({ preview: sharing.isPreview() });
  },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh().finally(() => wx.stopPullDownRefresh());
  },

  onShareAppMessage() {
    return sharing.message('pages/project/project', this.card());
  },

  onShareTimeline() {
    return sharing.timeline(this.card());
  },

  card() {
    const { project, campaign: about } = this.data;
    const title = project ? `${project.number}号 ${project.title} · ${about.title}` : '公众评选';
    return { title, given: { number: this.number }, image: this.data.pictures[0] };
  },

  async refresh() {
    this.setData({ problem: '' });
    await Promise.all([this.attempt(() => this.findProject(), 'problem'), this.attempt(() => this.findStanding(), 'noStanding')]);
  },

  async findProject() {
    const slug = await campaign.current();
    const { campaign: about, project, nodes } = await ask(CANDIDATE, { slug, number: this.number, ids: draft.ids() });
    if (!project) throw new Error('没有找到这个候选。');
    this.chosen = nodes.filter(Boolean);
    this.viewer = rules.votes(about, null) && session.token() ? (await askSignedIn(VOTES, { slug })).viewer : null;
    this.setData({
      campaign: about,
      pictures: project.images.map(({ url, original, alternative }) => ({ url: whole(url), original: whole(original), words: alternative })),
      html: project.descriptionHtml ? wholeIn(project.descriptionHtml) : '',
      figures: project.figures.map(figureOf),
      closed: rules.closed(about),
      oneByOne: Boolean(rules.votes(about, null)),
    });
    this.show(described(project));
  },

  async findStanding() {
    const { project } = await ask(STANDING, { slug: await campaign.current(), number: this.number });
    this.setData({ standing: project && project.result && standingOf(project.result), noStanding: '' });
  },

  // 结果还不公开时，服务器说明何时公开：那不是故障，写在票数的位置
  async attempt(task, place) {
    try {
      await task();
    } catch (refusal) {
      this.setData({ [place]: refusal.message });
    }
  },

  show(project) {
    const { campaign: about } = this.data;
    const [shown] = marked([project], about.currency, rules.votes(about, this.viewer));
    this.setData({ project: shown, facts: factsOf(shown) });
  },

  choose() {
    const { project, campaign: about } = this.data;
    const reason = project.chosen ? '' : rules.full(about, this.chosen, project);
    if (reason) return wx.showToast({ title: reason, icon: 'none' });
    draft.toggle(project.id);
    this.chosen = project.chosen ? this.chosen.filter(({ id }) => id !== project.id) : this.chosen.concat(project);
    return this.show(project);
  },

  vote() {
    draft.only(this.data.project.id);
    wx.switchTab({ url: '/pages/ballot/ballot' });
  },

  // 一个接一个地看，不往页面栈里叠：小程序最多十层
  step({ currentTarget }) {
    wx.redirectTo({ url: `/pages/project/project?campaign=${this.data.campaign.slug}&number=${currentTarget.dataset.number}` });
  },

  look({ currentTarget }) {
    wx.previewImage({ urls: this.data.pictures.map(({ original }) => original), current: currentTarget.dataset.original });
  },

  // 小程序打不开别家的网页，所以复制网址
  copyLink({ currentTarget }) {
    wx.setClipboardData({ data: currentTarget.dataset.url });
  },
});
