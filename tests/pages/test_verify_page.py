"""Is the page that checks logs whole, in one file that a policy holds to itself, and does it say so where it cannot be made?"""

import base64
import hashlib
import re
import shutil
from pathlib import Path

import pytest

from api.pages.assets import STATIC, Assets
from api.pages.verify_page import LIBRARIES, VerifyPage
from tests.node import needs_node, output

ASSETS = Assets()
WORDS = STATIC / "verify" / "words.js"
needs_libraries = pytest.mark.skipif(
    not set(LIBRARIES) <= set(ASSETS.names("vendor")), reason="`make assets` was not run here, so this was NOT tested"
)


async def page_of(assets: Assets) -> tuple[int, str, str]:
    response = await VerifyPage(assets).serve(None)  # type: ignore[arg-type]
    return response.status_code, bytes(response.body).decode(), response.headers["content-security-policy"]


@needs_libraries
async def test_it_is_one_file_that_may_do_nothing_else() -> None:
    status, html, policy = await page_of(ASSETS)
    assert status == 200
    assert not re.findall(r"<(?:script|link|img)[^>]* (?:src|href)=\"(?!data:)", html)
    assert "{{" not in html
    assert "connect-src 'none'" in policy
    parts = re.findall(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", html, re.DOTALL)
    assert [name for name, _ in parts] == ["style", "script", "script", "script"]
    for name, text in parts:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert re.search(rf"{name}-src[^;]*'sha256-{re.escape(digest)}'", policy)


@needs_node
@needs_libraries
async def test_the_modules_are_one_script(tmp_path: Path) -> None:
    _, html, _ = await page_of(ASSETS)
    script = html.rpartition('<script type="module">')[2].partition("</script>")[0]
    assert not re.findall(r"^(?:import|export) ", script, re.MULTILINE)
    (tmp_path / "script.mjs").write_text(script, "utf-8")
    output("node", "--check", tmp_path / "script.mjs")


async def test_without_the_libraries_it_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copytree(STATIC, tmp_path / "pages", ignore=shutil.ignore_patterns("vendor"))
    status, html, _ = await page_of(Assets(tmp_path / "pages"))
    assert status == 503
    assert "make assets" in html
    assert "{{" not in html


def test_both_languages_have_the_same_words_and_all_are_used() -> None:
    zh, en = (re.findall(r"^  .*", half, re.MULTILINE) for half in WORDS.read_text("utf-8").split("export const en"))
    names = [re.findall(r"(?:^|, )\s*(\w+): \"", "\n".join(half), re.MULTILINE) for half in (zh, en)]
    assert sorted(names[0]) == sorted(names[1])
    files = [*WORDS.parent.glob("*.js"), WORDS.parent / "index.html"]
    code = "\n".join(file.read_text("utf-8") for file in files if file != WORDS)
    assert {name for name in names[0] if f'"{name}"' not in code} <= {"saysCOUNTABLE", "saysNOT_YET", "saysBROKEN"}
