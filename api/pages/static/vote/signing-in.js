// Which ways in does the server offer, and which can be gone on this page? By name as a guest, or through WeChat.
import { fill, h } from "./dom.js";
import { ask } from "./graphql.js";
import { keep, recall } from "./kept.js";
import { say } from "./language.js";
import { isOffline } from "./loading.js";
import { session } from "./session.js";

const SIGN_IN = "mutation SignIn($with: Credential!) { signIn(with: $with) { token viewer { id } } }";
const AUTHORIZATION = "https://open.weixin.qq.com/connect/oauth2/authorize";
const inWechat = () => /MicroMessenger/i.test(navigator.userAgent);

/** What to show somebody who has to sign in. A provider of your own (OIDC) would be one more entry of WAYS. */
export function signInForm(campaign, title = say("signInFirst")) {
  const problem = h("p", { class: "problem", role: "alert" });
  const ways = campaign.signInMethods.map((method) => WAYS[method.door] && WAYS[method.door](method, problem)).filter(Boolean);
  return h("div", { class: "sign-in" }, h("h3", {}, title), ways.length ? ways : h("p", {}, say("noWay")), problem);
}

const WAYS = {
  GUEST: (method, problem) => {
    const name = h("input", { id: "guest", required: true, maxlength: "64", autocomplete: "nickname" });
    const submit = (event) => {
      event.preventDefault();
      signIn({ guest: { name: name.value } }, problem);
    };
    return h(
      "form",
      { onsubmit: submit },
      h("label", { for: "guest" }, say("guestName")),
      h("div", { class: "row" }, name, h("button", { class: "main" }, say("signInAsGuest"))),
      h("p", { class: "quiet" }, say("guestHint")),
    );
  },
  WECHAT_OFFICIAL_ACCOUNT: (method) =>
    inWechat()
      ? h("button", { type: "button", class: "main", onclick: () => location.assign(authorization(method)) }, say("signInByWechat"))
      : h("p", {}, say("openInWechat")),
};

let signingIn = false;

/** Once at a time, however often the button is pressed. */
async function signIn(credential, problem) {
  if (signingIn) return;
  signingIn = true;
  fill(problem, say("signingIn"));
  try {
    session.begin((await ask(SIGN_IN, { with: credential })).signIn);
  } catch (error) {
    fill(problem, error.code ? error.message : say(isOffline() ? "offline" : "failed"));
  } finally {
    signingIn = false;
  }
}

/** Where WeChat asks the person, and from where it comes back here with a code; state shows that it was we who asked. */
function authorization({ appid, scope }) {
  const state = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(36)).join("");
  keep("state", state);
  const back = location.origin + location.pathname + location.search;
  const asked = new URLSearchParams({ appid, redirect_uri: back, response_type: "code", scope, state });
  return `${AUTHORIZATION}?${asked}#wechat_redirect`;
}

/** If WeChat has just sent the person back, to go on at this address, sign in with the code it gave; what went wrong, or null. */
export async function returnFromWechat(address = "#/ballot") {
  const given = new URLSearchParams(location.search);
  const [code, state] = [given.get("code"), given.get("state")];
  if (code === null || state === null) return null;
  const expected = recall("state");
  keep("state", null);
  given.delete("code");
  given.delete("state");
  history.replaceState(null, "", `${location.pathname}${given.toString() && `?${given}`}${address}`);
  if (state !== expected) return say("signInStale");
  try {
    session.begin((await ask(SIGN_IN, { with: { wechatOfficialAccount: { code } } })).signIn);
    return null;
  } catch (error) {
    return error.code ? error.message : say("failed");
  }
}
