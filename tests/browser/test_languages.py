"""Do all pages speak the third language, which is a catalogue and nothing else, and can anybody choose among all?"""

import pytest
from playwright.async_api import Page, expect

from api.catalogues import page_words
from api.domain.texts import Language
from tests.browser.accessibility import grave
from tests.browser.voting import Enter
from tests.servers import Client

pytestmark = pytest.mark.browser

SEEN = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("script, style, noscript")) texts.push(walker.currentNode.data.trim());
  }
  return texts;
}"""
WORDS = {
    chinese: text
    for page in ("vote", "desk", "review", "verify")
    for chinese, text in page_words(Language.ZH_HANT, page).items()
}


async def left_in_simplified(page: Page) -> list[str]:
    """What the page itself says in simplified Chinese though there is a translation; a campaign's texts are as they are."""
    return [text for text in await page.evaluate(SEEN) if WORDS.get(text, text) != text]


@pytest.mark.parametrize("eyes", [("zh-TW", 320, "light"), ("zh-HK", 1280, "dark")], ids=str)
async def test_every_page_speaks_traditional_chinese_to_whoever_reads_it(
    enter: Enter, axe: str, api: Client, eyes: tuple[str, int, str]
) -> None:
    locale, width, scheme = eyes
    await api.cast(await api.sign_in(), range(5, 20))
    booth = await enter(locale, width, color_scheme=scheme, reduced_motion="reduce")
    page = booth.page
    await booth.open()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    await expect(page.locator("#review")).to_have_text("檢視選票")
    assert await page.locator("h1").get_attribute("lang") == "zh"
    assert await left_in_simplified(page) == []
    await page.locator("#languages summary").press("Enter")
    await expect(page.locator("#languages [aria-current]")).to_have_text("繁體中文")
    assert await grave(page, axe) == []
    for address, shown in (
        ("/#/ranking", "#standings"),
        ("/#/receipt", "#main h1"),
        ("/desk", "h1"),
        ("/review", "h1"),
    ):
        await page.goto(booth.request_info.server.origin + address)
        await expect(page.locator(shown)).to_be_visible()
        assert await left_in_simplified(page) == [], address
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, address
    await page.goto(f"{booth.request_info.server.origin}/verify")
    await expect(page.locator("h1")).to_have_text("核對公開日誌")
    assert await left_in_simplified(page) == []


async def test_a_language_is_chosen_by_the_keyboard_and_the_list_closes_without_a_choice(enter: Enter) -> None:
    booth = await enter("zh-CN", 320)
    page = booth.page
    await booth.open()
    await page.get_by_role("searchbox").fill("2016")
    languages, summary = page.locator("#languages details"), page.locator("#languages summary")
    await summary.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")
    await expect(languages).not_to_have_attribute("open", "")
    await expect(summary).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    await expect(page.get_by_role("searchbox")).to_have_value("2016")
    await expect(summary).to_be_focused()


async def test_a_catalogue_that_does_not_come_leaves_a_page_that_can_be_read(enter: Enter) -> None:
    booth = await enter("zh-TW")
    booth.request_info.troubled = True
    await booth.page.route("**/words-zh-Hant.js", lambda route: route.abort())
    await booth.open()
    await expect(booth.page.locator("#review")).to_have_text("查看选票")
