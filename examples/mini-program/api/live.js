// 看着结果变化：graphql-transport-ws 协议，只用 wx.connectSocket。断了自己再连，并告诉页面。
const config = require('../config');
const session = require('./session');

const PROTOCOL = 'graphql-transport-ws';
const HOPELESS = [4400, 4406]; // 是我们写错了，再连也没用
const SILENCE = 50000; // 毫秒。没有变化时服务器每20秒也问候一次；这么久什么也听不到，连接就是断了，只是手机还不知道

// 有新结果时调用 show(data, errors)；连上了、断开了，调用 tell(isLive)。返回的函数让它停下。
module.exports = function watch(query, variables, show, tell) {
  let socket = null;
  let stopped = false;
  let isLive = false;
  let attempt = 0;
  let timer = null; // 连着时等下一句话，断着时等下一次连接

  function heard({ data }, say) {
    wait(SILENCE, lost);
    const message = JSON.parse(data);
    if (message.type === 'connection_ack') say({ type: 'subscribe', id: '1', payload: { query, variables } });
    if (message.type === 'ping') say({ type: 'pong' }); // 不回答就会被断开
    if (message.type === 'next') {
      attempt = 0;
      if (!isLive) tell((isLive = true));
      show(message.payload.data, message.payload.errors);
    }
    if (message.type === 'error') {
      stop();
      show(null, message.payload);
    }
  }

  function wait(milliseconds, then) {
    clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  }

  function lost() {
    const silent = socket;
    socket = null;
    silent.close({ code: 1000 });
    closed({ code: 1006 });
  }

  function closed({ code }) {
    clearTimeout(timer);
    tell((isLive = false));
    if (HOPELESS.includes(code)) return;
    if (code === 4403) session.forget(); // 会话结束了；结果不登录也能看
    attempt += 1;
    wait(Math.random() * Math.min(1000 * 2 ** attempt, 30000), connect);
  }

  function connect() {
    const mine = wx.connectSocket({ url: config.endpoint.replace(/^http/, 'ws'), protocols: [PROTOCOL] });
    socket = mine;
    wait(SILENCE, lost);
    const say = (message) => mine.send({ data: JSON.stringify(message) });
    const token = session.token();
    const gone = (event) => mine === socket && ((socket = null), closed(event)); // 出错和关闭可能都来，只算一次
    mine.onOpen(() => say({ type: 'connection_init', payload: token ? { token } : {} }));
    mine.onMessage((event) => mine === socket && heard(event, say));
    mine.onClose(gone);
    mine.onError(gone);
  }

  // 网络回来了，不必等到下一次
  const networkChanged = (/** @type {any} */ { isConnected }) => isConnected && !socket && !stopped && connect();

  function stop() {
    stopped = true;
    clearTimeout(timer);
    wx.offNetworkStatusChange(networkChanged);
    const open = socket;
    socket = null;
    if (open) open.close({ code: 1000 });
  }

  wx.onNetworkStatusChange(networkChanged);
  connect();
  return stop;
};
