"""The ASGI application of /graphql: queries and mutations over HTTP, event streams, and WebSockets."""

import asyncio
from collections.abc import Awaitable

from starlette.types import Receive, Scope, Send

from api.http.endpoint import GraphQLEndpoint
from api.instrumentation import Gauge, Instrumentation
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.sse.endpoint import SseEndpoint, is_sse_request
from api.subscriptions.websocket.endpoint import WebSocketEndpoint


class GraphQLApp:
    """Routes HTTP requests to GraphQL over HTTP, `endpoint`, or to event streams; `websockets` is that of WebSockets."""

    def __init__(
        self, endpoint: GraphQLEndpoint, manager: SubscriptionManager, limits: Limits, instrumentation: Instrumentation
    ) -> None:
        self.endpoint = endpoint
        self._manager = manager
        self._sse = SseEndpoint(manager, limits, instrumentation)
        self.websockets = WebSocketEndpoint(manager, limits)
        instrumentation.register_gauge(Gauge.SOCKETS, lambda: len(self.websockets))
        instrumentation.register_gauge(Gauge.STREAMS, lambda: len(self._sse))

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        app = self._sse if is_sse_request(scope) else self.endpoint
        return app(scope, receive, send)

    async def close(self) -> None:
        """End the sockets, the event streams and the updates of topics, none of which ends by itself, as the server stops."""
        try:
            await asyncio.gather(self._sse.close(), self.websockets.close())
        finally:
            await self._manager.close()
