// A live ranking with Relay, whose store puts live rows over those of a query by their ids; no React: node relay.js [URL]
// npm install relay-runtime relay-compiler graphql-ws ws; cp ../../schema.graphql relay; npx relay-compiler relay/relay.config.json
import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';
import WebSocket from 'ws';
import { came, merged, show } from './merging.js';
import LIVE from './relay/__generated__/operationsLiveSubscription.graphql.js';
import RANKING from './relay/__generated__/operationsRankingQuery.graphql.js';

const { Environment, Network, Observable, RecordSource, Store } = relay;
const [url = 'http://127.0.0.1:8000/graphql'] = process.argv.slice(2);
const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: Infinity });

async function ask({ text }, variables) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
  return response.json();
}

const watch = ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text, variables }, sink));
const environment = new Environment({ network: Network.create(ask, watch), store: new Store(new RecordSource()) });

await relay.fetchQuery(environment, RANKING, {}).toPromise();
const operation = relay.createOperationDescriptor(RANKING, {});
environment.retain(operation);
const shown = environment.lookup(operation.fragment);
environment.subscribe(shown, ({ data }) => show(data.results));
show(shown.data.results);

relay.requestSubscription(environment, {
  subscription: LIVE,
  variables: {},
  onError: (error) => console.error(error.message),
  // The votes and ranks of rows that are shown are in the store by themselves; this lets rows come and go.
  updater(store) {
    const answer = store.getRootField('resultsChanged');
    const results = store.getRoot().getLinkedRecord('results', { first: 20 });
    const [onlyChanges, removedIds] = [answer.getValue('onlyChanges'), answer.getValue('removedIds')];
    const nodes = answer.getLinkedRecords('nodes');
    came({ nodes });
    const rows = merged(results.getLinkedRecords('nodes'), { onlyChanges, removedIds, nodes }, (row) => row.getDataID());
    results.setLinkedRecords(rows, 'nodes');
    results.setLinkedRecord(answer.getLinkedRecord('turnout'), 'turnout');
  },
});
