// A live ranking with Apollo Client, whose cache puts live rows over those of a query by their ids: node apollo.js [URL]
// npm install @apollo/client graphql graphql-ws rxjs ws
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
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
  query ApolloRanking {
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
  subscription ApolloLive {
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

const [url = 'http://127.0.0.1:8000/graphql'] = process.argv.slice(2);
const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: Infinity });
const isLive = ({ operationType }) => operationType === 'subscription';
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(isLive, new GraphQLWsLink(socket), new HttpLink({ uri: url })),
});

await client.query({ query: RANKING });
client.watchQuery({ query: RANKING, fetchPolicy: 'cache-only' }).subscribe(({ data }) => data && show(data.results));
client.subscribe({ query: LIVE }).subscribe(({ data, error }) => {
  if (error) return console.error(error.message); // the results are hidden, say: they follow once they may be seen
  const answer = data.resultsChanged;
  came(answer);
  // The votes and ranks of rows that are shown are in the cache by now; this lets rows come and go.
  client.cache.updateQuery({ query: RANKING }, ({ results }) => ({
    results: { ...results, turnout: answer.turnout, nodes: merged(results.nodes, answer) },
  }));
});
