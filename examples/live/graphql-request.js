// A live ranking with graphql-request and, for what is live, graphql-sse; rows are merged by hand: node graphql-request.js [URL]
// npm install graphql graphql-request graphql-sse
import { gql, request } from 'graphql-request';
import { createClient } from 'graphql-sse';
import { came, merged, show } from './merging.js';

const ROWS = 'turnout { ballots } nodes { id rank votes project { number } }';
const RANKING = gql`query RequestRanking { results(first: 20) { ${ROWS} } }`;
const LIVE = gql`
  subscription RequestLive {
    resultsChanged(first: 20, onlyChanges: true) { onlyChanges removedIds ${ROWS} }
  }
`;

const [url = 'http://127.0.0.1:8000/graphql'] = process.argv.slice(2);
let { results } = await request(url, RANKING);
show(results);
for await (const { data, errors } of createClient({ url, retryAttempts: Infinity }).iterate({ query: LIVE })) {
  if (errors) {
    console.error(errors[0].message); // the results are hidden, say: they follow once they may be seen
    continue;
  }
  const answer = data.resultsChanged;
  came(answer);
  results = { turnout: answer.turnout, nodes: merged(results.nodes, answer) };
  show(results);
}
