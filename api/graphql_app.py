"""One address for everything: queries and mutations by HTTP, event streams, and WebSockets."""

from collections.abc import Awaitable

from starlette.types import Receive, Scope, Send

from api.http.endpoint import GraphQLEndpoint
from api.instrumentation import Gauge, Instrumentation
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.sse.endpoint import SseEndpoint, concerns_streams
from api.subscriptions.websocket.endpoint import WebSocketEndpoint


class GraphQLApp:
    """The endpoint with what is watched through it."""

    def __init__(
        self, endpoint: GraphQLEndpoint, board: SubscriptionManager, limits: Limits, instrumentation: Instrumentation
    ) -> None:
        self._endpoint = endpoint
        self._board = board
        self._streams = SseEndpoint(board, limits, instrumentation)
        self.sockets = WebSocketEndpoint(board, limits)
        instrumentation.register_gauge(Gauge.SOCKETS, lambda: len(self.sockets))
        instrumentation.register_gauge(Gauge.STREAMS, lambda: len(self._streams))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """One HTTP request."""
        answering = self._streams if concerns_streams(scope) else self._endpoint
        return answering(scope, receive, send)

    async def close(self) -> None:
        """End what would go on for ever; the server is about to stop."""
        await self._streams.close()
        await self._board.close()
