// 进程与结果：分几个阶段、怎么评、谁入选，公示期间怎样提出异议。词句都来自数据。
const { ask } = require('../../api/graphql');
const { COURSE, OUTCOME } = require('../../api/documents');
const campaign = require('../../api/campaign');
const { spoken, zone } = require('../../api/moments');
const sharing = require('../../api/sharing');

const WORDS = { DECIDED: '已有结果', OPEN: '进行中', PENDING: '待进行' };
const STATES = { PROVISIONAL: '暂定，尚未公布', ANNOUNCED: '结果公示中', FINAL: '最终结果' };

const named = ({ number, title }) => `${number}号 ${title}`;
const at = (moment) => `${spoken(moment)}（${zone(moment)}）`;

const stageOf = ({ name, seats, status, description, inputs, ties }) => ({
  name,
  seats,
  status,
  word: WORDS[status],
  words: [description, ...inputs.map((input) => input.description), ties.steps.length ? ties.description : ''].filter(Boolean),
});

// 一条标准：权重、分值，各分数是什么意思；没有专家评审时只有名称
function criterionOf({ name, weight, minimum, maximum, counted, anchors = [] }) {
  const scale = [counted === false ? '不计入总分' : weight && `权重${weight}`, maximum && `${minimum}至${maximum}分`];
  return { name, scale: scale.filter(Boolean).join('，'), anchors };
}

// 入选的按奖项分组，空缺的写明；没有奖项时只有一组
function groupsOf({ rows }, awards) {
  const selected = rows.filter((row) => row.selected);
  const of = (code) => selected.filter(({ award }) => (award ? award.code : null) === code).map(({ project, score }) => ({ ...project, score }));
  const given = selected.some(({ award }) => award) ? awards : [];
  const groups = given.map(({ code, name, seats }) => ({ name, projects: of(code), vacant: seats - of(code).length }));
  return of(null).length ? groups.concat({ name: given.length ? '入选' : '', projects: of(null), vacant: 0 }) : groups;
}

function changed({ project, wasSelected, isSelected, wasRank, isRank }) {
  const selection = wasSelected === isSelected ? '' : `改为${isSelected ? '入选' : '未入选'}`;
  const rank = wasRank === isRank ? '' : `名次${wasRank || '无'}→${isRank || '无'}`;
  return [named(project), selection, rank].filter(Boolean).join('，');
}

function decidedOf({ code, name, selection }, awards) {
  const { digest, seats, decisionReason, rows, ties, annexes } = selection;
  return {
    code,
    name,
    digest,
    seats,
    reason: decisionReason || '',
    selected: rows.filter((row) => row.selected).length,
    groups: groupsOf(selection, awards),
    ties: ties.map(({ projects, explanation }) => `${projects.map(named).join('、')}。${explanation}`),
    corrections: annexes.map((annex) => [`${at(annex.at)} ${annex.reason}`, ...annex.changes.map(changed)].join('；')),
  };
}

// 公示期到什么时候，怎样提出异议；已经确认的，不必再说
function heardIn(publication, now, organizer) {
  if (!publication || publication.state !== 'ANNOUNCED') return '';
  const until = publication.objectionsUntil;
  if (Date.parse(now) >= Date.parse(until)) return `公示期已于${at(until)}结束，结果待确认。`;
  return `公示期至${at(until)}。如有异议，请在此之前向${organizer}提出，写明对象和理由。`;
}

const objectionOf = ({ text, at: when, answer, project }) => ({
  text,
  about: [at(when), project && `关于${named(project)}`].filter(Boolean).join('，'),
  answer: answer ? `答复：${answer}` : '尚未答复。',
});

Page({
  data: { title: '', stages: [], criteria: [], aggregation: '', decided: [], state: '', heard: '', objections: [], problem: '' },
  visit: null,

  onLoad(query) {
    sharing.opened(query);
  },

  onShow() {
    return this.refresh();
  },

  onPullDownRefresh() {
    return this.refresh().finally(() => wx.stopPullDownRefresh());
  },

  onShareAppMessage() {
    return sharing.message('pages/outcome/outcome', this.card());
  },

  onShareTimeline() {
    return sharing.timeline(this.card());
  },

  card() {
    return { title: `${this.data.title} · ${this.data.state || '进程与结果'}`, given: {}, image: null };
  },

  async refresh() {
    const visit = {};
    this.visit = visit; // 旧的那次若晚到，就不再理会
    try {
      const slug = await campaign.current();
      if (!slug) throw new Error('现在没有评选。');
      const [course, outcome] = await Promise.all([ask(COURSE, { slug }), ask(OUTCOME, { slug })]);
      if (visit === this.visit) this.show(course.campaign, outcome.campaign);
    } catch (refusal) {
      if (visit === this.visit) this.setData({ problem: refusal.message });
    }
  },

  show({ title, organizer, stages, criteria, panel }, { serverTime, awards, publication, stages: outcomes }) {
    const known = panel && panel.rubric.length ? panel.rubric : criteria;
    const announced = outcomes.filter(({ selection }) => selection).reverse();
    this.setData({
      title,
      problem: '',
      stages: stages.map(stageOf),
      criteria: known.map(criterionOf),
      aggregation: panel ? panel.aggregation.description : '',
      decided: announced.map((stage) => decidedOf(stage, awards)),
      state: publication ? STATES[publication.state] : '',
      heard: heardIn(publication, serverTime, organizer),
      objections: [].concat(...announced.map(({ selection }) => selection.objections.map(objectionOf))),
    });
  },

  copy({ currentTarget }) {
    wx.setClipboardData({ data: currentTarget.dataset.digest });
  },
});
