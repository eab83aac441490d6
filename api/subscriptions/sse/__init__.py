"""GraphQL over server-sent events, by the protocol graphql-sse."""
