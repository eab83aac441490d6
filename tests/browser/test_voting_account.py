"""Does somebody find on one sheet who they are to the server, what they voted for, what remains, and the way out everywhere?"""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.accessibility import grave
from tests.browser.voting import Enter
from tests.servers import Client

pytestmark = pytest.mark.browser

WORDS = {
    "zh-CN": ("我的", "还可以投", "剩余0，共1", "所选10个", "在所有设备上退出"),
    "en-GB": ("My account", "What remains", "0 of 1 left", "10 chosen", "Sign out on all devices"),
}


@pytest.mark.parametrize("eyes", [("zh-CN", 320, "dark"), ("en-GB", 1280, "light")], ids=str)
async def test_the_sheet_has_what_the_server_knows_and_signs_out_on_every_device(
    enter: Enter, api: Client, axe: str, eyes: tuple[str, int, str]
) -> None:
    locale, width, scheme = eyes
    account, remains, left, chosen, everywhere = WORDS[locale]
    name = f"account {uuid4()}"
    token = await api.sign_in(name)
    ballot = (await api.cast(token))["ballot"]["id"]
    booth = await enter(locale, width, color_scheme=scheme)
    page = booth.page
    await booth.open()
    await page.get_by_role("link", name=account, exact=True).click()
    sheet = page.get_by_role("dialog", name=account)
    await page.get_by_label(booth.word("name")).fill(name)
    await page.get_by_role("button", name=booth.word("sign in")).click()
    await expect(sheet.get_by_role("region", name=remains)).to_contain_text(left)
    viewer = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    await expect(sheet.locator(".id code")).to_have_text(viewer)
    await sheet.locator("summary", has_text=chosen).click()
    await expect(sheet.locator(".choices li")).to_have_count(10)
    calendar = await sheet.locator("a[type='text/calendar']").get_attribute("href")
    assert calendar == "/c/shanghai-2017/calendar.ics"
    assert await grave(page, axe) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await sheet.locator(".entries a[href^='#/receipt/']").click()
    await expect(page.locator("#ballot-id")).to_have_text(ballot)
    await page.go_back()
    await expect(sheet.locator(".id code")).to_have_text(viewer)
    await sheet.get_by_role("button", name=everywhere).click()
    await expect(page.get_by_label(booth.word("name"))).to_be_visible()
    answer: dict[str, Any] = await api.ask("{ viewer { id } }", token=token)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
