// What does the page say? Every text of its own in both languages; texts about the campaign come from the API.

export const zh = {
  vote: "投票", ranking: "排行", receipts: "查票", toContent: "跳到正文", toTray: "跳到选票", views: "栏目",
  other: "English", loading: "正在载入……", failed: "没能载入。请检查网络后重试。", again: "重试", none: "现在没有评选。",
  footer: "本页只使用公开的GraphQL接口。", playground: "接口试验台", source: "资料来源：{publisher}",
  close: "关闭", copy: "复制", copied: "已复制",

  UPCOMING: "尚未开始", VOTING: "投票进行中", CLOSED: "投票已结束", PUBLISHED: "结果已公布",
  untilOpen: "距投票开始", untilClose: "距投票结束", days: "{days}天", oneDay: "1天",
  closedAt: "投票已于{at}结束，结果待公布。", publishedAt: "投票已结束，结果已经公布。",
  window: "{opens}至{closes}", organizer: "主办：{organizer}", ballots: "{ballots}张选票", oneBallot: "1张选票",

  candidates: "候选项目", filters: "筛选候选项目", search: "搜索项目、单位、地区", district: "地区", theme: "主题", everyDistrict: "全部地区",
  everyTheme: "全部主题", municipal: "市级", chosenOnly: "只看已选", shown: "显示{shown}个，共{total}个", nothing: "没有符合条件的项目。",
  choose: "选择", chosen: "已选", chooseOne: "选择{number}号：{title}", details: "详情", detailsOf: "{number}号详情：{title}",
  foundIn: "找到：{places}", quoted: "“{piece}”", between: "、", semicolon: "；", searchedHere: "网络不通，只搜了本页显示的文字。", inNUMBER: "编号{pieces}",
  inTITLE: "标题{pieces}", inSUMMARY: "简介{pieces}", inORGANIZATION: "单位{pieces}", inDISTRICT: "地区{pieces}",
  since: "始于{year}年", full: "一张选票最多选{maximum}个。要换，请先去掉一个。", number: "{number}号",
  figures: "数据", year: "（{year}年）", notThere: "没有这个候选项目。",
  FINALIST: "入围终审", WINNER: "获选", NOT_SELECTED: "未入选",

  ballot: "选票", yourBallot: "我的选票", chosenOf: "已选{chosen}个", bounds: "须选{minimum}至{maximum}个", review: "查看选票",
  ready: "可以投票了", tooFew: "还差{missing}个", tooMany: "多选了{surplus}个", notOpen: "{at}开始投票", closed: "投票已于{at}结束",
  empty: "还没有选择项目。", remove: "去掉{number}号：{title}", rules: "规则", cast: "投出选票", casting: "正在投票……",
  spent: "本期选票已经投完，您可以{at}起再投。", spentForGood: "您的选票已经投完。", refused: "这张选票没有被接受：",
  unanswered: "没有收到答复，不知道选票是否已投出。请放心重试：同一张选票不会重复计票。", unsettled: "这张选票投出后没有收到答复。请先确认：没投上的话，会按下列项目投出。后来的改动都还在。",
  gone: "已不在候选之列，已从选票中去掉：{titles}。请核对后再投。", comma: "、",
  settle: "确认上次的选票", serverSays: "服务器答复：{message}",

  signInFirst: "投票前请先登录。", guestName: "您的称呼", guestHint: "演示用：同一个称呼就是同一位投票人。",
  signInAsGuest: "以访客登录", signInByWechat: "用微信登录", openInWechat: "请在微信里打开本页登录。", noWay: "本页无法使用本服务器的登录方式。",
  signedIn: "已登录", signOut: "退出登录", sessionOver: "登录已失效，请重新登录。选票还在。", signingIn: "正在登录……", signInStale: "微信登录没有完成，请重新登录。",

  receipt: "投票回执", thanks: "选票已投出并计入", receiptIs: "回执编号", receiptHint: "凭编号随时可以查看这张选票。选票上没有您的身份，请自行保管编号。",
  castOn: "投票时间", countsFor: "计入", voted: "所选项目", copyId: "复制编号", copyLink: "复制链接", lookUp: "查选票", lookUpHint: "输入回执编号",
  HELD: "这张选票正在核查，暂不计入。", VOIDED: "这张选票已被作废，不计入。",
  notFound: "没有这个编号的选票。请核对编号。", mine: "我投过的选票", nextAt: "下一张选票：{at}起。", toRanking: "看排行", backToVote: "返回投票",

  standings: "实时排行", finalStandings: "排行", live: "实时更新", polling: "每5秒更新", connecting: "正在连接……", asOf: "截至{at}", votes: "{votes}票", oneVote: "1票", ofBallots: "占选票{share}", leaders: "前10名", others: "其余", toCharts: "看图表", tied: "并列",
  gain: "今昨两日+{gain}", cutLine: "入围线：前{seats}名", cutLineTied: "入围线：前{seats}名（线上下同票）", rank: "第{rank}名", inDistrict: "区内第{rank}名",
  hidden: "排行暂不公开。", hiddenUntil: "排行暂不公开，{at}起可见。", castToSee: "投票后即可看到排行。", byDay: "每日选票与领先项目", byDistrict: "各区得票",
  dailyBallots: "当日选票", dailyTable: "{day}：{ballots}", districtTable: "{name}：{votes}", noChart: "图表没能载入，排行不受影响。",
  changed: "排行已更新。第1名：{title}，{votes}。", standingsOf: "排行范围", noVotes: "还没有选票。", noneCast: "没有选票。",
};

export const en = {
  vote: "Vote", ranking: "Ranking", receipts: "Look up", toContent: "Skip to content", toTray: "Skip to your ballot", views: "Sections",
  other: "中文", loading: "Loading…", failed: "This could not be loaded. Check the network and try again.", again: "Try again",
  none: "There is no selection at the moment.", footer: "This page uses nothing but the public GraphQL API.", playground: "Playground",
  source: "Source: {publisher}", close: "Close", copy: "Copy", copied: "Copied",

  UPCOMING: "Not open yet", VOTING: "Voting is open", CLOSED: "Voting has closed", PUBLISHED: "Results are published",
  untilOpen: "Voting opens in", untilClose: "Voting closes in", days: "{days} days", oneDay: "1 day",
  closedAt: "Voting closed on {at}. The outcome has not been published yet.", publishedAt: "Voting has closed and the outcome is published.",
  window: "{opens} to {closes}", organizer: "Organizer: {organizer}", ballots: "{ballots} ballots", oneBallot: "1 ballot",

  candidates: "Candidates", filters: "Filter candidates", search: "Search projects, bodies, districts", district: "District", theme: "Theme",
  everyDistrict: "All districts", everyTheme: "All themes", municipal: "City-wide", chosenOnly: "Chosen only",
  shown: "{shown} of {total} shown", nothing: "No project meets these conditions.", choose: "Choose", chosen: "Chosen",
  foundIn: "Found in {places}", quoted: "“{piece}”", between: ", ", semicolon: "; ", searchedHere: "No connection: only the texts shown here were searched.",
  inNUMBER: "the number {pieces}", inTITLE: "the title {pieces}", inSUMMARY: "the summary {pieces}", inORGANIZATION: "the organization {pieces}",
  inDISTRICT: "the district {pieces}",
  chooseOne: "Choose number {number}: {title}", details: "Details", detailsOf: "Details of number {number}: {title}", since: "since {year}",
  full: "A ballot names at most {maximum}. Drop one to choose another.", number: "No. {number}", figures: "Figures", 
  year: " ({year})", notThere: "There is no such candidate.",
  FINALIST: "Finalist", WINNER: "Winner", NOT_SELECTED: "Not selected",

  ballot: "Ballot", yourBallot: "Your ballot", chosenOf: "{chosen} chosen", bounds: "{minimum} to {maximum} needed", review: "Review ballot",
  ready: "Ready to cast", tooFew: "{missing} more needed", tooMany: "{surplus} too many", notOpen: "Voting opens {at}", closed: "Voting closed {at}",
  empty: "You have not chosen any project yet.", remove: "Drop number {number}: {title}", rules: "Rules", cast: "Cast ballot", casting: "Casting…",
  spent: "You have used up your ballots for now. The next may be cast from {at}.", spentForGood: "You have used up your ballots.",
  refused: "This ballot was not accepted:", unanswered: "No answer came, so it is not known whether the ballot was cast. Trying again is safe: one ballot is never counted twice.",
  unsettled: "This ballot was sent and got no answer. Find out about it first: if it was not cast, it is cast now, with these projects. Your later changes are kept.",
  gone: "No longer among the candidates, and dropped from your ballot: {titles}. Please check it before you cast.", comma: "; ", settle: "Ask about the last ballot",
  serverSays: "The server says: {message}",

  signInFirst: "Sign in before you vote.", guestName: "Your name", guestHint: "For demonstrations: the same name is the same voter.",
  signInAsGuest: "Sign in as guest", signInByWechat: "Sign in with WeChat", openInWechat: "Open this page in WeChat to sign in.",
  noWay: "This page cannot use this server's ways of signing in.", signedIn: "Signed in", signOut: "Sign out",
  sessionOver: "Your session has ended. Sign in again; your ballot is still here.", signingIn: "Signing in…", signInStale: "Signing in with WeChat was not completed. Please sign in again.",

  receipt: "Receipt", thanks: "Your ballot is cast and counted", receiptIs: "Receipt number",
  receiptHint: "With this number you can look the ballot up at any time. The ballot does not name you; the number is yours to keep.",
  castOn: "Cast", countsFor: "Counts for", voted: "Projects chosen", copyId: "Copy number", copyLink: "Copy link", lookUp: "Look up a ballot",
  HELD: "This ballot is set aside while it is looked into, and does not count for now.", VOIDED: "This ballot was voided and does not count.",
  lookUpHint: "Receipt number", notFound: "There is no ballot with this number. Please check it.", mine: "Ballots you have cast",
  nextAt: "Next ballot: from {at}.", toRanking: "See the ranking", backToVote: "Back to voting",

  standings: "Live ranking", finalStandings: "Ranking", live: "Live", polling: "Every 5 seconds", connecting: "Connecting…", asOf: "as of {at}", votes: "{votes} votes", oneVote: "1 vote", ofBallots: "{share} of ballots", leaders: "Top ten", others: "Others", toCharts: "To the charts", tied: "Tied",
  gain: "+{gain} in two days", cutLine: "Cut line: the first {seats} pass", cutLineTied: "Cut line: the first {seats} pass (tied across it)",
  rank: "Rank {rank}", inDistrict: "{rank} in its district", hidden: "The ranking is not public yet.", hiddenUntil: "The ranking is not public yet. It can be seen from {at}.",
  castToSee: "Cast a ballot to see the ranking.", byDay: "Ballots and leaders by day", byDistrict: "Votes by district", dailyBallots: "Ballots that day",
  dailyTable: "{day}: {ballots}", districtTable: "{name}: {votes}", noChart: "The charts could not be loaded; the ranking is not affected.",
  changed: "The ranking has changed. First: {title}, {votes}.", standingsOf: "Show",
  noVotes: "No ballot has been cast yet.", noneCast: "No ballot was cast.",
};

/** What projects are about: the schema's enum `Theme`, which has names for programs only. */
export const themes = {
  ELDER_CARE: { zh: "为老服务", en: "Elder care" },
  HEALTH: { zh: "健康医疗", en: "Health" },
  EDUCATION_AND_FAMILY: { zh: "教育与家庭", en: "Education and family" },
  CULTURE: { zh: "文化与阅读", en: "Culture" },
  WORK_AND_ENTERPRISE: { zh: "就业创业", en: "Work and enterprise" },
  PUBLIC_SAFETY: { zh: "安全与交通", en: "Public safety" },
  URBAN_ENVIRONMENT: { zh: "环境与住房", en: "Urban environment" },
  DISPUTES_AND_APPEALS: { zh: "调解与信访", en: "Disputes and appeals" },
  SELF_GOVERNANCE: { zh: "居民自治", en: "Self-governance" },
  NEIGHBOURHOOD_SERVICES: { zh: "邻里服务", en: "Neighbourhood services" },
  PARTY_BUILDING: { zh: "党建引领", en: "Party building" },
  DIGITAL_SERVICES: { zh: "数字服务", en: "Digital services" },
  VOLUNTEERING_AND_CHARITY: { zh: "志愿与公益", en: "Volunteering and charity" },
  SOCIAL_ORGANIZATIONS: { zh: "社会组织", en: "Social organizations" },
};
