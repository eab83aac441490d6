// What of WeChat a mini-program under test meets: `wx`, `App` and `Page`, over real HTTP and real WebSockets.
// The environment names the ENDPOINT, the CODES that wx.login hands out, the STORAGE, a file that outlives the app, and the CAMPAIGN,
// which is empty where the server is to say which one it is.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const PROGRAM = path.resolve(__dirname, '../../../examples/mini-program');
const { ENDPOINT, CODES, STORAGE, CAMPAIGN = 'shanghai-2017', LIBRARIES } = process.env;
const TABS = JSON.parse(fs.readFileSync(`${PROGRAM}/app.json`)).tabBar.list.map(({ pagePath }) => pagePath);

// What WeChat's tools build of the packages that the program names; LIBRARIES=none: nobody has built them.
const VENDOR = path.resolve(__dirname, '../../../api/pages/static/vendor');
const BUILT = { tweetnacl: `${VENDOR}/tweetnacl/nacl-fast.min.js`, 'fast-sha256': `${VENDOR}/fast-sha256/sha256.min.js` };
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => resolve((LIBRARIES !== 'none' && BUILT[name]) || name, ...rest);

const storage = STORAGE && fs.existsSync(STORAGE) ? JSON.parse(fs.readFileSync(STORAGE)) : {};
const world = {
  codes: JSON.parse(CODES || '[]'),
  logins: 0,
  requests: 0,
  sockets: [],
  sent: [], // every body, as it was sent
  said: [],
  weak: [], // what befalls the next requests: 'lost' never arrives, 'unanswered' arrives, and its answer does not;
  //           the answer to a 'late' one waits until it is let through; an object is the answer to one that never arrives
  late: [], // call each to let an answer through
  scene: 1001, // how it was opened: 1154 is the single page that a friend's post leads to
  networkChanged: new Set(),
  consent: 'accept', // what a person answers when WeChat asks whether a message may come
};
const pending = new Set();
const pages = new Map();
let stack = [];

function keep() {
  if (STORAGE) fs.writeFileSync(STORAGE, JSON.stringify(storage));
}

function follow(value) {
  const promise = Promise.resolve(value).finally(() => pending.delete(promise));
  pending.add(promise);
  return promise;
}

// Until nothing that a page began is under way.
async function settled() {
  while (pending.size) await Promise.all(pending);
}

async function until(holds) {
  for (const began = Date.now(); !holds(); ) {
    if (Date.now() - began > 60000) throw new Error(`never so: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function request({ url, method = 'GET', data, header = {}, timeout, success, fail }) {
  world.requests += 1;
  world.sent.push(data);
  const fate = world.weak.shift();
  if (typeof fate === 'object') return success({ statusCode: 200, data: fate, header: {} });
  try {
    if (fate === 'lost') throw new Error('request:fail timeout');
    const sent = { method, headers: { 'Content-Type': 'application/json', ...header }, body: JSON.stringify(data) };
    const response = await fetch(url, { ...sent, signal: AbortSignal.timeout(timeout || 60000) });
    const text = await response.text();
    if (fate === 'unanswered') throw new Error('request:fail interrupted');
    if (fate === 'late') await new Promise((pass) => world.late.push(pass));
    let body = text;
    try {
      body = JSON.parse(text);
    } catch {} // as WeChat does: what is no JSON stays text
    success({ statusCode: response.status, data: body, header: Object.fromEntries(response.headers) });
  } catch ({ message }) {
    fail({ errMsg: message });
  }
}

function connectSocket({ url, protocols }) {
  const socket = new WebSocket(url, protocols);
  world.sockets.push(socket);
  return {
    send: ({ data }) => socket.send(data),
    close: ({ code }) => socket.close(code),
    onOpen: (call) => socket.addEventListener('open', () => call({})),
    onMessage: (call) => socket.addEventListener('message', ({ data }) => call({ data })),
    onClose: (call) => socket.addEventListener('close', ({ code, reason }) => call({ code, reason })),
    onError: (call) => socket.addEventListener('error', () => call({ errMsg: 'connectSocket:fail' })),
  };
}

function login({ success, fail }) {
  world.logins += 1;
  const code = world.codes.shift();
  setTimeout(() => (code ? success({ code }) : fail({ errMsg: 'login:fail' })), 1);
}

function pageAt(route) {
  if (!pages.has(route)) {
    global.Page = (definition) => pages.set(route, definition);
    require(path.join(PROGRAM, route));
  }
  const definition = pages.get(route);
  const page = { ...definition, route, data: structuredClone(definition.data) };
  page.setData = (changes) => {
    for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(changes)))) assign(page.data, name, value);
  };
  return page;
}

// `setData` takes paths as well: places[3].votes
function assign(data, name, value) {
  const steps = name.match(/\w+/g);
  const last = steps.pop();
  steps.reduce((inner, step) => inner[step], data)[last] = value;
}

function call(page, event, ...given) {
  return page[event] ? follow(page[event](...given)) : undefined;
}

function show(page, query) {
  stack.push(page);
  if (query) call(page, 'onLoad', query);
  call(page, 'onShow');
  return page;
}

function parsed(url) {
  const [route, query = ''] = url.replace(/^\//, '').split('?');
  return [route, Object.fromEntries(query.split('&').filter(Boolean).map((pair) => pair.split('=')))];
}

const tabs = new Map();

// Tabs stay, and pages above them are gone.
function leave() {
  for (const page of stack) call(page, TABS.includes(page.route) ? 'onHide' : 'onUnload');
  stack = [];
}

function switchTab({ url }) {
  const [route] = parsed(url);
  if (!TABS.includes(route)) throw new Error(`${route} is no tab`);
  leave();
  const known = tabs.get(route);
  const page = known || pageAt(route);
  tabs.set(route, page);
  return show(page, known ? null : {});
}

function navigateTo({ url }) {
  const [route, query] = parsed(url);
  if (TABS.includes(route)) throw new Error(`${route} is a tab`);
  return show(pageAt(route), query);
}

function redirectTo({ url }) {
  const gone = stack.pop();
  call(gone, 'onUnload');
  return navigateTo({ url });
}

// As from a friend's card or a code: WeChat starts the program, or starts it anew, on that page.
function opened(url) {
  const [route, query] = parsed(url);
  leave();
  const page = pageAt(route);
  if (TABS.includes(route)) tabs.set(route, page);
  return show(page, query);
}

global.App = () => {};
global.wx = {
  request: (options) => void request(options),
  connectSocket,
  login,
  getStorageSync: (key) => structuredClone(storage[key] ?? ''),
  setStorageSync: (key, value) => ((storage[key] = structuredClone(value)), keep()),
  removeStorageSync: (key) => (delete storage[key], keep()),
  showToast: ({ title }) => world.said.push(title),
  setClipboardData: ({ data }) => world.said.push(data),
  requestSubscribeMessage: ({ tmplIds, success }) => success({ [tmplIds[0]]: world.consent, errMsg: 'requestSubscribeMessage:ok' }),
  previewImage: ({ current }) => world.said.push(current),
  getLaunchOptionsSync: () => ({ scene: world.scene }),
  onNetworkStatusChange: (call) => world.networkChanged.add(call),
  offNetworkStatusChange: (call) => world.networkChanged.delete(call),
  stopPullDownRefresh: () => world.said.push('refreshed'),
  switchTab,
  navigateTo,
  redirectTo,
};

if (ENDPOINT) Object.assign(require(`${PROGRAM}/config.js`), { endpoint: ENDPOINT, guest: CODES ? '' : '测试访客', campaign: CAMPAIGN });
require(`${PROGRAM}/app.js`);

module.exports = {
  PROGRAM,
  world,
  settled,
  until,
  pageAt,
  opened,
  tab: (name) => switchTab({ url: `/pages/${name}/${name}` }),
  top: () => stack[stack.length - 1],
  // What a person does: the handler that the markup names, with WeChat's event.
  tap: async (page, handler, detail = {}, dataset = {}) => {
    await follow(page[handler]({ detail, currentTarget: { dataset } }));
    await settled();
  },
};
