// A live ranking with urql and its normalized cache, which puts live rows over those of a query by their ids: node urql.js [URL]
// npm install @urql/core @urql/exchange-graphcache graphql graphql-ws ws
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { came, merged, show } from './merging.js';

const ROW = gql`
  fragment Row on Result {
    id
    rank
    votes
    project {
      id
      number
    }
  }
`;
const RANKING = gql`
  query UrqlRanking {
    results(first: 20) {
      turnout {
        ballots
      }
      nodes {
        ...Row
      }
    }
  }
  ${ROW}
`;
const LIVE = gql`
  subscription UrqlLive {
    resultsChanged(first: 20, onlyChanges: true) {
      onlyChanges
      removedIds
      turnout {
        ballots
      }
      nodes {
        ...Row
      }
    }
  }
  ${ROW}
`;

// The votes and ranks of rows that are shown are in the cache by themselves; this lets rows come and go.
function resultsChanged({ resultsChanged: answer }, _, cache) {
  came(answer);
  cache.updateQuery({ query: RANKING }, (held) => {
    const nodes = merged(held.results.nodes, answer);
    return { ...held, results: { ...held.results, turnout: answer.turnout, nodes } };
  });
}

const [url = 'http://127.0.0.1:8000/graphql'] = process.argv.slice(2);
const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: Infinity });
const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    cacheExchange({
      keys: { ResultConnection: () => null, Turnout: () => null }, // these have no ids and belong to what they stand in
      updates: { Subscription: { resultsChanged } },
    }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

await client.query(RANKING, {}).toPromise();
client.query(RANKING, {}, { requestPolicy: 'cache-only' }).subscribe(({ data }) => data && show(data.results));
client.subscription(LIVE, {}).subscribe(({ error }) => {
  if (error) console.error(error.message); // the results are hidden, say: they follow once they may be seen
});
