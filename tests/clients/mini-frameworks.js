// Compiles the Taro and uni-app examples as Vue's compiler does, over stand-ins for what the two take from the platform, lets others vote,
// and prints what each then shows. node --experimental-websocket --conditions=browser mini-frameworks.js URL
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Window } from 'happy-dom';
import { compileScript, parse } from 'vue/compiler-sfc';

const [url] = process.argv.slice(2);
const made = new URL('generated/mini-frameworks/', import.meta.url);
const handlers = { show: [], hide: [], share: [] };
globalThis.platform = { handlers, connect };

function connect({ url: address, protocols }) {
  const socket = new WebSocket(address, protocols);
  platform.socket = socket;
  return {
    send: ({ data }) => socket.send(data),
    close: ({ code }) => socket.close(code),
    onOpen: (call) => socket.addEventListener('open', () => call({})),
    onMessage: (call) => socket.addEventListener('message', ({ data }) => call({ data })),
    onClose: (call) => socket.addEventListener('close', ({ code, reason }) => call({ code, reason })),
  };
}

const HOOKS = {
  taro: `export default { connectSocket: async (given) => platform.connect(given) };
const keep = (name) => (call) => platform.handlers[name].push(call);
export const useDidShow = keep('show'), useDidHide = keep('hide'), useShareAppMessage = keep('share');`,
  'uni-app': `globalThis.uni = { connectSocket: ({ complete, ...given }) => (complete ? platform.connect(given) : Promise.resolve([null])) };
const keep = (name) => (call) => platform.handlers[name].push(call);
export const onShow = keep('show'), onHide = keep('hide'), onShareAppMessage = keep('share');`,
};

const window = new Window();
for (const name of Object.getOwnPropertyNames(window)) if (!(name in globalThis)) globalThis[name] = window[name];
Object.assign(globalThis, { window, document: window.document });
const { createApp } = await import('vue');

async function open(framework) {
  const source = readFileSync(new URL(`../../examples/${framework}/Ranking.vue`, import.meta.url), 'utf8');
  const { descriptor, errors } = parse(source, { filename: 'Ranking.vue' });
  if (errors.length) throw errors[0];
  const compilerOptions = { isCustomElement: (tag) => tag === 'view' };
  const { content } = compileScript(descriptor, { id: framework, inlineTemplate: true, templateOptions: { compilerOptions } });
  const packages = /'@tarojs\/taro'|'@dcloudio\/uni-app'/;
  mkdirSync(new URL(`${framework}/`, made), { recursive: true });
  writeFileSync(new URL(`${framework}/hooks.js`, made), HOOKS[framework]);
  writeFileSync(new URL(`${framework}/Ranking.js`, made), content.replace(packages, "'./hooks.js'").replace(/wss:\/\/[^']+/, url.replace(/^http/, 'ws')));
  const element = document.body.appendChild(document.createElement('main'));
  createApp((await import(new URL(`${framework}/Ranking.js`, made))).default).mount(element);
  const taken = Object.fromEntries(Object.entries(handlers).map(([name, calls]) => [name, calls.pop()]));
  await taken.show();
  return { ...taken, socket: platform.socket, rows: () => [...element.querySelectorAll('.place')].map(({ textContent }) => textContent) };
}

async function until(holds) {
  for (const began = Date.now(); !holds(); await new Promise((done) => setTimeout(done, 20))) {
    if (Date.now() - began > 30000) throw new Error(`never so: ${holds}`);
  }
}

async function ask(query, variables, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return (await response.json()).data;
}

const pages = [await open('taro'), await open('uni-app')];
for (const { rows } of pages) await until(() => rows().length === 10);
const before = pages.map(({ rows }) => rows()[0].split(' ').at(-2));
const { signIn } = await ask('mutation { signIn(with: { guest: { name: "framework" } }) { token } }', {}, '');
const projectIds = [...Array(10).keys()].map((index) => `project/shanghai-2017/${index + 11}`);
await ask('mutation($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } } }', { input: { projectIds, idempotencyKey: 'frameworks-1' } }, signIn.token);
for (const { rows } of pages) await until(() => rows().length === 10 && rows().every((row) => row.endsWith(' 1 票')));
for (const { hide } of pages) hide();
for (const { socket } of pages) await until(() => socket.readyState === 3);
console.log(JSON.stringify({ before, shared: pages.map(({ share }) => share().path) }));
process.exit();
