"""Does the page leave nobody out: by eye or ear, in the dark, on an old phone?"""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import expect

from api.domain.campaigns.filtering import ProjectOrderField
from api.pages.assets import STATIC
from tests.browser.accessibility import grave
from tests.browser.voting import Enter
from tests.kinds import KINDS
from tests.servers import Client, serving
from tests.stored import store

OURS = sorted(file for file in (STATIC / "vote").rglob("*") if file.suffix in (".js", ".css"))
PROOFS = sorted(file for folder in ("proof", "verify") for file in (STATIC / folder).glob("*.[jc]s*"))
DESKS = sorted((STATIC / "desk").glob("*.[jc]s*"))
LONGEST = 200
WORDS = [file for file in OURS if file.name == "words.js"]
FROM_THE_API = {  # words for values of its enums
    *(f"order_{field.name}" for field in ProjectOrderField),
    *("HELD", "VOIDED", "PENDING", "PROVISIONAL", "FINAL", "PUBLIC_VOTE", "EXPERT_SCORES", "EXPERT_BALLOT"),
}
# What iOS 13 does not know, in JavaScript and in style sheets; both are in the web views of phones in use.
TOO_NEW = {
    ".js": r"\?\.[a-z(\[]|\?\?|replaceChildren|replaceAll|randomUUID|\.at\(|structuredClone"
    r"|this\.#|^await |Promise\.any|showModal|dateStyle|timeStyle|RelativeTimeFormat",
    ".css": r"light-dark\(|color-mix\(|:has\(|:is\(|\binset:|aspect-ratio:|\d[ds]v[hw]\b|@layer|@container|^\s*gap:",
}


@pytest.mark.browser
@pytest.mark.parametrize(
    "eyes",
    [("zh-CN", 360, "light"), ("en-GB", 360, "dark"), ("zh-CN", 1280, "dark"), ("en-GB", 1280, "light")],
    ids=str,
)
async def test_axe_finds_nothing_serious_on_any_view(
    enter: Enter, axe: str, api: Client, eyes: tuple[str, int, str]
) -> None:
    locale, width, scheme = eyes
    await api.cast(await api.sign_in(), range(5, 20))
    booth = await enter(locale, width, color_scheme=scheme, reduced_motion="reduce")
    await booth.open()
    assert await grave(booth.page, axe) == [], "the candidates"
    await booth.choose(*range(1, 10))
    await booth.open("/#/candidate/2")
    await expect(booth.page.get_by_role("dialog").locator("dl")).to_be_visible()
    assert await grave(booth.page, axe) == [], "a candidate"
    await booth.page.keyboard.press("Escape")
    await booth.review()
    assert await grave(booth.page, axe) == [], "the ballot, before signing in"
    await booth.sign_in(f"voter {uuid4()}")
    await booth.press_cast()
    assert await grave(booth.page, axe) == [], "the ballot, with a choice missing"
    await booth.page.keyboard.press("Escape")
    await booth.choose(10)
    await booth.review()
    await booth.press_cast()
    await booth.receipt()
    assert await grave(booth.page, axe) == [], "the receipt"
    await booth.open("/#/ranking")
    await expect(booth.page.locator("canvas")).to_have_count(2)
    await expect(booth.page.locator(".state.live")).to_be_visible()
    assert await grave(booth.page, axe) == [], "the ranking"
    assert await booth.page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
async def test_axe_finds_nothing_serious_on_campaigns_of_other_kinds(
    enter: Enter, axe: str, tmp_path: Path, locale: str, scheme: str
) -> None:
    url = f"sqlite://{tmp_path}/kinds.sqlite3"
    store(url, *(kind() for kind in KINDS))
    with serving(url) as server:
        booth = await enter(locale, 320, at=server, color_scheme=scheme, reduced_motion="reduce")
        for address in (
            "/campaigns",
            *(f"/c/{kind().slug}" for kind in KINDS),
            *("/c/volunteers#/candidate/3", "/c/volunteers#/share/1"),
            "/c/nowhere",
        ):
            if address == "/c/nowhere":
                assert booth.request_info.complaints == []
                booth.request_info.troubled = True  # 404 is what the browser complains of
            await booth.open(address)
            await expect(booth.page.locator("[aria-busy=true]")).to_have_count(0)
            assert await grave(booth.page, axe) == [], address
            assert await booth.page.evaluate("document.documentElement.scrollWidth") <= 320, address
        await booth.page.goto("about:blank")


@pytest.mark.browser
async def test_whoever_wants_no_motion_gets_none(enter: Enter, api: Client) -> None:
    booth = await enter(reduced_motion="reduce")
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".state.live")).to_be_visible()
    await api.cast(await api.sign_in(), range(21, 31))
    moving = "document.getAnimations().length + [...document.querySelectorAll('[style*=translate]')].length"
    for _ in range(20):
        assert await booth.page.evaluate(moving) == 0
        await asyncio.sleep(0.1)


@pytest.mark.browser
async def test_a_dialog_takes_the_focus_and_gives_it_back(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.review()
    assert await booth.page.evaluate("document.activeElement.id") == "dialog-title"
    await booth.page.keyboard.press("Escape")
    await expect(booth.page.get_by_role("dialog")).to_have_count(0)
    assert await booth.page.evaluate("document.activeElement.id") == "review"


@pytest.mark.browser
async def test_back_does_not_open_a_dialog_again_that_was_closed(enter: Enter) -> None:
    booth = await enter()
    await booth.open("/#/ranking")
    await booth.page.get_by_role("link", name="Vote", exact=True).click()
    await booth.page.locator(".details").first.click()
    dialog = booth.page.get_by_role("dialog")
    await dialog.get_by_role("link", name="Close").click()
    await expect(dialog).to_have_count(0)
    await booth.page.go_back()
    await expect(booth.page.locator("#standings")).to_be_visible()


@pytest.mark.browser
async def test_a_module_that_does_not_come_leaves_words_and_a_way_on(enter: Enter) -> None:
    booth = await enter()
    booth.request_info.troubled = True
    await booth.page.route("**/tray.js", lambda route: route.abort())
    await booth.page.goto(booth.request_info.server.origin)
    async with booth.page.expect_navigation():
        await booth.page.get_by_role("link", name="load it again").click()
    await expect(booth.page.get_by_role("link", name="重新载入")).to_be_visible()
    await booth.page.unroute("**/tray.js")
    await booth.page.get_by_role("link", name="load it again").click()
    await expect(booth.page.locator(".card")).to_have_count(50)


@pytest.mark.parametrize("file", WORDS, ids=lambda file: file.parent.name)
def test_both_languages_have_the_same_words_and_all_are_used(file: Path) -> None:
    zh, en = (re.findall(r"^  .*", half, re.MULTILINE) for half in file.read_text("utf-8").split("export const en"))
    names = [re.findall(r"(?:^|, )\s*(\w+): \"", "\n".join(half), re.MULTILINE) for half in (zh, en)]
    assert sorted(names[0]) == sorted(names[1])
    code = "\n".join(file.read_text("utf-8") for file in OURS if file.suffix == ".js" and file not in WORDS)
    assert {name for name in names[0] if f'"{name}"' not in code} <= FROM_THE_API


@pytest.mark.parametrize("file", OURS + PROOFS + DESKS, ids=lambda file: file.name)
def test_a_file_of_the_page_is_short_and_needs_nothing_that_old_phones_lack(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith(("//", "/*")), "its first line says what question it answers"
    assert len(text.splitlines()) <= LONGEST
    code = re.sub(r"/\*.*?\*/|//.*|`[^`]*`", "", text, flags=re.DOTALL if file.suffix == ".css" else 0)
    assert re.findall(TOO_NEW[file.suffix], code, re.MULTILINE) == []
