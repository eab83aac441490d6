"""Does the voting page load ahead just what it needs at first?"""

import posixpath
import re

from starlette.requests import Request

from api.pages.assets import Assets
from api.pages.voting_page import VotingPage

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


async def test_what_is_imported_at_once_is_loaded_ahead_and_nothing_else() -> None:
    assets = Assets()
    response = await VotingPage(assets).serve(Request({"type": "http"}))
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', bytes(response.body).decode())
    needed = needed_at_first(assets, "vote/main.js")
    assert "vote/ranking/ranking.js" not in needed
    assert sorted(ahead) == sorted(f"{assets.prefix}/{name}" for name in needed)
