// 提醒：到时由服务器发一条微信订阅消息。微信每同意一次，只许发一条，所以每种都要点、都能取消。
const { askSignedIn } = require('./graphql');
const { REMINDERS, REQUEST_REMINDER, CANCEL_REMINDER } = require('./documents');
const { spoken, zone } = require('./moments');
const session = require('./session');

const KINDS = { VOTING_OPENS: '投票开始', BALLOT_AGAIN: '又可以投票', VOTING_CLOSES: '投票将结束' };

const wordsOf = (title, { kind, sendAt }) => `${title}：${KINDS[kind]}，${spoken(sendAt)}（${zone(sendAt)}）`;

// 已经约好的，和还可以约的
async function find() {
  const { viewer, campaigns } = await askSignedIn(REMINDERS, {});
  const asked = viewer.reminders.map((one) => ({ id: one.id, key: `${one.campaign.slug} ${one.kind}`, words: wordsOf(one.campaign.title, one) }));
  const offers = campaigns.nodes.flatMap(({ slug, title, reminderTemplates }) =>
    reminderTemplates.map((one) => ({ key: `${slug} ${one.kind}`, campaign: slug, kind: one.kind, template: one.templateId, words: wordsOf(title, one) })),
  );
  return { asked, offers: offers.filter(({ key }) => !asked.some((one) => one.key === key)) };
}

// 请微信询问。只能直接在点击之后调用，前面不能等别的。
function permitted(template) {
  return new Promise((resolve, reject) => {
    wx.requestSubscribeMessage({
      tmplIds: [template],
      success: (result) => resolve(result[template] === 'accept'),
      fail: ({ errMsg }) => reject(new Error(`微信没有询问成功：${errMsg}`)),
    });
  });
}

// 约一条；不成时得到一句话。登录的令牌里没有微信的编号，所以再给服务器一个新取的 code。
async function request(campaign, kind, template) {
  if (!(await permitted(template))) return '没有同意，就不提醒。';
  const given = async () => ({ input: { campaign, kind, code: await session.code() } });
  const { requestReminder } = await askSignedIn(REQUEST_REMINDER, given);
  return requestReminder.problems.map(({ message }) => message).join('');
}

const cancel = (id) => askSignedIn(CANCEL_REMINDER, { id });

module.exports = { find, request, cancel };
