"""GraphQL over WebSockets, by the protocol graphql-transport-ws."""
