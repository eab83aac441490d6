// What is said about receipts? Its texts in both languages; they come with the first ballot that has a receipt.

export const zh = {
  proofTitle: "这张选票的凭条", checkingProof: "正在核对凭条……", isSigned: "待入日志", isSealed: "已入日志", isLate: "过期未入日志", isWrong: "凭条不对", isUnchecked: "凭条未核对",
  signedProof: "已核对：服务器签名承诺，最迟{at}把这张选票写入公开日志。", sealedProof: "这张选票是公开日志的条目{place}，已在这台设备上核对。",
  lateProof: "承诺的时间{at}已过，这张选票还没有写入公开日志。", lateDo: "请过十分钟再看。仍然如此，请保存凭条，交给主办方和您信任的人追查。",
  wrongProof: "凭条不对：{why}。", wrongDo: "请先保存凭条，不要清除浏览器数据，然后交给主办方，也交给您信任的人核对。",
  uncheckedProof: "这台设备没能核对签名。凭条可以照样保存，以后再核对。", partialProof: "这张选票不是在这台设备上投的，所以核对了签名，没有核对所签的就是这些选择。",
  faultForm: "内容不完整", faultKey: "签名用的不是这台设备见过的公钥", faultSignature: "签名与内容不符", faultLeaf: "签的不是这张选票", faultPath: "所签的那一批里没有这张选票",
  faultOther: "服务器现在给出的不是当初签的那一条", faultProof: "服务器说已入日志，给出的证明却不成立", faultGone: "这张选票曾在日志里，服务器现在说不在", faultDenied: "服务器签过这张选票，现在却说没有它",
  keyChanged: "签名公钥换过：原来是{before}，现在是{now}。更换应当公布过；没有的话，请询问主办方。",
  whatItProves: "凭条证明服务器收下了这张选票，并承诺写入公开日志；开票以后，还能证明所选的是什么、计入没有。", toWhom: "它对别人也是证明：给谁看，谁就确知您怎么投的，想买票的人也一样。请自己保管。",
  noProof: "服务器现在没有给这张选票签凭条。选票不受影响，请过一会儿再来看。", saveProof: "保存凭条", copyProof: "复制凭条", saveInclusion: "保存入日志的证明", verifyLog: "核对整个日志",
};

export const en = {
  proofTitle: "Proof of this ballot", checkingProof: "Checking the proof…", isSigned: "to be sealed", isSealed: "Sealed", isLate: "overdue", isWrong: "proof is wrong", isUnchecked: "proof not checked",
  signedProof: "Checked: the server has signed that this ballot will be in the public log by {at}.", sealedProof: "This ballot is entry {place} of the public log, as checked on this device.",
  lateProof: "The ballot should have been in the public log by {at}, and is not.", lateDo: "Look again in ten minutes. If it stays so, save the proof and give it to the organizer and to somebody you trust.",
  wrongProof: "The proof is wrong: {why}.", wrongDo: "Save it first, and do not clear the browser's data; then give it to the organizer, and to somebody you trust, to be checked.",
  uncheckedProof: "This device could not check the signature. The proof can be saved all the same and checked later.", partialProof: "This ballot was not cast on this device, so the signature was checked, but not that it is about these choices.",
  faultForm: "something is missing", faultKey: "it is not signed with a key that this device has seen", faultSignature: "the signature is not of this", faultLeaf: "it is about another ballot", faultPath: "the ballot is not in the batch that was signed",
  faultOther: "the server now names another entry than it signed", faultProof: "the server says that it is in the log, and proves it wrongly", faultGone: "this ballot was in the log, and the server says now that it is not", faultDenied: "the server signed for this ballot, and says now that there is none",
  keyChanged: "The signing key has changed from {before} to {now}. That should have been announced; if it was not, ask the organizer.",
  whatItProves: "This proves that the server accepted the ballot and promised to put it into the public log; once ballots are opened, also what it says and whether it was counted.", toWhom: "It proves that to anybody you show it to, and so to somebody who would buy your vote. Keep it to yourself.",
  noProof: "The server gives no signed receipt for this ballot at the moment. The ballot is not affected; look again later.", saveProof: "Save the proof", copyProof: "Copy the proof", saveInclusion: "Save the log’s proof", verifyLog: "Check the whole log",
};
