// 一个候选怎样显示：名单和详情用同一份说法。
const draft = require('./draft');
const rules = require('./rules');
const { pictureOf } = require('./pictures');

const OUTCOMES = { FINALIST: '入围终审', WINNER: '获选', NOT_SELECTED: '未入选' };
const FALLEN = { WITHDRAWN: '已退出', DISQUALIFIED: '已取消资格' };

const described = (project) => ({
  ...project,
  image: pictureOf(project.images[0]),
  fallen: FALLEN[project.standing] ? `${FALLEN[project.standing]}：${project.standingReason || ''}` : '',
  result: project.award ? project.award.name : OUTCOMES[project.outcome] || '',
});

// 名单里的一行，以及搜索的词在其文字中的写法
const listed = ({ node, matches }) => ({ ...described(node), found: [...new Set([].concat(...matches.map(({ found }) => found)))].join('、') });

// 没有的不写：空值在页面上会显示成 null
function pricedAt({ code, organization, cost }, currency) {
  const price = cost === null ? '' : rules.money(cost, currency);
  return { price, line: [code, organization, price].filter(Boolean).join(' ') };
}

// 选了没有，一票一票投时还能投它几票；votes 见 rules.votes
function marked(projects, currency, votes) {
  const ids = draft.ids();
  return projects.map((project) => ({
    ...project,
    ...pricedAt(project, currency),
    chosen: ids.includes(project.id),
    left: votes ? votes.leftFor(project.id) : 0,
  }));
}

module.exports = { described, listed, marked };
