"""What is there to see while the page loads, and what can be done when it is slow or there is no network?"""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.voting import WORDS, Booth, Enter, operation, speak

pytestmark = pytest.mark.browser

SLOW = {"zh-CN": "网络较慢", "en-GB": "The network is slow"}
OFFLINE = {"zh-CN": "现在没有网络", "en-GB": "There is no network"}


def holding(name: str, until: asyncio.Event) -> Callable[[Any], Any]:
    """Holds one operation of the page back."""

    async def hold(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query).get("query", [""])[0]
        if operation(route.request.post_data_json or {"query": query}, name):
            await until.wait()
        await route.continue_()

    return hold


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_a_page_that_loads_has_the_form_of_what_comes_and_then_says_what_to_do(enter: Enter, locale: str) -> None:
    booth = await enter(locale, 360)
    await booth.page.clock.install()
    come = asyncio.Event()
    await booth.page.route("**/graphql*", holding("Campaign", come))
    await booth.page.goto(booth.request_info.server.origin)
    main = booth.page.locator("main")
    await expect(main).to_have_attribute("aria-busy", "true")
    await expect(main.locator(".bone-card").first).to_be_visible()
    await expect(main.locator(".advice")).to_have_count(0)
    await booth.page.clock.run_for(6000)
    await expect(main.locator(".advice")).to_contain_text(SLOW[locale])
    await expect(main.locator(".advice").get_by_role("button")).to_be_visible()
    assert await booth.page.evaluate("document.documentElement.scrollWidth") <= 360
    come.set()
    await expect(booth.page.locator(".card")).to_have_count(50)
    await expect(main).not_to_have_attribute("aria-busy", "true")
    await expect(booth.page.locator(".skeleton")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "name", "form"),
    [
        ("/#/receipt/ballot%2Fnothing", "Ballot", ".bone-slip"),
        ("/#/candidate/2", "Figures", ".bone-figure"),
        ("/#/ranking", "Now", ".bone-row"),
        ("/#/winners", "Outcome", ".bone-row"),
        ("/#/deciding", "Deciding", ".bone-figure"),
    ],
)
async def test_each_part_that_is_waited_for_says_so(enter: Enter, address: str, name: str, form: str) -> None:
    booth = await enter("en-GB", 360)
    come = asyncio.Event()
    await booth.page.add_init_script("window.WebSocket = class { constructor() { throw new Error('none') } }")
    await booth.page.route("**/graphql*", holding(name, come))
    await booth.open(address)
    await expect(booth.page.locator(form).first).to_be_visible()
    await expect(booth.page.locator("[aria-busy=true]").first).to_be_attached()
    come.set()
    await expect(booth.page.locator(form)).to_have_count(0)
    await expect(booth.page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_without_a_network_it_says_so_and_goes_on_by_itself(enter: Enter, locale: str) -> None:
    booth = await enter(locale, 360)
    booth.request_info.troubled = True
    await booth.open()
    await booth.page.context.set_offline(True)
    await speak(booth.page, "English" if locale == "zh-CN" else "简体中文")
    await expect(booth.page.locator(".notice")).to_contain_text(OFFLINE[locale])
    await booth.page.evaluate("location.hash = '#/receipt/ballot%2Fnothing'")
    await expect(booth.page.locator(".advice, [role=alert]").first).to_contain_text(OFFLINE[locale])
    await expect(booth.page.get_by_role("alert")).to_contain_text(OFFLINE[locale])
    await booth.page.context.set_offline(False)
    await expect(booth.page.locator(".receipt")).to_be_visible()


async def test_figures_that_did_not_come_can_be_asked_for_again(enter: Enter) -> None:
    booth: Booth = await enter()
    await booth.page.clock.install()
    booth.request_info.troubled = True
    await booth.open()
    await booth.page.route("**/graphql?*", lambda route: route.abort())
    await booth.page.goto(f"{booth.request_info.server.origin}/#/candidate/2")
    again = booth.page.get_by_role("dialog").get_by_role("button", name="Try again")
    for _ in range(8):
        await booth.page.clock.run_for(3000)
    await expect(again).to_be_visible()
    await booth.page.unroute("**/graphql?*")
    await again.click()
    await expect(booth.page.get_by_role("dialog").locator("dl")).to_contain_text("746")
