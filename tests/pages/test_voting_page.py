"""Does the voting page load ahead just what it needs at first?"""

import posixpath
import re
from datetime import datetime

import pytest
from starlette.requests import Request

from api.domain.campaigns.directory import Directory
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.pages.assets import Assets
from api.pages.voting_page import Published, VotingPage
from api.services.snapshots import Snapshot
from tests.campaigns import DURING, SLUG, a_campaign

IMPORT = re.compile(r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"', re.MULTILINE)


def needed_at_first(assets: Assets, name: str) -> set[str]:
    """A module with all that it and they import at once; not what is imported later, by a call."""
    found, waiting = set[str](), [name]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            targets = (one or other for one, other in IMPORT.findall(assets.text(module)))
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(module), target)) for target in targets]
    return found


async def published() -> tuple[Snapshot, datetime]:
    return Snapshot(Directory({SLUG: a_campaign()}, {}), {}, DURING), DURING


async def away() -> tuple[Snapshot, datetime]:
    raise ApiError(ErrorCode.OVERLOADED, Text("数据库不可用。", "The database is away."))


def asked(slug: str | None = None) -> Request:
    path = "/" if slug is None else f"/c/{slug}"
    given = {"path": path, "path_params": {} if slug is None else {"slug": slug}}
    return Request({"type": "http", "headers": [], "query_string": b"", **given})


@pytest.mark.parametrize(
    ("known", "slug", "status"),
    [(published, None, 200), (published, SLUG, 200), (published, "no-such-vote", 404), (away, "no-such-vote", 200)],
)
async def test_the_address_of_no_campaign_answers_404_with_the_page_that_says_so(
    known: Published, slug: str | None, status: int
) -> None:
    response = await VotingPage(Assets(), known).serve(asked(slug))
    assert response.status_code == status
    assert b"vote/main.js" in bytes(response.body)
    assert response.headers["Vary"] == "Accept, Accept-Encoding, Accept-Language"
    assert (b"noindex" in bytes(response.body)) == (status == 404)


async def test_what_is_imported_at_once_is_loaded_ahead_and_nothing_else() -> None:
    assets = Assets()
    response = await VotingPage(assets, published).serve(asked())
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', bytes(response.body).decode())
    needed = needed_at_first(assets, "vote/main.js")
    assert "vote/ranking/ranking.js" not in needed
    assert sorted(ahead) == sorted(f"{assets.prefix}/{name}" for name in needed)
