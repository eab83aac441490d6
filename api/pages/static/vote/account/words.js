// What is said on the account sheet? Its texts in both languages; they come with the first look at it.

export const zh = {
  accountSignIn: "登录后可以查看投过的选票、剩余次数和提醒。", accountId: "我的编号", accountIdHint: "这是一个代号，不含身份信息，每次登录都一样。",
  roleExpert: "专家评审", roleOrganizer: "工作台（主办人员）", roleAuditor: "工作台（审计人员）",
  accountRemains: "还可以投", accountLeft: "剩余{remaining}，共{limit}", accountNext: "{at}起可再投", noBallotsYet: "还没有投过票。", votedForSo: "所选{count}个",
  reminders: "等待发送的提醒", reminderCancel: "取消提醒", remindOpens: "{title}：投票开始", remindAgain: "{title}：可以再投", remindCloses: "{title}：投票即将截止",
  calendar: "日历提醒", calendarAdd: "加入日历", calendarHint: "包含开始、截止和每个投票日。提醒由您的设备发出，服务器不知道。", calendarInWechat: "请点右上角“…”，在浏览器中打开本页，再加入日历。",
  signOutEverywhere: "在所有设备上退出", signedOutEverywhere: "已在所有设备上退出登录。",
};

export const en = {
  accountSignIn: "Sign in to see the ballots you have cast, what remains, and your reminders.", accountId: "My id",
  accountIdHint: "A pseudonym. It says nothing about who you are, and is the same at every sign-in.",
  roleExpert: "Reviews (expert)", roleOrganizer: "Desk (organizer)", roleAuditor: "Desk (auditor)",
  accountRemains: "What remains", accountLeft: "{remaining} of {limit} left", accountNext: "next from {at}", noBallotsYet: "You have not cast any ballot yet.", votedForSo: "{count} chosen",
  reminders: "Reminders that wait", reminderCancel: "Cancel", remindOpens: "{title}: voting opens", remindAgain: "{title}: vote again", remindCloses: "{title}: voting closes soon",
  calendar: "Reminders by your calendar", calendarAdd: "Add to calendar", calendarHint: "The opening, the close and each voting day. Your device reminds you; the server learns nothing.",
  calendarInWechat: "Tap “…” in the upper right corner, open this page in a browser, and add it to your calendar there.",
  signOutEverywhere: "Sign out on all devices", signedOutEverywhere: "You are signed out on all devices.",
};
