// 规则是数据：能一边选一边数的，在这里数；不认识的规则，照 description 显示。最后由服务器的 checkBallot 说了算。
const ofType = (campaign, type) => campaign.rules.filter((rule) => rule.__typename === type);
const only = (campaign, type) => ofType(campaign, type)[0] || null;

const LEVELS = [
  { code: 'MUNICIPAL', name: '市级' },
  { code: 'DISTRICT', name: '区级' },
  { code: 'UNSTATED', name: '未注明级别' },
];

// 一个项目属于哪些组：主题、地区或级别
const GROUPS = {
  THEME: { named: ({ themes }) => themes, of: ({ themes }) => themes.map(({ code }) => code) },
  DISTRICT: { named: ({ districts }) => districts, of: ({ district }) => (district ? [district.code] : []) },
  LEVEL: { named: () => LEVELS, of: ({ level }) => [level] },
};

function groupSums(campaign, { groupBy, group, least, most }, chosen) {
  const { named, of } = GROUPS[groupBy];
  const wanted = named(campaign).filter(({ code }) => group === null || code === group);
  return wanted.map(({ code, name }) => {
    const count = chosen.filter((project) => of(project).includes(code)).length;
    const bounds = [least !== null && `至少${least}个`, most !== null && `最多${most}个`].filter(Boolean).join('，');
    const over = most !== null && count > most;
    return { text: `“${name}”已选${count}个，${bounds}`, over, full: `“${name}”最多选${most}个。` };
  });
}

// 金额是文字，按分相加，免得出零头
const cents = (amount) => Math.round(Number(amount || 0) * 100);
const money = (sum, currency) => `${(sum / 100).toFixed(sum % 100 ? 2 : 0)} ${currency || ''}`.trim();

function budgetSum({ currency }, { budget }, chosen) {
  const left = cents(budget) - chosen.reduce((sum, { cost }) => sum + cents(cost), 0);
  const whole = money(cents(budget), currency);
  const text = left < 0 ? `超出预算${money(-left, currency)}，共${whole}` : `预算还剩${money(left, currency)}，共${whole}`;
  return { text, over: left < 0, full: `超出预算，共${whole}。` };
}

// 逐条计数的规则，每条一行
function sums(campaign, chosen) {
  const groups = ofType(campaign, 'GroupChoiceRule').flatMap((rule) => groupSums(campaign, rule, chosen));
  const budget = only(campaign, 'BudgetRule');
  return budget ? groups.concat(budgetSum(campaign, budget, chosen)) : groups;
}

// 为什么不能再选这一个；可以选时为空
function full(campaign, chosen, project) {
  const { maximum } = only(campaign, 'ChoiceCountRule') || {};
  if (chosen.length >= maximum) return `一张选票最多选${maximum}个。`;
  const before = sums(campaign, chosen);
  const found = sums(campaign, chosen.concat(project)).find(({ over }, at) => over && !before[at].over);
  return found ? found.full : '';
}

// 一票一票地投：这一期已投给谁几票，还剩几票。serverTime 带着当地时差，照字面取就是当地的日子和钟点。
function votes(campaign, viewer) {
  const rule = only(campaign, 'VoteQuotaRule');
  if (!rule) return null;
  const now = campaign.serverTime;
  const inPeriod = {
    DAY: ({ day }) => day === now.slice(0, 10),
    HOUR: ({ castAt }) => castAt.slice(0, 13) === now.slice(0, 13),
  }[rule.period];
  const cast = (viewer ? viewer.ballots : []).filter(inPeriod || (() => true));
  const left = viewer ? viewer.allowance.remaining : rule.limit;
  const given = (id) => cast.filter(({ projects }) => projects.some((project) => project.id === id)).length;
  return { text: `还剩${left}票，共${rule.limit}票`, leftFor: (id) => Math.max(0, Math.min(left, rule.perProject - given(id))) };
}

const PHASES = { UPCOMING: '投票还没有开始。', CLOSED: '投票已经结束。', ANNOUNCED: '结果公示中，见“进程与结果”。', PUBLISHED: '结果已经公布。', ARCHIVED: '这次评选已经归档。' };

// 现在为什么不能投；能投时为空
function closed(campaign) {
  const { phase, pauses, serverTime } = campaign;
  if (phase === 'PAUSED') return `投票已暂停：${pauses.length ? pauses[pauses.length - 1].reason : '请稍后再来。'}`;
  if (phase in PHASES) return PHASES[phase];
  const hours = only(campaign, 'VotingHoursRule');
  if (!hours) return '';
  const [from, until, now] = [hours.from, hours.until, serverTime.slice(11, 16)];
  const open = from < until ? from <= now && now < until : from <= now || now < until;
  return open ? '' : `每天${from}至${until}可投，现在不在投票时段。`;
}

module.exports = { sums, full, votes, closed, money: (cost, currency) => money(cents(cost), currency) };
