// What is said about sharing? Its texts in both languages; they come with the first look at how to share.

export const zh = {
  sharing: "分享", shareAddress: "链接", shareBySystem: "用手机分享……", shareCopy: "复制链接", shareInWechat: "在微信里：点右上角“…”转发给朋友，或分享到朋友圈。",
  poster: "海报", posterHint: "长按图片保存或转发，朋友扫码即可打开。", posterSave: "保存海报", posterOf: "海报：{title}，附二维码", posterFailed: "海报没能生成，链接照样可以分享。",
  posterScan: "扫码查看", posterVote: "扫码查看并投票", posterUntil: "投票至{at}", posterDrawing: "正在生成海报……", sharedRanking: "排行", sharedNumber: "{number}号",
};

export const en = {
  sharing: "Share", shareAddress: "Link", shareBySystem: "Share…", shareCopy: "Copy the link", shareInWechat: "In WeChat: tap “…” in the upper right corner to send it to friends or to Moments.",
  poster: "Poster", posterHint: "Press and hold the picture to save or send it; whoever scans the code gets there.", posterSave: "Save the poster", posterOf: "Poster: {title}, with a QR code",
  posterFailed: "The poster could not be made. The link can be shared all the same.",
  posterScan: "Scan to look", posterVote: "Scan to look and vote", posterUntil: "Voting closes on {at}", posterDrawing: "The poster is being made…", sharedRanking: "Ranking", sharedNumber: "No. {number}",
};
