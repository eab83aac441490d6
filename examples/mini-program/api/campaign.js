// 现在看的是哪个评选：入口或人选定的，config.js 里写的，否则是服务器上正在进行的那个。问到之后，每个问题都写明它，另一个评选中途开始也不会弄混。
const config = require('../config');
const { ask } = require('./graphql');
const { WHICH } = require('./documents');

let known = '';

const slug = () => known || config.campaign;
const choose = (chosen) => (known = chosen);

let asking = null; // 几处同时要知道时，只问一次

function learn() {
  const take = ({ campaign }) => campaign && !slug() && choose(campaign.slug);
  asking = asking || ask(WHICH, {}).then(take).finally(() => (asking = null));
  return asking;
}

// 还不知道时去问；一个评选也没有时，得到空。
async function current() {
  if (!slug()) await learn();
  return slug() || null;
}

module.exports = { slug, choose, current };
