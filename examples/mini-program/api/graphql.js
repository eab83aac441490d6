// 提一个问题：该登录时登录，网络不好时再试，答不了时给出一句能给人看的话。
const config = require('../config');
const session = require('./session');
const { SIGN_IN } = require('./documents');

const TIMES = 5;
const LONGEST = 20; // 秒。服务器要求等得更久时不再等，请人来决定。
const WEAK = '网络不太好，请稍后再试。';
// 得到这样的答复，就是什么也没有存下。其余的（没有答复、OVERLOADED、TIMEOUT、INTERNAL）都说不准。
const NOTHING_STORED = ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_INPUT', 'RATE_LIMITED', 'QUERY_TOO_LARGE', 'NOT_FOUND'];

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// 第几次重试等多久：越来越久，带一点随机，免得大家一起回来。
const pause = (attempt) => Math.random() * 0.5 * 2 ** attempt;

// 发一次请求，得到 GraphQL 的回答。wx.request 把任何状态码都送进 success，所以看内容，不看入口。
function send(query, variables, token) {
  return new Promise((resolve) => {
    wx.request({
      url: config.endpoint,
      method: 'POST',
      timeout: 40000, // 毫秒，比服务器自己放弃的30秒长
      header: token ? { Authorization: `Bearer ${token}` } : {},
      data: { query, variables },
      success: (/** @type {any} */ { data }) => resolve(data && (data.data || data.errors) ? data : null),
      fail: () => resolve(null), // 请求也许到了服务器，也许没有
    });
  });
}

// 一个错误该怎么办：再试（等几秒）、重新登录，或者告诉人。
function remedy(error, attempt) {
  const extensions = error.extensions || {};
  if (extensions.code === 'UNAUTHENTICATED') return { signIn: true };
  const wait = extensions.retryAfter;
  if (wait !== undefined) return wait <= LONGEST ? { wait: wait + pause(0) } : {};
  const again = extensions.retryable || ['INTERNAL', 'TIMEOUT', 'OVERLOADED'].includes(extensions.code);
  return again ? { wait: pause(attempt) } : {};
}

// variables 可以是函数：每次重试都重新算，登录的 code 就是这样。答不了时抛出一句话，unsure 说这件事是不是也许已经办成了。
async function answer(query, variables, token, onUnauthenticated) {
  const outcome = { unsure: false };
  try {
    return await insist(query, variables, token, onUnauthenticated, outcome);
  } catch ({ message }) {
    throw Object.assign(new Error(message), outcome);
  }
}

async function insist(query, variables, token, onUnauthenticated, outcome) {
  let last = WEAK;
  for (let attempt = 0; attempt < TIMES; attempt += 1) {
    const given = typeof variables === 'function' ? await variables() : variables;
    const reply = await send(query, given, await token());
    if (reply && !reply.errors) return reply.data;
    const error = reply && reply.errors[0];
    if (!error || !NOTHING_STORED.includes((error.extensions || {}).code)) outcome.unsure = true;
    const { signIn, wait } = error ? remedy(error, attempt) : { wait: pause(attempt) };
    last = error ? error.message : WEAK;
    if (signIn && onUnauthenticated) await onUnauthenticated();
    else if (wait === undefined) break;
    else await sleep(wait);
  }
  throw new Error(last);
}

let signing = null; // 几个页面同时要登录时，只登录一次

function signIn() {
  session.forget();
  const proof = async () => ({ with: await session.credential() });
  signing =
    signing ||
    answer(SIGN_IN, proof, () => '')
      .then(({ signIn: { token } }) => session.keep(token))
      .finally(() => (signing = null));
  return signing;
}

async function signedIn() {
  if (!session.token()) await signIn();
  return session.token();
}

// 人人可问的。带着令牌去问，令牌失效了就重新登录。
function ask(query, variables) {
  return answer(query, variables, session.token, signIn);
}

// 要登录才能问的。改动也可以这样重试：选票带着 idempotencyKey，同一个键只会投一次。
function askSignedIn(query, variables) {
  return answer(query, variables, signedIn, signIn);
}

module.exports = { ask, askSignedIn };
