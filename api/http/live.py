"""Everything about live results that a server has: the sockets, the streams, and what their clients watch."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.http.endpoint import GraphQLEndpoint
from api.http.sockets import Sockets
from api.http.streams import Streams, concerns_streams
from api.http.watching import Watch


@dataclass(frozen=True)
class GraphQL:
    """One address for everything: queries and mutations by HTTP, event streams, and WebSockets."""

    endpoint: GraphQLEndpoint
    watch: Watch
    sockets: Sockets
    streams: Streams

    @classmethod
    def of(cls, endpoint: GraphQLEndpoint, watch: Watch) -> "GraphQL":
        """The endpoint with what is watched through it."""
        return cls(endpoint, watch, Sockets(watch), Streams(watch))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        answering = self.streams if concerns_streams(request) else self.endpoint
        await (await answering.answer(request))(scope, receive, send)

    async def close(self) -> None:
        """End what would go on for ever; the server is about to stop."""
        await self.streams.close()
        await self.watch.close()
