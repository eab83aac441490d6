// How do the rows that have changed go into the ranking that is shown? By their ids, and then in order again.

/** Results whose rows have the share of ballots that chose them, which moves with every ballot and so is not sent. */
export function withShares(results) {
  const { ballots } = results.turnout;
  return { ...results, nodes: results.nodes.map((row) => ({ ...row, share: ballots ? row.votes / ballots : 0 })) };
}

/** The results to show once an answer has come to those that are shown. numberOf tells a project's number. */
export function merged(shown, answer, numberOf) {
  if (!answer.onlyChanges) return withShares(answer);
  const rows = new Map([...shown.nodes, ...answer.nodes].map((row) => [row.id, row]));
  answer.removedIds.forEach((id) => rows.delete(id));
  const nodes = [...rows.values()];
  nodes.sort((one, other) => one.rank - other.rank || numberOf(one.project.id) - numberOf(other.project.id));
  return withShares({ ...answer, nodes });
}
