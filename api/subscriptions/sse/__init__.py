"""GraphQL over server-sent events, as graphql-sse has it."""
