// 看着结果变化：graphql-transport-ws 协议，只用 wx.connectSocket。
const config = require('../config');
const session = require('./session');

const PROTOCOL = 'graphql-transport-ws';
const HOPELESS = [4400, 4406]; // 是我们写错了，再连也没用

// 有新结果时调用 show(data, errors)，断了自己再连。返回的函数让它停下。
module.exports = function watch(query, variables, show) {
  let socket = null;
  let stopped = false;
  let attempt = 0;

  function heard({ data }, say) {
    const message = JSON.parse(data);
    if (message.type === 'connection_ack') say({ type: 'subscribe', id: '1', payload: { query, variables } });
    if (message.type === 'ping') say({ type: 'pong' }); // 不回答就会被断开
    if (message.type === 'next') {
      attempt = 0;
      show(message.payload.data, message.payload.errors);
    }
    if (message.type === 'error') {
      stop();
      show(null, message.payload);
    }
  }

  function closed({ code }) {
    if (HOPELESS.includes(code)) return;
    if (code === 4403) session.forget(); // 会话结束了；结果不登录也能看
    attempt += 1;
    setTimeout(connect, Math.random() * Math.min(1000 * 2 ** attempt, 30000));
  }

  function connect() {
    if (stopped) return;
    const mine = wx.connectSocket({ url: config.endpoint.replace(/^http/, 'ws'), protocols: [PROTOCOL] });
    socket = mine;
    const say = (message) => mine.send({ data: JSON.stringify(message) });
    const token = session.token();
    const gone = (event) => mine === socket && ((socket = null), closed(event)); // 出错和关闭可能都来，只算一次
    mine.onOpen(() => say({ type: 'connection_init', payload: token ? { token } : {} }));
    mine.onMessage((event) => heard(event, say));
    mine.onClose(gone);
    mine.onError(gone);
  }

  function stop() {
    stopped = true;
    const open = socket;
    socket = null;
    if (open) open.close({ code: 1000 });
  }

  connect();
  return stop;
};
