"""Is a page's catalogue a module beside its files, made when it is asked for, under an address that changes with it?"""

import json
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.catalogues import page_words
from api.domain.texts import Language
from api.pages import assets
from api.pages.assets import Assets
from api.pages.translations import PAGES, words_as_json


async def served(files: Assets, name: str) -> Response:
    params = {"digest": files.digest, "name": name}
    return await files.serve(Request({"type": "http", "headers": [], "path": f"/{name}", "path_params": params}))


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_finds_all_that_it_says_in_a_module_of_its_folder(page: str) -> None:
    response = await served(Assets(), f"{page}/words-zh-Hant.js")
    assert response.status_code == 200
    assert response.media_type == "text/javascript; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]
    module = bytes(response.body).decode()
    words = json.loads(module.removeprefix("export default ").rstrip().removesuffix(";"))
    known = page_words(Language.ZH_HANT, page)
    assert words == {chinese: text for chinese, text in known.items() if text != chinese}
    assert len(words) >= 10


@pytest.mark.parametrize("name", ["vote/words-zh.js", "vote/words-fr.js", "verify/words-zh-Hant.js"])
async def test_there_is_none_of_a_language_without_a_catalogue(name: str) -> None:
    assert (await served(Assets(), name)).status_code == 404


def test_another_catalogue_has_other_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = Assets().digest
    (tmp_path / "zh_Hant.po").write_text("another")
    monkeypatch.setattr(assets, "sources", lambda: [tmp_path / "zh_Hant.po"])
    assert Assets().digest != before


def test_words_within_a_page_cannot_end_the_script_that_holds_them() -> None:
    words = words_as_json("verify")
    assert "<" not in words
    assert json.loads(words)["zh-Hant"]["核对公开日志"] == "核對公開日誌"
