"""One address for everything: queries and mutations by HTTP, event streams, and WebSockets."""

from starlette.types import Receive, Scope, Send

from api.http.endpoint import GraphQLEndpoint
from api.http.sockets import Sockets
from api.http.streams import Streams, concerns_streams
from api.http.watching import Watch


class GraphQL:
    """The endpoint with what is watched through it."""

    def __init__(self, endpoint: GraphQLEndpoint, watch: Watch) -> None:
        self._endpoint = endpoint
        self._watch = watch
        self._streams = Streams(watch)
        self.sockets = Sockets(watch)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        answering = self._streams if concerns_streams(scope) else self._endpoint
        await answering(scope, receive, send)

    async def close(self) -> None:
        """End what would go on for ever; the server is about to stop."""
        await self._streams.close()
        await self._watch.close()
