// 找候选：搜什么、只看哪些、按什么次序。这些都能写进链接，打开的人看到同样的名单。
const NOTHING = { search: '', themes: '', districts: '', levels: '', order: '' };
const FILTERS = { themes: '全部主题', districts: '全部地区', levels: '全部级别' };
const KEYS = Object.keys(FILTERS);
const ORDERS = [
  { code: '', name: '评选规定的次序' },
  { code: 'NUMBER', name: '按编号' },
  { code: 'TITLE', name: '按名称' },
  { code: 'SHUFFLED', name: '随机，每天不同' },
];

// 交给服务器的条件。除去 except 一项，数出来的就是“改选别的会有几个”。
function filterOf(finding, except) {
  const filter = finding.search ? { search: finding.search } : {};
  for (const key of KEYS) if (finding[key] && key !== except) filter[key] = [finding[key]];
  return filter;
}

const besides = (finding) => ({
  themes: filterOf(finding, 'themes'),
  districts: filterOf(finding, 'districts'),
  levels: filterOf(finding, 'levels'),
});

const listing = (finding) => ({ filter: filterOf(finding, ''), orderBy: finding.order ? { field: finding.order } : null });

// 每一项有哪些可选，各有几个候选；只有一种的不必选
function choicesOf(facets, finding) {
  const filters = KEYS.map((key) => {
    const values = facets[key][key].filter(({ value, count }) => count > 0 || value === finding[key]);
    const named = values.map(({ value, name, count }) => ({ code: value, name: `${name}（${count}）` }));
    const choices = [{ code: '', name: FILTERS[key] }].concat(named);
    return { key, choices, at: choices.findIndex(({ code }) => code === finding[key]) };
  });
  return filters.filter(({ key, choices }) => choices.length > 2 || finding[key]);
}

// 链接里写着的；没写的就是没有条件
function found(query) {
  const given = { ...NOTHING };
  for (const key of Object.keys(NOTHING)) if (query[key]) given[key] = query[key];
  return given;
}

const orderAt = (order) => Math.max(0, ORDERS.findIndex(({ code }) => code === order));
const stated = (finding) => Object.keys(NOTHING).reduce((all, key) => (finding[key] ? { ...all, [key]: finding[key] } : all), {});

module.exports = { NOTHING, ORDERS, orderAt, besides, listing, choicesOf, found, stated };
