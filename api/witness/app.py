"""The web application of a witness: where logs have checkpoints cosigned, and where people look."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.domain.log.witness_protocol import PATH
from api.witness.cosigner import Answer, Cosigner

MAX_BODY_BYTES = 64 * 1024


def witness_app(cosigner: Cosigner) -> Starlette:
    """The application of this witness. What is longer than MAX_BODY_BYTES gets 413."""

    async def add_checkpoint(request: Request) -> Response:
        return _response(await asyncio.to_thread(cosigner.answer, await request.body()))

    async def checkpoint(request: Request) -> Response:
        return _response(await asyncio.to_thread(cosigner.checkpoint, request.path_params["digest"]))

    async def summary(_: Request) -> Response:
        return _response(await asyncio.to_thread(cosigner.summary))

    routes = [
        Route(PATH, add_checkpoint, methods=["POST"]),
        Route("/{digest}/checkpoint", checkpoint),
        Route("/", summary),
    ]
    return Starlette(routes=routes, max_body_size=MAX_BODY_BYTES)


def _response(answer: Answer) -> Response:
    # As it stands: to what begins with `text/` Starlette would add a charset, which a size has not.
    return Response(answer.text.encode(), answer.status, {"Content-Type": answer.content_type})
