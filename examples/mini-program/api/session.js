// 登录：用 wx.login 的 code 换令牌，存在本机。令牌失效时由 graphql.js 悄悄再来一次。
const config = require('../config');

const KEY = 'token';

function code() {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('微信登录没有成功，请再试一次。'));
    wx.login({ success: (result) => resolve(result.code), fail });
  });
}

// code 五分钟内有效，只能用一次，所以每次登录都重新取。
async function credential() {
  if (config.guest) return { guest: { name: config.guest } };
  return { wechatMiniProgram: { code: await code() } };
}

module.exports = {
  code,
  credential,
  token: () => wx.getStorageSync(KEY) || '',
  keep: (token) => wx.setStorageSync(KEY, token),
  forget: () => wx.removeStorageSync(KEY),
};
