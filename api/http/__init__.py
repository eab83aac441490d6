"""GraphQL over HTTP: what a request asks, in which form and language it wants the answer, and how it is answered."""
