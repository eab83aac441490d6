module.exports = {
  // 上线时换成已在小程序后台登记的域名，例如 https://vote.example.gov.cn/graphql
  endpoint: 'http://127.0.0.1:8000/graphql',
  // 演示服务器（make run）没有 AppSecret，先用访客身份；上线时留空，改用 wx.login。
  guest: '小程序访客',
  // 只做一个评选时写它的 slug，例如 shanghai-2017；留空就是正在进行的那个，同时有几个时可以换。
  campaign: '',
};
