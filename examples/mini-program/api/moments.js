// 给人看的时间。服务器的时间带着评选所在地的时差，照字面取就是当地时间，不受手机时区影响。
exports.spoken = (moment) => {
  const [, year, month, day, time] = moment.match(/^(\d+)-(\d+)-(\d+)T(\d+:\d+)/);
  return `${year}年${Number(month)}月${Number(day)}日 ${time}`;
};

// 这个时间属于哪个时区。时差为东八区时，写出来的就是北京时间。
exports.zone = (moment) => {
  const [offset] = moment.match(/(Z|[+-]\d+:\d+)$/);
  return offset === '+08:00' ? '北京时间' : `UTC${offset.replace('Z', '')}`;
};
