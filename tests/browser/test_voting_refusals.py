"""What does the page do when a ballot cannot be cast? It prevents what the rules tell, and explains what the server says."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.voting import WORDS, Enter, elsewhere, listen, operation
from tests.servers import SEED, Server, prepare, serving_together

pytestmark = pytest.mark.browser

CLOCKS = {
    "before": "2017-03-21T12:00:00+08:00",
    "during": "2017-03-25T09:00:00+08:00",
    "after": "2017-03-31T12:00:00+08:00",
}


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Servers on one database, before, during and after the vote."""
    url = f"sqlite://{tmp_path_factory.mktemp('times')}/selection.sqlite3"
    prepare(url, SEED)
    with serving_together(url, len(CLOCKS), clocks=tuple(CLOCKS.values())) as servers:
        yield dict(zip(CLOCKS, servers, strict=True))


@pytest.mark.parametrize("locale", sorted(WORDS))
async def test_too_few_choices_are_not_sent_and_it_says_how_many_are_missing(enter: Enter, locale: str) -> None:
    booth = await enter(locale, 360)
    await booth.open()
    sent = listen(booth)
    await booth.vote(f"voter {uuid4()}", *range(1, 10))
    await expect(booth.told).to_contain_text(booth.word("more").format(1))
    await booth.page.keyboard.press("Escape")
    await expect(booth.page.locator("#tray")).to_contain_text(booth.word("more").format(1))
    assert sent == []
    await booth.choose(10)
    await booth.review()
    await booth.cast_button.click()
    await booth.receipt()
    assert len(sent) == 1


async def test_one_choice_too_many_is_not_taken_and_it_says_why(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.choose(*range(1, 31))
    await booth.box(31).click()
    await expect(booth.page.locator(".notice")).to_have_text("A ballot names at most 30. Drop one to choose another.")
    await expect(booth.page.locator("#spoken")).to_contain_text("at most 30")
    await expect(booth.box(31)).not_to_be_checked()
    await booth.box(1).uncheck()
    await booth.choose(31)
    await expect(booth.page.locator("#tray")).to_contain_text("30 chosen")


@pytest.mark.parametrize(("locale", "words"), [("zh-CN", "10"), ("en-GB", "at least 10")])
async def test_the_page_goes_by_the_rules_it_is_given_and_shows_what_the_server_makes_of_the_ballot(
    enter: Enter, locale: str, words: str
) -> None:
    booth = await enter(locale)

    async def looser(route: Any) -> None:
        if not operation(route.request.post_data_json, "Campaign"):
            await route.continue_()
            return
        answer = await (await route.fetch()).json()
        counted = next(rule for rule in answer["data"]["campaign"]["rules"] if rule["code"] == "CHOICE_COUNT")
        counted["minimum"] = 2
        await route.fulfill(json=answer)

    await booth.page.route("**/graphql", looser)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", 1, 2)
    await expect(booth.told.locator("li")).to_have_count(1)
    await expect(booth.told.locator("li")).to_contain_text(words)
    await booth.page.keyboard.press("Escape")
    await expect(booth.page.locator("#tray")).to_contain_text("2")


async def test_a_second_ballot_on_the_same_day_is_refused_with_when_to_come_again(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await expect(booth.page.get_by_text("Next ballot: from 23 March")).to_be_visible()
    await booth.open()
    await booth.choose(*range(11, 21))
    await expect(booth.page.locator("#tray")).to_contain_text("from 23 March")
    await booth.review()
    await expect(booth.page.locator("#state")).to_contain_text("The next may be cast from 23 March")
    sent = listen(booth)
    await booth.press_cast()
    await expect(booth.told).to_contain_text("The next may be cast from 23 March")
    assert sent == []
    assert await booth.page.locator(".dialog .choices li").count() == 10, "the draft is still there"


async def test_a_ballot_cast_elsewhere_meanwhile_is_told_by_the_server_and_the_focus_stays(enter: Enter) -> None:
    phone, desk = await enter(width=360), await enter()
    name = f"voter {uuid4()}"
    for booth in (phone, desk):
        await booth.open()
        await booth.choose(*range(1, 11))
        await booth.review()
        await booth.sign_in(name)
    await phone.press_cast()
    await phone.receipt()
    await desk.press_cast()
    await expect(desk.told.locator("li")).to_contain_text("2017-03-23")
    await expect(desk.cast_button).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def test_before_voting_opens_nothing_is_sent_and_it_says_when(enter: Enter, times: dict[str, Server]) -> None:
    booth = await enter(at=times["before"], width=360)
    await booth.open()
    sent = listen(booth)
    await expect(booth.page.locator(".phase")).to_have_text("Not open yet")
    await expect(booth.page.get_by_role("timer")).to_be_visible()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await expect(booth.told).to_contain_text("Voting opens 22 March")
    assert sent == []


async def test_after_the_vote_nothing_invites_to_vote(enter: Enter, times: dict[str, Server]) -> None:
    booth = await enter(at=times["after"], width=360)
    await booth.open()
    await expect(booth.page.locator(".phase")).to_have_text("Voting has closed")
    await expect(booth.page.locator(".card")).to_have_count(50)
    await expect(booth.page.get_by_role("timer")).to_have_count(0)
    await expect(booth.page.get_by_role("checkbox")).to_have_count(0)
    await expect(booth.page.locator("#tray")).to_be_hidden()
    await booth.open("/#/candidate/2")
    await expect(booth.page.get_by_role("dialog").get_by_role("checkbox")).to_have_count(0)
    await booth.open("/#/ballot")
    await expect(booth.page.get_by_role("dialog")).to_contain_text("Voting closed 31 March")
    await expect(booth.page.get_by_label("Your name")).to_have_count(0)
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Voting has closed")
    await expect(booth.page.get_by_text("No ballot was cast.")).to_be_visible()


@pytest.mark.parametrize(("time", "words"), [("before", "2017-03-22"), ("after", "2017-03-31")])
async def test_a_ballot_that_comes_to_a_closed_door_is_answered_with_the_servers_words(
    enter: Enter, times: dict[str, Server], time: str, words: str
) -> None:
    booth = await enter(at=times["during"])
    await booth.page.route("**/graphql", elsewhere("Cast", times[time]))
    booth.request_info.troubled = True  # by going to another port
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await expect(booth.told.locator("li")).to_contain_text(words)


async def test_an_overloaded_server_is_given_the_pause_it_asks_for(enter: Enter) -> None:
    booth = await enter()
    answers = [{"errors": [{"message": "Busy.", "extensions": {"code": "OVERLOADED", "retryAfter": 1}}]}]

    async def busy(route: Any) -> None:
        if operation(route.request.post_data_json, "Cast") and answers:
            await route.fulfill(body=json.dumps(answers.pop()), content_type="application/json")
        else:
            await route.continue_()

    await booth.page.route("**/graphql", busy)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    assert answers == []


async def test_choices_that_no_longer_stand_are_dropped_from_the_draft(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    ids = json.dumps(["project/shanghai-2017/5", "project/shanghai-2017/999"])
    await booth.page.evaluate("(ids) => { localStorage['pingxuan:draft:shanghai-2017'] = ids }", ids)
    await booth.page.reload()
    await expect(booth.page.locator("#tray")).to_contain_text("1 chosen")
