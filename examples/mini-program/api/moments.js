// 给人看的时间。服务器的时间带着评选所在地的时差，照字面取就是当地时间，不受手机时区影响。
exports.spoken = (moment) => {
  const [, year, month, day, time] = moment.match(/^(\d+)-(\d+)-(\d+)T(\d+:\d+)/);
  return `${year}年${Number(month)}月${Number(day)}日 ${time}`;
};
