// 我的：各个评选还能投几次、下次何时，投过的选票，要不要提醒，退出登录。登录只在点了以后发生。
const { askSignedIn } = require('../../api/graphql');
const { MINE, SIGN_OUT } = require('../../api/documents');
const { spoken, zone } = require('../../api/moments');
const reminders = require('../../api/reminders');
const session = require('../../api/session');

const ROLES = { EXPERT: '专家评委', ORGANIZER: '主办人员', AUDITOR: '审计人员' };
const STATUSES = { COUNTED: '', HELD: '正在核查，暂不计入', VOIDED: '已作废' };
const OPEN = ['UPCOMING', 'VOTING', 'PAUSED'];

const at = (moment) => `${spoken(moment)}（${zone(moment)}）`;

// 一个评选还剩什么
function remainsOf({ slug, title, allowance }) {
  const { canCast, remaining, limit, nextAllowedAt } = allowance;
  const next = nextAllowedAt ? `下次可投：${at(nextAllowedAt)}` : '现在不能投';
  return { slug, title, words: canCast ? `还可投${remaining}次，共${limit}次` : next };
}

const castOf = ({ id, day, campaign, projects, status, statusReason }) => ({
  id,
  day,
  title: campaign.title,
  choices: projects.map(({ number, title }) => `${number}. ${title}`).join('；') || '所选内容不再保存',
  status: [STATUSES[status], statusReason].filter(Boolean).join('：'),
});

Page({
  data: { isSignedIn: false, id: '', roles: '', remains: [], ballots: [], total: 0, offers: [], asked: [], problem: '' },
  cursor: null,
  visit: null,

  // 没有登录过的，不因为打开这一页而登录
  onShow() {
    return session.token() ? this.refresh() : this.setData({ isSignedIn: false });
  },

  onPullDownRefresh() {
    return Promise.resolve(this.onShow()).finally(() => wx.stopPullDownRefresh());
  },

  refresh() {
    this.cursor = null;
    return this.attempt(() => Promise.all([this.load([]), this.findReminders()]));
  },

  // 接着列更早的选票
  onReachBottom() {
    return this.cursor ? this.attempt(() => this.load(this.data.ballots)) : undefined;
  },

  async load(before) {
    const visit = {};
    this.visit = visit; // 旧的那次若晚到，就不再理会
    const { viewer, campaigns } = await askSignedIn(MINE, { after: this.cursor });
    if (visit !== this.visit) return;
    const { nodes, totalCount, pageInfo } = viewer.history;
    this.cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    this.setData({
      isSignedIn: true,
      id: viewer.id,
      roles: viewer.roles.map((role) => ROLES[role]).filter(Boolean).join('、'),
      remains: campaigns.nodes.filter(({ phase, allowance }) => OPEN.includes(phase) && allowance).map(remainsOf),
      ballots: before.concat(nodes.map(castOf)),
      total: totalCount,
    });
  },

  async findReminders() {
    this.setData(await reminders.find());
  },

  // 微信只在点击时询问，同意一次发一条
  remind({ currentTarget }) {
    const { campaign, kind, template } = currentTarget.dataset;
    return this.attempt(async () => {
      const problem = await reminders.request(campaign, kind, template);
      if (problem) wx.showToast({ title: problem, icon: 'none' });
      await this.findReminders();
    });
  },

  forget({ currentTarget }) {
    return this.attempt(async () => {
      await reminders.cancel(currentTarget.dataset.id);
      await this.findReminders();
    });
  },

  open({ currentTarget }) {
    wx.navigateTo({ url: `/pages/receipt/receipt?id=${encodeURIComponent(currentTarget.dataset.id)}` });
  },

  copy() {
    wx.setClipboardData({ data: this.data.id });
  },

  // 所有设备上的会话都结束；草稿和凭条仍在这台手机上
  signOut() {
    return this.attempt(async () => {
      await askSignedIn(SIGN_OUT, {});
      session.forget();
      this.visit = null;
      this.setData({ isSignedIn: false, id: '', roles: '', remains: [], ballots: [], total: 0, offers: [], asked: [] });
    });
  },

  async attempt(task) {
    this.setData({ problem: '' });
    try {
      await task();
    } catch (refusal) {
      this.setData({ problem: refusal.message });
    }
  },
});
