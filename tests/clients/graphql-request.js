// graphql-request, which knows queries and mutations; its users take graphql-sse for what is live, over fetch as well.
import { createClient } from 'graphql-sse';
import { GraphQLClient } from 'graphql-request';

export function connect(url, token) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const client = new GraphQLClient(url, { headers, errorPolicy: 'all' });
  const stream = createClient({ url, headers });
  return {
    ask: (operation, variables) => client.rawRequest(operation, variables),
    watch: (query, variables, heard) =>
      stream.subscribe({ query, variables }, { next: ({ data }) => heard(data), error: console.error, complete() {} }),
    close: () => stream.dispose(),
  };
}
