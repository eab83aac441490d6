"""Build the web application: its endpoints, its routes, and the middleware around them."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api import catalogues
from api.bootstrap.services import Services, open_services
from api.execution.documents import Documents
from api.execution.engines import ENGINES
from api.execution.subscriptions import SubscriptionExecutor
from api.graph import CHOICES, TEXT_COSTS
from api.graphql_app import GraphQLApp
from api.http import images, job_files, log_files, schema_file
from api.http.endpoint import GraphQLEndpoint
from api.http.executor import OperationExecutor
from api.http.health import Readiness, healthz
from api.http.routing_errors import web_application
from api.instrumentation import Gauge
from api.middleware.client_address import Proxies
from api.middleware.edge import Edge, EdgeMiddleware, EdgePolicy
from api.middleware.plain_posts import PATH, PlainPosts
from api.middleware.request_log import RequestLog, RequestLogMiddleware
from api.pages import calendar_page
from api.pages.assets import ROUTE, Assets, shipped_assets
from api.pages.desk import DeskPage
from api.pages.playground import Playground
from api.pages.review import ReviewPage
from api.pages.verify_page import VerifyPage
from api.pages.voting_page import ADDRESSES, VotingPage
from api.services.log.openings import LogOpenings
from api.services.results_feed import ResultsFeed
from api.settings import Settings
from api.storage.job_changes import SqlJobChanges
from api.subgraph import served, served_sdl
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.registry import TopicRegistry

__all__ = ["Services", "application", "open_services"]


class WebApplication(NamedTuple):
    """The ASGI application, and what plain POSTs to the GraphQL endpoint pass without it; None while requests are traced.

    begin_to_stop: has readiness say that the server stops.
    """

    asgi: ASGIApp
    plain_posts: PlainPosts | None
    begin_to_stop: Callable[[], None]


def application(services: Services, settings: Settings) -> WebApplication:
    """The application on these services: what is asked most often goes past the router."""
    catalogues.install()
    assets = shipped_assets(settings.root_path)
    graphql = _graphql_app(services, settings)
    playground = Playground(assets, graphql)
    readiness = Readiness(partial(services.database.rows, "select 1 as one"), services.snapshots, services.clock)
    probes = [Route("/healthz", healthz), Route("/readyz", readiness.answer)]
    front = [Route(PATH, playground), WebSocketRoute(PATH, graphql.websockets)]
    routes = [*front, *_routes(services, settings, assets), *probes]
    app = fast_path(PATH, playground, web_application(routes, root_path=settings.root_path))
    policy = EdgePolicy(
        settings.hosts, settings.origins, settings.proxies, settings.proxy_header == "forwarded", settings.hsts
    )
    edge = Edge(policy, services.rate_limiter)
    request_log = RequestLog(services.instrumentation, settings.access_log, Proxies(settings.proxies).is_trusted)
    asgi = RequestLogMiddleware(EdgeMiddleware(app, edge), request_log, services.instrumentation)
    plain_posts = PlainPosts(request_log, edge, graphql.endpoint.respond, settings.limits.body)
    return WebApplication(asgi, None if settings.tracing else plain_posts, readiness.begin_to_stop)


def _routes(services: Services, settings: Settings, assets: Assets) -> list[BaseRoute]:
    """The routes of pages, files and probes."""
    page = VotingPage(assets, services.published)
    images_endpoint = images.ImagesEndpoint(services.images, services.context, settings.limits, settings.root_path)
    files = job_files.JobFilesEndpoint(services.jobs, services.context, settings.limits)
    logs = log_files.LogFilesEndpoint(
        services.logs, LogOpenings(services.logs.reader), services.published, settings.root_path
    )
    schema = schema_file.SchemaEndpoint(partial(served_sdl, settings.federation) if settings.introspection else None)
    return [
        *(Route(address, page.serve) for address in ADDRESSES),
        Route(calendar_page.ADDRESS, calendar_page.CalendarPage(services.published, settings.root_path).serve),
        Route("/desk", DeskPage(assets).serve),
        Route("/review", ReviewPage(assets).serve),
        Route("/verify", VerifyPage(assets).serve),
        Route(ROUTE, assets.serve),
        Route(images.UPLOAD, images_endpoint.upload, methods=["POST"]),
        Route(images.SERVE, images_endpoint.serve),
        Route(job_files.FILE, files.serve, methods=job_files.METHODS),
        Route(log_files.ROUTE, logs.serve),
        Route(schema_file.ROUTE, schema.serve),
    ]


def _graphql_app(services: Services, settings: Settings) -> GraphQLApp:
    published, sizes = served(settings.federation)
    introspection, limits = settings.introspection, settings.limits
    maxima = {CHOICES: services.snapshots.most_candidates}
    documents = Documents(published, limits, {**sizes, **TEXT_COSTS}, maxima=maxima, introspection=introspection)
    engine = ENGINES[settings.execution](published, suggestions=introspection)
    executor = OperationExecutor(documents, engine, limits, services.instrumentation)
    endpoint = GraphQLEndpoint(services.context, services.context_now, executor, limits, services.instrumentation)
    subscriptions = SubscriptionExecutor(published, documents, suggestions=introspection)
    topics = TopicRegistry(subscriptions, services.context, limits, services.instrumentation)
    results_feed = ResultsFeed(
        services.snapshots, services.authenticator, services.clock, SqlJobChanges(services.database)
    )
    manager = SubscriptionManager(executor, services.context, results_feed, topics, services.instrumentation)
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
