"""What becomes of a ballot whose answer is a refusal, or does not come? It is cast once, and as its voter sees it."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.browser.voting import Booth, Enter, answering, error, listen, operation
from tests.servers import Client

pytestmark = pytest.mark.browser

MINE = "{ viewer { ballots { id } } }"
SPOIL = "localStorage['pingxuan:session'] = localStorage['pingxuan:session'].replace(/\"token\":\"[^\"]*/, '$&x')"
BEFOREHAND = [
    error("RATE_LIMITED", "Too many requests.", retryAfter=300),
    error("FORBIDDEN"),
    error("BAD_INPUT"),
    error("QUERY_TOO_LARGE"),
]
NOT_KNOWN = [error("TIMEOUT"), error("INTERNAL"), error("OVERLOADED", retryAfter=300), error("NEW_ONE")]


async def exchange(booth: Booth, old: int, new: int) -> None:
    """Leave the dialog, choose another project instead of one, and come back."""
    await booth.page.keyboard.press("Escape")
    await booth.box(old).uncheck()
    await booth.box(new).check()
    await booth.review()


async def numbers_on(booth: Booth, place: str) -> list[str]:
    return await booth.page.locator(f"{place} .choices .number").all_inner_texts()


async def test_a_session_that_is_over_is_begun_again_and_what_is_cast_is_what_is_chosen_by_then(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.page.evaluate("""localStorage["pingxuan:session"] = '{"token": "forged", "viewer": "nobody"}'""")
    await booth.choose(*range(1, 11))
    await booth.review()
    await expect(booth.page.get_by_label("Your name")).to_be_visible()
    name = f"voter {uuid4()}"
    await booth.sign_in(name)
    await booth.page.evaluate(SPOIL)
    await booth.press_cast()
    await expect(booth.told).to_contain_text("Sign in again")
    await expect(booth.page.get_by_label("Your name")).to_be_focused()
    await exchange(booth, 1, 41)
    await booth.sign_in(name)
    await booth.press_cast()
    await booth.receipt()
    assert await numbers_on(booth, ".slip") == [*map(str, range(2, 11)), "41"]


@pytest.mark.parametrize("refusal", BEFOREHAND, ids=lambda one: one["errors"][0]["extensions"]["code"])
async def test_after_a_refusal_that_stores_nothing_the_next_ballot_is_a_new_one(enter: Enter, refusal: Any) -> None:
    booth = await enter()
    await booth.page.route("**/graphql", answering("Cast", refusal))
    sent = listen(booth)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await expect(booth.told).to_contain_text(refusal["errors"][0]["message"])
    await expect(booth.cast_button).to_be_focused()
    await exchange(booth, 1, 41)
    await booth.press_cast()
    await booth.receipt()
    assert await numbers_on(booth, ".slip") == [*map(str, range(2, 11)), "41"]
    assert len({ballot["idempotencyKey"] for ballot in sent}) == 2


@pytest.mark.parametrize("answer", NOT_KNOWN, ids=lambda one: one["errors"][0]["extensions"]["code"])
async def test_after_an_answer_that_leaves_it_open_the_same_ballot_is_settled_and_shown(
    enter: Enter, answer: Any
) -> None:
    booth = await enter()
    refused = error("RATE_LIMITED", "Too many requests.", retryAfter=300)
    await booth.page.route("**/graphql", answering("Cast", answer, refused))
    sent = listen(booth)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    settle = booth.page.get_by_role("button", name="Ask about the last ballot")
    await expect(settle).to_be_focused()
    await exchange(booth, 1, 41)
    await settle.click()
    await expect(booth.told).to_contain_text("Too many requests.")
    await expect(booth.page.locator(".unsettled")).to_have_count(1)
    assert await numbers_on(booth, ".dialog") == [*map(str, range(1, 11))]
    await settle.click()
    await booth.receipt()
    assert await numbers_on(booth, ".slip") == [*map(str, range(1, 11))]
    assert len({ballot["idempotencyKey"] for ballot in sent}) == 1
    await booth.page.get_by_role("link", name="Back to voting").click()
    await expect(booth.box(41)).to_be_checked()


async def test_projects_that_stand_no_longer_are_dropped_and_named(enter: Enter) -> None:
    booth = await enter()
    unknown = {"code": "UNKNOWN_PROJECTS", "message": "For developers.", "projectIds": ["project/shanghai-2017/3"]}
    refused = {"data": {"castBallot": {"ballot": None, "violations": [unknown]}}}
    await booth.page.route("**/graphql", answering("Cast", refused))
    await booth.open()
    title = await booth.page.locator(".card h3").nth(2).inner_text()
    await booth.vote(f"voter {uuid4()}", *range(1, 12))
    await expect(booth.told.locator("li")).to_contain_text(title)
    await expect(booth.told).not_to_contain_text("For developers.")
    assert "3" not in await numbers_on(booth, ".dialog")
    await booth.press_cast()
    await booth.receipt()


async def test_a_sign_in_that_fails_says_why_and_can_be_tried_again(enter: Enter) -> None:
    booth = await enter()
    await booth.page.route("**/graphql", answering("SignIn", error("SIGN_IN_FAILED", "Nobody knows you.")))
    await booth.open()
    await booth.choose(*range(1, 11))
    await booth.review()
    name = booth.page.get_by_label("Your name")
    await name.fill(f"voter {uuid4()}")
    await name.press("Enter")
    await expect(booth.page.locator(".problem")).to_have_text("Nobody knows you.")
    await name.press("Enter")
    await expect(booth.cast_button).to_be_focused()


async def ballots_of(booth: Booth, api: Client) -> int:
    token = await booth.page.evaluate("JSON.parse(localStorage['pingxuan:session']).token")
    return len((await api.data(MINE, token=token))["viewer"]["ballots"])


async def test_answers_that_are_lost_are_asked_for_again_under_the_same_key(enter: Enter, api: Client) -> None:
    booth = await enter(width=360)
    booth.request_info.troubled = True
    sent = listen(booth)

    async def lose(route: Any) -> None:
        if not operation(route.request.post_data_json, "Cast") or len(sent) > 2:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await booth.page.route("**/graphql", lose)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    assert len(sent) == 3
    assert len({ballot["idempotencyKey"] for ballot in sent}) == 1
    assert await ballots_of(booth, api) == 1


async def test_a_ballot_without_an_answer_is_settled_after_a_reload(enter: Enter, api: Client) -> None:
    booth = await enter()
    booth.request_info.troubled = True
    sent = listen(booth)

    async def lose(route: Any) -> None:
        if operation(route.request.post_data_json, "Cast"):
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await booth.page.route("**/graphql", lose)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await expect(booth.told).to_contain_text("never counted twice")
    await booth.page.unroute("**/graphql")
    await booth.open()
    await booth.choose(40)
    await booth.review()
    await booth.page.get_by_role("button", name="Ask about the last ballot").click()
    await booth.receipt()
    await expect(booth.page.locator(".slip .choices li")).to_have_count(10)
    assert len({ballot["idempotencyKey"] for ballot in sent}) == 1
    assert await ballots_of(booth, api) == 1
