"""Can somebody who knows nothing yet learn the API in the playground, with no network but the server's?"""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from api.pages.assets import Assets
from api.pages.playground import examples
from tests.browser.visits import Visit
from tests.servers import Client, Server, pingxuan, serving

pytestmark = pytest.mark.browser

RESULT = "() => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue()"
KEPT_TABS = "() => localStorage['graphiql:tabState'] ?? ''"
NAMES = "() => [...document.querySelectorAll('textarea')].map((area) => area.ariaLabel).sort()"
QUERY = """() => document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue()
  .split("\\n").filter((line) => line.startsWith("#"))"""
TYPE = """([place, text]) => document.querySelector(place + ' .CodeMirror').CodeMirror.setValue(text)"""
IS_DARK = "(place) => getComputedStyle(place).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => part < 128)"
PATIENCE = 60.0  # seconds for what a page shows to change
# GraphiQL takes note of what its editors hold by a timer of a tenth of a second, so this one is over later.
SETTLED = "() => new Promise((over) => setTimeout(over, 300))"


async def open_playground(request_info: Visit) -> Page:
    await request_info.page.goto(request_info.server.url)
    await expect(request_info.page.get_by_role("tab", name="BrowseCandidates")).to_be_visible()
    return request_info.page


async def press(page: Page, tab: str) -> None:
    """Open a tab and press the button."""
    await page.get_by_role("tab", name=tab).click()
    await page.evaluate(SETTLED)
    await page.get_by_role("button", name="Execute query").click()


async def run(page: Page, tab: str) -> dict[str, Any]:
    """Run a tab; the answer it shows."""
    async with page.expect_response("**/graphql"):
        await press(page, tab)
    return json.loads(await eventually(page, RESULT, lambda shown: shown.startswith("{")))


def votes(shown: str) -> int:
    """The votes of all ten results in an update; -1 while there is none."""
    if not shown.startswith("{"):
        return -1
    return sum(result["votes"] for result in json.loads(shown)["data"]["resultsChanged"]["nodes"])


async def eventually(page: Page, script: str, holds: Callable[[str], bool]) -> str:
    """What a script says once it says what it should. Playwright's own waiting needs eval, which the policy forbids."""
    deadline = time.monotonic() + PATIENCE
    while not holds(said := await page.evaluate(script)):
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.05)
    return str(said)


async def test_each_tab_runs_as_it_stands(request_info: Visit) -> None:
    page = await open_playground(request_info)
    candidates = (await run(page, "BrowseCandidates"))["data"]
    assert candidates["projects"]["totalCount"] == 50
    assert len(candidates["projects"]["nodes"]) == 10, "the variables are those of the example"
    filtered = (await run(page, "FilterByDistrict"))["data"]["projects"]
    assert {node["district"]["code"] for node in filtered["nodes"]} == {"310115", "310118"}
    assert (await run(page, "SignInAsGuest"))["data"]["signIn"]["token"]
    cast = (await run(page, "CastABallot"))["data"]["castBallot"]
    assert cast["ballot"]["day"] == "2017-03-22"
    again = (await run(page, "CastABallot"))["data"]["castBallot"]
    assert [violation["code"] for violation in again["violations"]] == ["QUOTA_EXHAUSTED"]
    own = (await run(page, "ReceiptsAndLog"))["data"]["viewer"]["ballots"]
    assert own[0]["id"] == cast["ballot"]["id"]
    wrong = (await run(page, "SeeEveryViolation"))["data"]["checkBallot"]
    assert len({violation["code"] for violation in wrong}) >= 3
    assert len((await run(page, "Ranking"))["data"]["results"]["nodes"]) == 10


async def test_live_results_move_three_times_while_ballots_are_cast(request_info: Visit, api: Client) -> None:
    page = await open_playground(request_info)
    await press(page, "LiveResults")
    seen = votes(await eventually(page, RESULT, lambda shown: votes(shown) >= 0))
    for _ in range(3):
        await api.cast(await api.sign_in())
        seen = votes(await eventually(page, RESULT, lambda shown, least=seen: votes(shown) > least))
    await page.get_by_role("button", name="Stop query").click()


async def test_the_tabs_are_the_examples(request_info: Visit) -> None:
    page = await open_playground(request_info)
    shown = await page.get_by_role("tab").all_inner_texts()
    assert [name.partition("\n")[0].lower() for name in shown] == [
        example.name.partition("-")[2].replace("-", "") for example in examples(Assets()) if not example.role
    ]
    assert await page.evaluate(NAMES) == ["Answer", "Headers", "Operation", "Variables"]
    assert await page.evaluate(QUERY) == ["# Browse the candidates", "# Press ▶ or Ctrl+Enter"]


async def test_examples_of_a_role_are_for_whoever_has_it(request_info: Visit, api: Client) -> None:
    token = await api.sign_in("who oversees")
    name = (await api.data("{ viewer { id } }", token=token))["viewer"]["id"]
    granted = await asyncio.to_thread(pingxuan, request_info.server.database_url, "grant", "ORGANIZER", name)
    assert granted.returncode == 0, granted.stderr
    while "ORGANIZER" not in (await api.data("{ viewer { roles } }", token=token))["viewer"]["roles"]:  # noqa: ASYNC110 - what is waited for is the server's
        await asyncio.sleep(0.05)
    page = await open_playground(request_info)
    await expect(page.get_by_role("tab", name="Oversee")).to_have_count(0)
    await page.get_by_role("tab", name="SignInAsGuest").click()
    await page.evaluate(SETTLED)
    await page.evaluate(TYPE, [".graphiql-editor-tool", '{"name": "who oversees"}'])
    await eventually(page, KEPT_TABS, lambda tabs: "who oversees" in tabs)
    assert (await run(page, "SignInAsGuest"))["data"]["signIn"]["token"]
    await page.get_by_role("button", name="More examples").click()
    turnout = (await run(page, "Oversee"))["data"]["campaign"]["turnout"]
    assert turnout["ballots"] >= 0
    await expect(page.get_by_role("button", name="More examples")).to_be_hidden()
    await expect(page.get_by_role("tab", name="AuditTrail")).to_have_count(0)
    await page.get_by_role("tab", name="FilesAndJobs").click()  # only then can it be closed
    await page.get_by_role("tab", name="FilesAndJobs").get_by_role("button", name="Close Tab").click()
    await eventually(page, KEPT_TABS, lambda tabs: '"title":"FilesAndJobs"' not in tabs)
    await page.reload()
    await expect(page.get_by_role("tab", name="Oversee")).to_be_visible()
    await expect(page.get_by_role("tab", name="FilesAndJobs")).to_have_count(0)


async def test_the_token_of_the_last_sign_in_is_shown_and_sent_until_one_signs_out(request_info: Visit) -> None:
    page = await open_playground(request_info)
    session = page.locator("#session")
    await expect(session).to_contain_text("Not signed in")
    token = (await run(page, "SignInAsGuest"))["data"]["signIn"]["token"]
    await expect(session).to_contain_text(f"Authorization: Bearer {token}")
    async with page.expect_request("**/graphql") as sent:
        await run(page, "Ranking")
    assert (await sent.value).headers["authorization"] == f"Bearer {token}"
    await page.reload()
    await expect(session).to_contain_text(token)
    await page.get_by_role("button", name="Sign out").click()
    await expect(session).to_contain_text("Not signed in")
    async with page.expect_request("**/graphql") as sent:
        await run(page, "Ranking")
    assert "authorization" not in (await sent.value).headers


async def test_a_tabs_own_headers_win(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await run(page, "SignInAsGuest")
    await page.get_by_role("tab", name="CastABallot").click()
    await page.get_by_role("button", name="Headers").click()
    await page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror").click()
    await page.keyboard.type('{"authorization": "Bearer forged"')
    await page.evaluate(SETTLED)
    assert (await run(page, "CastABallot"))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_documentation_is_the_schemas_descriptions(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    explorer = page.locator(".graphiql-plugin")
    await explorer.get_by_role("link", name="Mutation").click()
    await explorer.get_by_role("link", name="castBallot", exact=True).click()
    await expect(explorer).to_contain_text("ballot")
    await explorer.get_by_role("link", name="CastBallotInput").click()
    await expect(explorer).to_contain_text("projectIds")


async def test_what_was_run_is_in_the_history(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await run(page, "Ranking")
    await page.get_by_role("button", name="Show History").click()
    await expect(page.locator(".graphiql-history")).to_contain_text("Ranking")


async def test_closed_tabs_come_back_with_the_examples(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await page.get_by_role("button", name="Close Tab").first.click()
    await expect(page.get_by_role("tab", name="BrowseCandidates")).to_have_count(0)
    await eventually(page, KEPT_TABS, lambda tabs: "Ranking" in tabs and "BrowseCandidates" not in tabs)
    await page.reload()
    await expect(page.get_by_role("tab", name="Ranking")).to_be_visible()
    await expect(page.get_by_role("tab", name="BrowseCandidates")).to_have_count(0)
    await page.get_by_role("button", name="Examples").click()
    await expect(page.get_by_role("tab", name="BrowseCandidates")).to_be_visible()
    assert len((await run(page, "BrowseCandidates"))["data"]["projects"]["nodes"]) == 10


async def test_a_reader_chooses_dark_or_light(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await page.get_by_role("button", name="Open settings dialog").click()
    await page.get_by_role("button", name="Dark").click()
    assert await page.locator("body").evaluate(IS_DARK)
    await page.get_by_role("button", name="Light").click()
    assert not await page.locator("body").evaluate(IS_DARK)
    await page.keyboard.press("Escape")


async def test_the_editor_completes_what_is_typed(request_info: Visit) -> None:
    page = await open_playground(request_info)
    await page.get_by_role("button", name="New tab").click()
    await page.locator(".graphiql-query-editor .CodeMirror").click()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("{ campaign { vot", delay=30)
    await expect(page.locator(".CodeMirror-hints")).to_contain_text("votingWindow")


async def test_a_server_that_keeps_its_schema_to_itself_is_said_to(chromium: Browser, server: Server) -> None:
    with serving(server.database_url, INTROSPECTION="off") as secretive:
        page = await chromium.new_page(locale="en-GB")
        await page.goto(secretive.url)
        await expect(page.get_by_role("alert")).to_contain_text("introspection is off")
        assert (await run(page, "Ranking"))["data"]["results"]["nodes"]


@pytest.mark.parametrize(
    ("locale", "scheme", "words"), [("zh-CN", "dark", "未登录"), ("fr-FR", "light", "Not signed in")]
)
async def test_it_speaks_the_browsers_language_and_keeps_its_light(
    chromium: Browser, request_info: Visit, locale: str, scheme: str, words: str
) -> None:
    other = await chromium.new_page(locale=locale, color_scheme=scheme)
    await other.goto(request_info.server.url)
    await expect(other.locator("#session")).to_contain_text(words)
    await expect(other.get_by_role("tab", name="BrowseCandidates")).to_be_visible()
    assert (await other.evaluate(QUERY))[0] == ("# 浏览候选项目" if locale == "zh-CN" else "# Browse the candidates")
    for place in ("body", ".graphiql-container"):
        assert await other.locator(place).evaluate(IS_DARK) == (scheme == "dark")
