// What the playground itself says, in Chinese and English.
const WORDS = {
  examples: ["示例", "Examples"],
  examplesAgain: ["关闭所有标签页，重新打开示例", "Close all tabs and open the examples again"],
  noIntrospection: [
    "此服务器不公开其模式（introspection已关闭）：没有文档和自动补全，查询照常可用。",
    "This server keeps its schema to itself (introspection is off): no documentation and no completion here, but queries run.",
  ],
  sent: ["随每个请求发送，除非标签页的Headers另有指定", "Sent with every request, unless a tab’s own headers name another"],
  signedOut: ["未登录：运行SignInAsGuest标签页", "Not signed in: run the tab SignInAsGuest"],
  signOut: ["退出", "Sign out"],
};

/** The words for a key, in the language of a browser. */
export function sayIn(language) {
  document.documentElement.lang = language.startsWith("zh") ? "zh" : "en";
  return (key) => WORDS[key][language.startsWith("zh") ? 0 : 1];
}
