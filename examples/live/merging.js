// How do the rows that have changed go into those that are shown, and in which order are they?

/** The rows to show once an answer of resultsChanged has come to those that are shown. id tells a row's id. */
export function merged(rows, { onlyChanges, removedIds, nodes }, id = (row) => row.id) {
  if (!onlyChanges) return [...nodes];
  const byId = new Map([...rows, ...nodes].map((row) => [id(row), row]));
  for (const gone of removedIds) byId.delete(gone);
  return [...byId.values()];
}

/** By rank, and by number where ranks are equal. */
export const inOrder = (rows) =>
  [...rows].sort((one, other) => one.rank - other.rank || one.project.number - other.project.number);

/** Show a ranking: each candidate's number with its votes. */
export function show({ turnout, nodes }) {
  const rows = inOrder(nodes).map(({ votes, project }) => `${project.number} has ${votes}`);
  console.log(`${turnout.ballots} ballots: ${rows.join(', ')}`);
}

/** Say how many rows an answer brought. */
export const came = ({ nodes }) => console.log(`${nodes.length} rows came`);
