// How graphql-ws and graphql-sse, which are alike, are asked once and watched.
export function overOne(client) {
  return {
    async ask(query, variables) {
      for await (const result of client.iterate({ query, variables })) return result;
    },
    watch: (query, variables, heard) =>
      client.subscribe({ query, variables }, { next: ({ data }) => heard(data), error: console.error, complete() {} }),
    close: () => client.dispose(),
  };
}
