"""Do traces reach a collector, with the steps of a request, and without what was asked or by whom?"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import aiohttp
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.commands import pingxuan, succeeded
from tests.servers import SECRET, Client, serving

pytestmark = pytest.mark.any_engine


class Collector(ThreadingHTTPServer):
    """Speaks OTLP over HTTP: takes batches of spans."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.bodies: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"

    @property
    def batches(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]

    @property
    def spans(self) -> list[Span]:
        return [
            span for batch in self.batches for one in batch.resource_spans for s in one.scope_spans for span in s.spans
        ]


class Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def collecting() -> Iterator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            collector.shutdown()
            thread.join()


def facts(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


async def test_the_steps_of_a_ballot_are_spans_of_one_trace(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with collecting() as collector:
        with serving(new_sqlite(), TRACING=collector.url) as server:
            api = Client(http, server)
            token = await api.sign_in("somebody by name")
            payload = await api.cast(token)
            request = (await api.post({"query": "query Known { campaign { slug } }"})).headers["X-Request-Id"]
        spans = collector.spans  # the last ones are sent when the server stops
    requests = [span for span in spans if span.name == "request"]
    assert [facts(span)["graphql.operation.name"] for span in requests] == ["SignIn", "Cast", "Known"]
    assert facts(requests[2])["request"] == request
    assert facts(requests[1])["http.response.status_code"] == 200
    steps = [span.name for span in spans if span.parent_span_id == requests[1].span_id]
    assert steps == ["prepare", "execute"]
    (commit,) = [span for span in spans if span.name == "commit"]
    assert facts(commit)["ballots"] == 1
    assert not commit.parent_span_id, "it serves many requests, so it is no part of one"
    assert "refresh" in {span.name for span in spans}
    told = b"".join(collector.bodies)
    for secret in (token, "somebody", "project/", payload["ballot"]["id"], payload["viewer"]["id"], "castBallot"):
        assert secret.encode() not in told
    assert b"pingxuan" in told


async def test_a_collector_that_is_away_harms_nobody(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), TRACING="http://127.0.0.1:1/v1/traces", noisy=True) as server:
        api = Client(http, server)
        assert (await api.cast(await api.sign_in()))["ballot"]


def test_without_the_optional_part_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    succeeded(tmp_path, "migrate")
    absent = tmp_path / "absent"
    absent.mkdir()
    (absent / "sitecustomize.py").write_text('import sys\nsys.modules["opentelemetry"] = None\n')
    monkeypatch.setenv("PYTHONPATH", str(absent))
    done = pingxuan(tmp_path, "serve", forked=False, SECRET=SECRET, TRACING="http://127.0.0.1:4318/v1/traces")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install pingxuan[tracing]" in done.stderr
