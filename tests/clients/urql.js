// urql's core, with its own transport for queries and graphql-ws for subscriptions.
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export function connect(url, token) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: headers });
  const client = new Client({
    url,
    fetchOptions: { headers },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }),
        }),
      }),
    ],
  });
  const settled = ({ data, error }) => ({ data, errors: error?.graphQLErrors });
  return {
    ask: async (operation, variables) =>
      settled(await client[operation.startsWith('query') ? 'query' : 'mutation'](operation, variables).toPromise()),
    watch: (operation, variables, heard) =>
      client.subscription(operation, variables).subscribe(({ data }) => data && heard(data)).unsubscribe,
    close: () => socket.dispose(),
  };
}
