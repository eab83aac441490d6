// What does the experts' page say in Chinese?

export const zh = {
  review: "专家评审", reviewIs: "受邀的专家在这里评分。", invitedIs: "您受邀担任评审专家。登录后即可接受邀请。", signInToReview: "登录", panels: "我的评审", views: "栏目", toContent: "跳到正文",
  footer: "本页只使用公开的GraphQL接口。", playground: "接口试验台", again: "重试", cancel: "取消", working: "正在处理……", signOut: "退出登录", signOutUnsent: "还有内容没有送到服务器。退出后它们留在这台设备上，您再次登录时会自动发送。现在退出吗？",
  sessionOver: "登录已失效，请重新登录。已填写的内容都还在。", noNetwork: "现在没有网络。已填写的内容都还在，联网后请重试。", noAnswer: "服务器没有答复。已填写的内容都还在，请稍后重试。", comma: "，",

  yourPanels: "我的评审", noPanels: "还没有请您评审的评选。", haveInvitation: "有邀请码？", codeIs: "邀请码", accept: "接受邀请", byClaim: "按您的身份受邀、没有邀请码的，", acceptByClaim: "点这里接受", welcome: "欢迎，{name}。邀请已接受。",
  notOnPanel: "您不在这个评选的专家名单中", notOnPanelHelp: "“{slug}”没有请您评审，或者您还没有接受邀请。",
  opensAt: "{at}开始评审。现在可以先看项目和标准。", openUntil: "请在{at}之前完成，还有{left}。", closedAt: "评审已于{at}截止，可以查看，不能再改。", hours: "{hours}小时", hoursMinutes: "{hours}小时{minutes}分钟", minutes: "{minutes}分钟",
  progress: "已完成 {done}／{total}", progressIs: "评审进度", filters: "筛选", filter_all: "全部 {count}", filter_todo: "待评 {count}", filter_settled: "已处理 {count}", noneHere: "这里没有了。", noneAssigned: "还没有分给您的项目。",
  state_NOT_BEGUN: "未开始", state_DRAFT: "草稿", state_SUBMITTED: "已提交", state_ABSTAINED: "弃评", state_RECUSED: "已回避", state_VOIDED: "已作废", total: "合计 {total}", unsent: "尚未送到服务器",

  allProjects: "全部项目", previous: "上一个", next: "下一个", noSuchReview: "没有分给您的这个项目", aboutProject: "项目介绍", more: "详细介绍",
  rubric: "评分", rubricHelp: "点一下就记下，自动保存。提交之后才计入；提交过的，改动立即计入。", weight: "权重 {weight}", notCounted: "不计入合计", fromTo: "{minimum} 至 {maximum}", scoreIs: "分数", lower: "减", higher: "加", comment: "评语", commentHelp: "可不填。截止之后，主办方会看到。",
  saving_untouched: "还没有填写。", saving_saved: "✓ 已保存", saving_saving: "正在保存……", saving_waiting: "没有收到答复。已存在这台设备上，会自动再发。", saving_offline: "没有网络。已存在这台设备上，联网后自动发送。", saving_refused: "没有保存：", saving_conflict: "没有保存：您在别处也改过下面几项。以哪个为准？",
  here: "这里", elsewhere: "别处", keepMine: "用这里的", takeTheirs: "用别处的",
  submit: "提交", submitted: "已提交。", submitLater: "现在送不到服务器。草稿在这台设备上，联网后请再点提交。", notSubmitted: "还没有提交：请先处理指出的问题。", scoreMissing: "请给“{name}”评分。", scoresMissing: "还有{count}项没有评分。", mayRevise: "已计入。{until}之前可以修改，改动立即计入。",
  notOpenYet: "评审还没有开始。", notSavedInTime: "评审已截止。没有赶在截止前存到服务器的改动不计入，但还留在这台设备上。", openNow: "评审已经开始。", closed: "评审已截止。", nextToDo: "下一个待评", allDone: "全部完成，回到列表",
  cannotJudge: "不便评这个项目？", abstain: "弃评", abstainHelp: "弃评：您无法判断它（例如不熟悉这个领域）。截止之前可以改变主意。", abstainDone: "已弃评。", recuse: "回避", recuseHelp: "回避：您与它有利害关系（例如本单位的、亲友的）。不能撤销，您的评分不计入。", recuseDone: "已回避。", reason: "理由", reasonMissing: "请写明理由。",

  ballotWaits: "前一阶段的结果公布之后才能投票。", ballotOf: "专家投票：{name}", betweenTimes: "{from}至{until}", noSuchBallotHere: "没有请您投票的这个阶段", ballotOpens: "{at}开始投票。", ballotUntil: "{at}之前可以投票，也可以改投。", ballotClosed: "投票已于{at}截止。", chooseExactly: "须选{maximum}个。", chooseBetween: "须选{minimum}至{maximum}个。",
  castAt: "您已于{at}投票。", chosenOf: "已选{count}个，至多{maximum}个。", castIt: "投票", castAgain: "改投", isCast: "已投票，选择已计入。", seeOther: "看别处投的",
};
