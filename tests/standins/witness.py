"""A witness in trouble: it answers what the test says, or as one of FAULTS does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from aiohttp import web

from api.domain.log.witness_protocol import PATH, Submission
from tests.standins import misbehave, running


class Said(NamedTuple):
    """An answer."""

    status: int
    text: str
    content_type: str = "text/plain"


@contextmanager
def standing_in(answer: Callable[[Submission], Said] | str) -> Iterator[str]:
    """Its address. answer: a fault, or what it makes of a submission."""

    async def add_checkpoint(request: web.Request) -> web.StreamResponse:
        if isinstance(answer, str):
            return await misbehave(answer)
        said = answer(Submission.parse(await request.read()))
        return web.Response(status=said.status, text=said.text, content_type=said.content_type)

    app = web.Application()
    app.router.add_post(PATH, add_checkpoint)
    with running(app) as url:
        yield url
