"""Does the voting page work with five thousand candidates, all within reach, by requests that proxies pass on?"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.voting import Booth, Enter
from tests.large_campaigns import large_campaign
from tests.servers import Client, Server, prepare, project_ids, serving

pytestmark = pytest.mark.browser

MOST = 4_000  # bytes of a URL: nginx takes 8,000 with the rest of the line, others less


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("large")
    url = f"sqlite://{folder}/selection.sqlite3"
    prepare(url, large_campaign(folder, "large-2017", 5_000))
    with serving(url) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def asked(enter: Enter, large: Server) -> AsyncIterator[tuple[Booth, list[str]]]:
    """A visit, and the addresses it asks for, none of which is too long for a proxy."""
    booth = await enter(at=large)
    urls: list[str] = []
    booth.page.on("request", lambda request: urls.append(request.url))
    yield booth, urls
    assert urls
    assert max(map(len, urls)) < MOST


async def test_one_of_five_thousand_is_found_chosen_and_voted_for(asked: tuple[Booth, list[str]]) -> None:
    booth, urls = asked
    page = booth.page
    await booth.open()
    assert len([url for url in urls if "Candidates" in url]) == 50, "a page holds a hundred"
    await expect(page.get_by_text("5,000 of 5,000 shown")).to_be_visible()
    await expect(page.locator(".card")).to_have_count(100)
    await expect(page.locator(".card").first).to_contain_text("Candidate Project 1")
    await page.get_by_role("button", name="Show more").click()
    await expect(page.locator(".card")).to_have_count(200)
    await expect(page.get_by_role("link", name="Details of number 101: Candidate Project 101")).to_be_focused()
    await page.get_by_role("searchbox").fill("Project 4321")
    await expect(page.locator(".card:visible")).to_have_count(1)
    await page.locator(".card:visible input").check()
    await page.get_by_role("searchbox").fill("Project 5000")
    await page.locator(".card:visible input").check()
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator(".card:visible")).to_have_count(100)
    await expect(page.locator(".card.chosen")).to_have_count(2)
    await booth.choose(7)
    await booth.review()
    await booth.sign_in("somebody of thousands")
    await booth.press_cast()
    assert await booth.receipt()
    await expect(page.locator(".choices li")).to_have_count(3)


async def test_what_was_shown_on_demand_outlives_a_reload(asked: tuple[Booth, list[str]]) -> None:
    booth, _ = asked
    page = booth.page

    async def again(rows: str) -> None:
        await page.get_by_role("button", name="Show more").click()
        await expect(page.locator(rows)).to_have_count(200)
        await page.locator(rows).nth(190).scroll_into_view_if_needed()
        await page.reload()
        await expect(page.locator(rows)).to_have_count(200)
        await expect(page.locator(rows).nth(190)).to_be_in_viewport()

    await booth.open()
    await again(".card:visible")
    await page.get_by_label("District", exact=True).select_option("310115")
    await expect(page.locator(".card:visible")).to_have_count(100)
    await page.get_by_label("District", exact=True).select_option("")
    await expect(page.locator(".card:visible")).to_have_count(100)
    await booth.open("/#/ranking")
    await expect(page.locator(".standings li")).to_have_count(100)
    await again(".standings li")


async def test_a_search_is_given_up_once_another_is_wanted(asked: tuple[Booth, list[str]]) -> None:
    booth, urls = asked
    page = booth.page

    def asked_for(word: str) -> int:
        return sum(f"%22search%22%3A%22{word}%22" in url for url in urls)

    await booth.open()
    field, line = page.get_by_role("searchbox"), page.locator(".card:visible .found:visible")
    async with page.expect_response(lambda response: "%22candidate%22" in response.url):
        await field.fill("candidate")
    await field.fill("4321")
    await expect(line).to_have_text("Found in the number “4321”; the title “4321”; the summary “4321”")
    so_far = asked_for("candidate")
    await field.fill("4999")
    await expect(line).to_have_text("Found in the number “4999”; the title “4999”; the summary “4999”")
    assert asked_for("candidate") == so_far < 50


async def test_the_ranking_of_five_thousand_shows_the_first_and_more_on_demand(
    asked: tuple[Booth, list[str]], large: Server, api: Client
) -> None:
    voters = api.at(large)

    async def vote(*numbers: int) -> None:
        ids = project_ids(numbers, "large-2017")
        payload = await voters.cast(await voters.sign_in(), (), campaign="large-2017", projectIds=ids)
        assert payload["ballot"]

    for number in range(2):
        await vote(*range(3_000 + number, 3_010))
    booth, _ = asked
    await booth.open("/#/ranking")
    page, rows = booth.page, booth.page.locator(".standings li")
    await expect(rows).to_have_count(100)
    await expect(page.locator(".panel").last.locator("li").first).to_contain_text("votes")
    await page.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(200)
    await expect(page.locator(".colours .leaders")).to_have_text("First")
    await expect(page.locator(".standings .cut .line")).to_have_text("Cut line: the first passes (tied across it)")
    await vote(4_999)
    await vote(4_999)
    await vote(4_999)
    await expect(rows.first.locator(".more")).to_contain_text("No. 4999", timeout=180_000)
    await expect(rows).to_have_count(200)
    named = await rows.locator(".more").all_inner_texts()
    assert len({text.split(" · ")[0] for text in named}) == 200, "each is there once"
    await page.get_by_label("Show", exact=True).select_option("310115")
    await expect(rows.locator(".more", has_text="No. 1·")).to_have_count(0)
    await expect(rows).to_have_count(100)
    await page.get_by_role("button", name="Show more").click()
    await expect(rows).to_have_count(200)
