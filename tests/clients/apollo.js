// Apollo Client's core, with its cache, HTTP for queries and graphql-ws for subscriptions.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export function connect(url, token) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: headers });
  const live = ({ operationType }) => operationType === 'subscription';
  const client = new ApolloClient({
    cache: new InMemoryCache({
      possibleTypes: { BallotRule: ['ChoiceCountRule'], RuleViolation: ['TooFewChoices', 'QuotaExhausted'] },
    }),
    link: ApolloLink.split(live, new GraphQLWsLink(socket), new HttpLink({ uri: url, headers })),
  });
  const options = (document) => ({ errorPolicy: 'all', [document.startsWith('query') ? 'query' : 'mutation']: gql(document) });
  const settled = ({ data, error }) => ({ data, errors: error?.errors });
  return {
    ask: async (document, variables) => {
      const asked = { ...options(document), variables };
      return settled(await (document.startsWith('query') ? client.query(asked) : client.mutate(asked)));
    },
    watch: (document, variables, heard) => {
      const watched = client.subscribe({ query: gql(document), variables }).subscribe(({ data }) => heard(data));
      return () => watched.unsubscribe();
    },
    close: () => (client.stop(), socket.dispose()),
  };
}
