"""Build the web application: its endpoints, its routes, and the middleware around them."""

from collections.abc import Awaitable
from functools import partial

from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.bootstrap.services import Services, open_services
from api.execution.documents import Documents
from api.execution.engines import ENGINES
from api.execution.subscriptions import SubscriptionExecutor
from api.graph import CHOICES, LIST_SIZES, TEXT_COSTS, schema
from api.graphql_app import GraphQLApp
from api.http import images
from api.http.endpoint import GraphQLEndpoint
from api.http.health import Readiness, healthz
from api.http.routing_errors import web_application
from api.instrumentation import Gauge
from api.middleware.client_address import Proxies
from api.middleware.edge import EdgeMiddleware, EdgePolicy
from api.middleware.request_log import RequestLogMiddleware
from api.pages.assets import ROUTE, shipped_assets
from api.pages.desk import DeskPage
from api.pages.playground import Playground
from api.pages.review import ReviewPage
from api.pages.voting_page import ADDRESSES, VotingPage
from api.services.results_feed import ResultsFeed
from api.settings import Settings
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.registry import TopicRegistry

__all__ = ["Services", "application", "open_services"]


def application(services: Services, settings: Settings) -> ASGIApp:
    """The application on these services: what is asked most often goes past the router."""
    assets = shipped_assets()
    graphql = _graphql_app(services, settings)
    playground, page = Playground(assets, graphql), VotingPage(assets)
    readiness = Readiness(partial(services.database.rows, "select 1 as one"), services.snapshots, services.clock)
    images_endpoint = images.ImagesEndpoint(services.images, services.context, settings.limits)
    routes: list[BaseRoute] = [
        Route("/graphql", playground),
        WebSocketRoute("/graphql", graphql.websockets),
        *(Route(address, page.serve) for address in ADDRESSES),
        Route("/desk", DeskPage(assets).serve),
        Route("/review", ReviewPage(assets).serve),
        Route(ROUTE, assets.serve),
        Route(images.UPLOAD, images_endpoint.upload, methods=["POST"]),
        Route(images.SERVE, images_endpoint.serve),
        Route("/healthz", healthz),
        Route("/readyz", readiness.answer),
    ]
    app = fast_path("/graphql", playground, web_application(routes))
    policy = EdgePolicy(
        settings.hosts, settings.origins, settings.proxies, settings.proxy_header == "forwarded", settings.hsts
    )
    edge = EdgeMiddleware(app, policy, services.rate_limiter)
    from_proxy = Proxies(settings.proxies).sent_by_proxy
    return RequestLogMiddleware(edge, services.instrumentation, settings.access_log, from_proxy)


def _graphql_app(services: Services, settings: Settings) -> GraphQLApp:
    published, introspection, limits = schema()._schema, settings.introspection, settings.limits
    maxima = {CHOICES: services.snapshots.most_candidates}
    documents = Documents(published, limits, {**LIST_SIZES, **TEXT_COSTS}, maxima=maxima, introspection=introspection)
    engine = ENGINES[settings.execution](published, suggestions=introspection)
    endpoint = GraphQLEndpoint(services.context, documents, engine, limits, services.instrumentation)
    executor = SubscriptionExecutor(published, documents, suggestions=introspection)
    topics = TopicRegistry(executor, services.context, limits, services.instrumentation)
    results_feed = ResultsFeed(services.snapshots, services.authenticator, services.clock)
    manager = SubscriptionManager(endpoint, services.context, results_feed, topics, services.instrumentation)
    graphql = GraphQLApp(endpoint, manager, limits, services.instrumentation)
    services.instrumentation.register_gauge(Gauge.TOPICS, lambda: len(topics))
    services.on_shutdown.append(graphql.close)
    return graphql


def fast_path(path: str, app: ASGIApp, others: ASGIApp) -> ASGIApp:
    """Send HTTP requests for this path straight to its app; nearly all requests are, and need no router."""

    def front(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_direct = scope["type"] == "http" and scope["path"] == path
        return (app if is_direct else others)(scope, receive, send)

    return front
