"""What is the limit of the platform? Routes without GraphQL and without a database: `python -m bench.limit PORT FOLDER`.

/do-nothing decodes a castBallot request, checks its choices and answers. Every file FOLDER/NAME.json is answered at
/fixed/NAME, as bytes. The server is the one that Pingxuan runs on: Starlette on uvicorn with uvloop and httptools.
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ELIGIBLE = frozenset(f"project/shanghai-2017/{number}" for number in range(1, 51))
JSON = "application/json; charset=utf-8"


async def do_nothing(request: Request) -> Response:
    """Decode, check, answer."""
    chosen = orjson.loads(await request.body())["variables"]["input"]["projectIds"]
    distinct = set(chosen)
    if not 10 <= len(distinct) <= 30 or len(distinct) != len(chosen) or not distinct <= ELIGIBLE:
        return Response(orjson.dumps({"errors": [{"message": "no ballot"}]}), media_type=JSON)
    ballot = {"id": "ballot/none", "day": "2017-03-22", "castAt": "2017-03-22T09:00:00+08:00"}
    return Response(orjson.dumps({"data": {"castBallot": {"ballot": ballot, "violations": []}}}), media_type=JSON)


def fixed(content: bytes) -> Callable[[Request], Awaitable[Response]]:
    """A route that answers these bytes."""

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(content, media_type=JSON)

    return answer


async def ready(request: Request) -> Response:
    """That the process listens."""
    return Response(b"{}", media_type=JSON)


def application(folder: Path) -> Starlette:
    """The limits as one application."""
    routes = [Route("/do-nothing", do_nothing, methods=["POST"]), Route("/readyz", ready)]
    for file in sorted(folder.glob("*.json")):
        routes.append(Route(f"/fixed/{file.stem}", fixed(file.read_bytes()), methods=["POST"]))
    return Starlette(routes=routes)


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[2])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
