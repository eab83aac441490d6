// 倒计时。以服务器的时间为准：手机的钟只用来量过了多久，快了慢了都不要紧。
const UNITS = [
  { size: 86400000, name: '天' },
  { size: 3600000, name: '小时' },
  { size: 60000, name: '分' },
  { size: 1000, name: '秒' },
];
const AWAITED = {
  UPCOMING: { moment: 'opensAt', words: '距投票开始还有' },
  VOTING: { moment: 'closesAt', words: '距投票结束还有' },
};

// 从答复到的那一刻起走的钟，得到服务器现在的毫秒数
function clockOf(serverTime) {
  const [then, began] = [Date.parse(serverTime), Date.now()];
  return () => then + Date.now() - began;
}

// 写出最大的两级，例如“3天4小时”；wait 是多少毫秒以后字会变。没有什么可等的，words 为空。
function countdown({ phase, votingWindow }, now) {
  const awaited = AWAITED[phase];
  if (!awaited) return { words: '', wait: 0, isOver: false };
  const left = Date.parse(votingWindow[awaited.moment]) - now;
  if (left <= 0) return { words: '', wait: Math.random() * 5000, isOver: true }; // 大家的零点是同一刻，所以错开几秒
  const largest = UNITS.findIndex(({ size }) => left >= size);
  const shown = largest < 0 ? UNITS.slice(-1) : UNITS.slice(largest, largest + 2);
  const parts = shown.map(({ size, name }, at) => `${Math.floor((at ? left % shown[0].size : left) / size)}${name}`);
  return { words: awaited.words + parts.join(''), wait: (left % shown[shown.length - 1].size) + 1, isOver: false };
}

// 让字跟着时间走。数到零，阶段就变了，调用 ended 再问一次。返回的函数让它停下。
function ticking(about, clock, show, ended) {
  let timer = null;
  const tick = () => {
    const { words, wait, isOver } = countdown(about, clock());
    show(words);
    if (words) timer = setTimeout(tick, wait);
    if (isOver) timer = setTimeout(ended, wait);
  };
  tick();
  return () => clearTimeout(timer);
}

module.exports = { clockOf, countdown, ticking };
