// What do the views of the outcome say? Their texts in both languages; they come with the first of these views.

export const zh = {
  notYet: "结果还没有公布。", PROVISIONAL: "暂定，尚未公布", FINAL: "最终结果", announcedAt: "{at}公示", confirmedAt: "{at}确认", heardTill: "异议受理至{at}",
  selectedOf: "入选{selected}个，共{seats}个名额", decidedOnRecord: "这一阶段由主办方决定，不计分。", decisionReason: "理由：", noneSelected: "没有入选的{term}。", vacantSeats: "空缺{count}个名额。", awardVacant: "空缺{count}个。",
  listOf: "入选名单（{count}个）", standingsOfStage: "得分与名次", place: "名次", project: "名称", score: "总分", selectedColumn: "结果", selected: "入选", notSelected: "未入选",
  cutHere: "入选线：入选{selected}个", PUBLIC_VOTE: "公众投票", EXPERT_SCORES: "专家评分", EXPERT_BALLOT: "专家投票", weighted: "{normalised}×{weight}={weighted}",
  scatter: "{x}与{y}", scatterSays: "横轴{x}，纵轴{y}，每点一个{term}；数据见下表。", unreviewed: "没有专家评分：{titles}。", moreRows: "显示更多",
  ties: "并列", tieOf: "并列的：{titles}", corrections: "更正", correctedAt: "{at}更正", whatChanged: "变动", awardChange: "奖项{was}→{is}", ranksMoved: "另有{count}个名次变动", rankChange: "名次{was}→{is}", nowSelected: "改为入选", nowNotSelected: "改为未入选",
  noRank: "无", nothingElse: "入选和名次不变。", digestWas: "摘要由{before}改为{after}",
  objections: "异议与答复", objectionAt: "异议{number}，{at}", aboutProject: "关于：{title}", answered: "{at}答复", noAnswer: "尚未答复。", noObjections: "没有收到异议。",
  recompute: "自己验算", recomputeHint: "这里是评选的全部输入和每一步计算。计算过程文件的SHA-256就是摘要；用记录可以从头重算。", digest: "摘要（SHA-256）", copyDigest: "复制摘要",
  saveTrace: "下载计算过程", saveRecord: "下载记录", digestAgrees: "已核对：计算过程文件的SHA-256与摘要一致。", digestDiffers: "计算过程文件的SHA-256与摘要不一致，请重新载入本页再试；仍不一致，请告知主办方。", noFile: "没能下载，请检查网络后重试。",
  report: "评选报告", reportHint: "一个网页文件：参与情况、排名、各阶段的计算、异议与更正，以及重新清点每张选票的结果。可以打印。", saveReport: "下载报告", makingReport: "正在下载报告……", noReport: "全部阶段的结果最终确认之后才有报告。", reportInBrowser: "微信里不能下载文件。请点右上角“…”，选择在浏览器中打开本页，再下载报告。", version: "第{version}版",
  criteria: "评分标准", weightOf: "权重{weight}", scaleOf: "{minimum}至{maximum}分", stepOf: "每{step}分一档", uncounted: "不计入总分", anchor: "{score}分",
  panel: "专家评审", panelFrom: "评审时间：{from}至{until}", quorumNow: "因有专家退出，每个{term}现在至少要有{quorum}位专家评分。",
  lotDigest: "抽签种子的摘要，投票开始前公布", seatsOf: "{seats}个名额",
  nothingStated: "主办方没有说明评选办法。",
};

export const en = {
  notYet: "No outcome has been announced yet.", PROVISIONAL: "Provisional, not published", FINAL: "Final", announcedAt: "announced {at}", confirmedAt: "confirmed {at}", heardTill: "objections until {at}",
  selectedOf: "{selected} selected for {seats} places", decidedOnRecord: "The organizer decided this stage; there are no scores.", decisionReason: "Reason: ", noneSelected: "No {term} was selected.", vacantSeats: "Places left vacant: {count}.", awardVacant: "Vacant: {count}.",
  listOf: "The selected ({count})", standingsOfStage: "Scores and ranks", place: "Rank", project: "Name", score: "Score", selectedColumn: "Outcome", selected: "Selected", notSelected: "Not selected",
  cutHere: "Cut line: {selected} selected", PUBLIC_VOTE: "Public votes", EXPERT_SCORES: "Expert scores", EXPERT_BALLOT: "Expert ballot", weighted: "{normalised} × {weight} = {weighted}",
  scatter: "{x} and {y}", scatterSays: "{x} to the right, {y} upwards, a dot for each {term}; the table below has the figures.", unreviewed: "Without any expert's score: {titles}.", moreRows: "Show more",
  ties: "Ties", tieOf: "Equal: {titles}", corrections: "Corrections", correctedAt: "Corrected {at}", whatChanged: "Changes", awardChange: "award {was} → {is}", ranksMoved: "{count} more change their rank", rankChange: "rank {was} → {is}", nowSelected: "now selected", nowNotSelected: "no longer selected",
  noRank: "none", nothingElse: "Nobody's rank or selection changed.", digestWas: "The digest was {before} and is now {after}",
  objections: "Objections and answers", objectionAt: "Objection {number}, {at}", aboutProject: "About: {title}", answered: "Answered {at}", noAnswer: "Not answered yet.", noObjections: "No objection has been made.",
  recompute: "Check it yourself", recomputeHint: "These files hold every input of the selection and each step of the arithmetic. The trace's SHA-256 is the digest; the record is all one needs to compute it anew.", digest: "Digest (SHA-256)", copyDigest: "Copy digest",
  saveTrace: "Download the trace", saveRecord: "Download the record", digestAgrees: "Checked: the SHA-256 of the trace is the digest.", digestDiffers: "The SHA-256 of the trace is not the digest. Load the page again; if it stays so, tell the organizer.", noFile: "This could not be downloaded. Check the network and try again.",
  report: "The report", reportHint: "One page, as a file, that prints well: turnout, ranking, the arithmetic of each stage, objections and corrections, and a recount of every ballot.", saveReport: "Download the report", makingReport: "Downloading the report…", noReport: "There is a report once every stage is final.", reportInBrowser: "WeChat does not save files. Choose “Open in browser” in the menu at the top right, and download the report there.", version: "Version {version}",
  criteria: "Criteria", weightOf: "weight {weight}", scaleOf: "{minimum} to {maximum} points", stepOf: "in steps of {step}", uncounted: "not part of the total", anchor: "{score} points",
  panel: "Expert review", panelFrom: "Reviews from {from} to {until}", quorumNow: "Since experts have dropped out, each {term} now needs at least {quorum} reviews.",
  lotDigest: "Digest of the lot's seed, published before voting opens", seatsOf: "{seats} places",
  nothingStated: "The organizer has not said how it is decided.",
};
