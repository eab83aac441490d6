"""GraphQL over WebSockets, as graphql-transport-ws has it."""
