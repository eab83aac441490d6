// What the playground itself says, in Chinese and English.
const WORDS = {
  answer: ["回答", "Answer"],
  examples: ["示例", "Examples"],
  examplesAgain: ["关闭所有标签页，重新打开示例", "Close all tabs and open the examples again"],
  headers: ["请求头", "Headers"],
  more: ["更多示例", "More examples"],
  moreHint: ["打开您的角色可用的示例", "Open the examples for your roles"],
  noIntrospection: [
    "此服务器不公开其模式（introspection已关闭）：没有文档和自动补全，查询照常可用。",
    "This server keeps its schema to itself (introspection is off): no documentation and no completion here, but queries run.",
  ],
  operation: ["操作", "Operation"],
  rolesUnknown: [
    "无法得知您的角色，因此只打开通用的示例。请重新载入。",
    "Your roles could not be asked for, so only everybody’s examples are open. Load the page again.",
  ],
  sent: ["随每个请求发送，除非标签页的Headers另有指定", "Sent with every request, unless a tab’s own headers name another"],
  signedOut: ["未登录：运行SignInAsGuest标签页", "Not signed in: run the tab SignInAsGuest"],
  signOut: ["退出", "Sign out"],
  variables: ["变量", "Variables"],
};

/** Whether a browser wants Chinese. */
export const isChinese = (language) => language.startsWith("zh");

/** The words for a key, in the language of a browser. */
export function sayIn(language) {
  document.documentElement.lang = isChinese(language) ? "zh" : "en";
  return (key) => WORDS[key][isChinese(language) ? 0 : 1];
}
