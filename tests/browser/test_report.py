"""Can the report be read on a phone and at a desk, by light and by dark, in either language, and does it print?"""

import re

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from api.formats.report import render_report
from tests.browser.accessibility import grave
from tests.reports import a_report

pytestmark = pytest.mark.browser

HTML = render_report(a_report())


async def opened(chromium: Browser, width: int = 1280, scheme: str = "light") -> Page:
    size = ViewportSize(width=width, height=800)
    page = await chromium.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    await page.set_content(HTML)
    return page


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_nothing_is_wider_than_the_screen(chromium: Browser, width: int) -> None:
    page = await opened(chromium, width)
    for language in ("中文", "English"):
        await page.get_by_text(language, exact=True).click()
        assert await page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_keeps_nobody_out(chromium: Browser, axe: str, scheme: str) -> None:
    page = await opened(chromium, 360, scheme)
    for language in ("中文", "English"):
        await page.get_by_text(language, exact=True).click()
        assert await grave(page, axe) == []


async def test_the_language_is_chosen_without_a_script_and_by_the_keyboard(chromium: Browser) -> None:
    page = await opened(chromium)
    chinese, english = (
        page.get_by_role("heading", name="公众投票排名"),
        page.get_by_role("heading", name="Ranking by public"),
    )
    await expect(chinese).to_be_visible()
    await expect(english).to_be_hidden()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowRight")
    await expect(english).to_be_visible()
    await expect(chinese).to_be_hidden()
    map_ = page.get_by_role("img", name="Votes by district")
    await expect(map_.get_by_text("Pudong")).to_be_visible()
    await expect(map_.get_by_text("浦东新区")).to_be_hidden()


async def test_it_prints_what_was_chosen_on_pages_of_paper(chromium: Browser) -> None:
    page = await opened(chromium, scheme="dark")
    await page.get_by_text("English", exact=True).click()
    pdf = await page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", pdf)) < 40
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf  # A4, upright
    await page.emulate_media(media="print")
    await expect(page.get_by_text("UNOFFICIAL")).to_be_visible()
    await expect(page.get_by_text("中文", exact=True)).to_be_hidden()
    await expect(page.get_by_role("heading", name="公众投票排名")).to_be_hidden()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    cut = "[...document.querySelectorAll('.scroll')].filter((frame) => frame.scrollWidth > frame.clientWidth).length"
    await page.set_viewport_size({"width": 700, "height": 990})  # of the text on the paper
    assert await page.evaluate(cut) == 0
