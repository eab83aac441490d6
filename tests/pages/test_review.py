"""Does the experts' page load what it needs, under a strict policy, and say everything in both languages?"""

import re

from starlette.requests import Request
from starlette.responses import Response

from api.pages.assets import STATIC, Assets
from api.pages.modules import needed_modules
from api.pages.review import ReviewPage

REVIEW = STATIC / "review"
CODE = "\n".join(file.read_text("utf-8") for file in REVIEW.glob("*.js") if not file.name.startswith("words-"))
MADE = r"(filter|saving|state)_"  # names that are put together
SAID = {"abstain", "recuse"}  # with what goes by their names


async def served() -> Response:
    return await ReviewPage(Assets()).serve(Request({"type": "http"}))


def words(tag: str) -> list[str]:
    """The names of the words in a language."""
    lines = re.findall(r"^  .*", (REVIEW / f"words-{tag}.js").read_text("utf-8"), re.MULTILINE)
    return re.findall(r"(?:^|, )\s*(\w+): \"", "\n".join(lines), re.MULTILINE)


async def test_all_modules_are_loaded_ahead_so_that_the_page_goes_on_without_a_network() -> None:
    assets = Assets()
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', bytes((await served()).body).decode())
    assert sorted(ahead) == sorted(f"{assets.prefix}/{name}" for name in needed_modules(assets, "review/main.js"))
    assert {name.rpartition("/")[2] for name in ahead} >= {file.name for file in REVIEW.glob("*.js")}, "none is idle"


async def test_the_policy_takes_no_pictures_from_elsewhere_and_no_frames() -> None:
    policy = (await served()).headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "img-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert not re.search("unsafe|data:|blob:", "; ".join(policy))


def test_the_page_has_the_same_words_in_both_languages_and_all_are_used() -> None:
    chinese, english = words("zh"), words("en")
    assert sorted(chinese) == sorted(english)
    assert len(set(chinese)) == len(chinese)
    made = [name for name in chinese if re.match(MADE, name) or re.sub("(Help|Done)$", "", name) in SAID]
    assert [name for name in chinese if f'"{name}"' not in CODE and name not in made] == []
