// 排行的各行。答复里也许只有变了的行：并进原有的，去掉离开的，再排好。
const byRank = (one, other) => one.rank - other.rank || one.number - other.number;

// 一行，以及它比上次看到时升了几位
function placeOf({ id, rank, votes, project }, before) {
  return { id, rank, votes, number: project.number, title: project.title, moved: before ? before.rank - rank : 0 };
}

// 得到现在的各行。每次都看 onlyChanges：第一次、断线以后、跟不上时，来的是全部。
function merged(places, { onlyChanges, removedIds, nodes, turnout }) {
  const known = new Map(places.map((place) => [place.id, place]));
  const fresh = nodes.map((node) => placeOf(node, known.get(node.id)));
  const gone = removedIds.concat(fresh.map(({ id }) => id));
  const rows = onlyChanges ? places.filter(({ id }) => !gone.includes(id)).concat(fresh) : fresh;
  const share = (votes) => (turnout.ballots ? Math.round((votes / turnout.ballots) * 100) : 0);
  return rows.map((row) => ({ ...row, percent: share(row.votes) })).sort(byRank);
}

// 只把变了的交给页面：setData 送的越少，界面越快
function changesOf(before, after) {
  if (before.length !== after.length) return { places: after };
  const changes = {};
  after.forEach((place, at) => {
    if (place.id !== before[at].id) changes[`places[${at}]`] = place;
    else for (const key of Object.keys(place)) if (place[key] !== before[at][key]) changes[`places[${at}].${key}`] = place[key];
  });
  return changes;
}

module.exports = { merged, changesOf };
