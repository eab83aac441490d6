"""One address for everything: queries and mutations by HTTP, event streams, and WebSockets."""

from collections.abc import Awaitable

from starlette.types import Receive, Scope, Send

from api.domain.limits import Limits
from api.http.endpoint import GraphQLEndpoint
from api.http.scoreboard import Scoreboard
from api.http.sockets import Sockets
from api.http.streams import Streams, concerns_streams
from api.watching import Gauge, Watch


class GraphQL:
    """The endpoint with what is watched through it."""

    def __init__(self, endpoint: GraphQLEndpoint, board: Scoreboard, limits: Limits, watch: Watch) -> None:
        self._endpoint = endpoint
        self._board = board
        self._streams = Streams(board, limits, watch)
        self.sockets = Sockets(board, limits)
        watch.follow(Gauge.SOCKETS, lambda: len(self.sockets))
        watch.follow(Gauge.STREAMS, lambda: len(self._streams))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """One HTTP request."""
        answering = self._streams if concerns_streams(scope) else self._endpoint
        return answering(scope, receive, send)

    async def close(self) -> None:
        """End what would go on for ever; the server is about to stop."""
        await self._streams.close()
        await self._board.close()
