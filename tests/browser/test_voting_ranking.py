"""Does the ranking move while people watch, and does it keep still about what may not be seen?"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.voting import Booth, Enter, operation
from tests.servers import SEED, Client, Server, edited_campaign, prepare, project_ids, serving

pytestmark = pytest.mark.browser

VISIBILITY = {"after-casting": "AFTER_CASTING", "after-close": "AFTER_CLOSE", "after-publication": "AFTER_PUBLICATION"}
FAILED = [{"message": "It failed.", "extensions": {"code": "INTERNAL"}}]
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('no sockets here') } }"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where nobody has voted yet, with the selection of 2017 and campaigns that hide their results."""
    folder = tmp_path_factory.mktemp("ranking")
    url = f"sqlite://{folder}/selection.sqlite3"
    hidden = [
        edited_campaign(folder, slug, {"results_visibility": f'results_visibility = "{name}"'})
        for slug, name in VISIBILITY.items()
    ]
    prepare(url, SEED, *hidden)
    with serving(url, clock="2017-03-25T09:00:00+08:00") as server:
        yield server


async def first(booth: Booth) -> str:
    return await booth.page.locator(".standings li .more").first.inner_text()


async def test_the_ranking_moves_without_reloading_while_others_vote(enter: Enter, quiet: Server, api: Client) -> None:
    voters = api.at(quiet)
    booth = await enter()
    booth.request_info.server = quiet
    answers: list[dict[str, Any]] = []

    def receive(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "next":
            answers.append(message["payload"]["data"]["resultsChanged"])

    booth.page.on("websocket", lambda socket: socket.on("framereceived", receive))
    await booth.open("/?campaign=shanghai-2017#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Live")
    await booth.page.evaluate("window.sameAsBefore = true")
    await voters.cast(await voters.sign_in(), range(31, 41))
    row = booth.page.locator(".standings li").first
    await expect(row).to_contain_text("No. 31")
    await expect(row.locator(".votes")).to_contain_text("1 vote · 100% of ballots")
    await expect(row).to_contain_text("Tied")
    for _ in range(2):
        await voters.cast(await voters.sign_in(), range(40, 51))
    await expect(row).to_contain_text("No. 40")
    await expect(row.locator(".place")).to_have_text("1")
    await expect(booth.page.locator(".standings li").nth(1).locator(".place")).to_have_text("2")
    await expect(booth.page.locator(".standings li.cut")).to_contain_text("the first 30 pass (tied across it)")
    await expect(booth.page.locator("#spoken")).to_contain_text("The ranking has changed")
    await expect(booth.page.locator(".turnout")).to_have_text("3 ballots")
    await voters.cast(await voters.sign_in(), range(41, 51))
    await expect(row.locator(".votes")).to_contain_text("3 votes · 75% of ballots")
    await expect(booth.page.locator(".turnout")).to_have_text("4 ballots")
    assert answers[-1]["onlyChanges"]
    assert len(answers[-1]["nodes"]) == 11, (
        "ten with a vote more, of the fifty that are shown, and one that they draw level with"
    )
    assert await booth.page.evaluate("window.sameAsBefore"), "it was never loaded again"


async def test_by_district_and_in_charts(enter: Enter, api: Client) -> None:
    await api.cast(await api.sign_in(), range(15, 27))
    booth = await enter("zh-CN", 360)
    await booth.open("/#/ranking")
    await expect(booth.page.locator("canvas")).to_have_count(2)
    await expect(booth.page.locator(".panel").first.locator("li")).to_contain_text(["3月22日"])
    await expect(booth.page.locator(".panel").last.locator("li").first).to_contain_text("票")
    await booth.page.get_by_label("排行范围").select_option(label="浦东新区")
    rows = booth.page.locator(".standings li")
    assert 0 < await rows.count() < 50
    await expect(rows.first.locator(".place")).to_have_text("1")
    await expect(rows.first.locator(".place")).to_have_attribute("aria-label", "区内第1名")
    await booth.open("/#/")
    await expect(booth.page.locator(".card")).to_have_count(50)


async def test_the_legend_ends_where_the_chart_does(enter: Enter, api: Client) -> None:
    await api.cast(await api.sign_in(), range(15, 27))
    booth = await enter("en-GB", 320)
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".panel").first.locator("li").first).to_contain_text("22 Mar")
    left_over = "chart.getWidth() - legend.left - legend.itemWidth - legend.textStyle.width"
    read = f"""() => {{
        const chart = echarts.getInstanceByDom(document.querySelector('.chart'));
        const [legend] = chart.getOption().legend;
        return {left_over};
    }}"""
    for width in (320, 1280, 360):
        await booth.page.set_viewport_size({"width": width, "height": 740})
        await booth.page.wait_for_function(f"() => {{ const left = ({read})(); return left >= 8 && left <= 40; }}")


async def test_without_a_socket_it_asks_again_and_again(enter: Enter, api: Client) -> None:
    booth = await enter()
    await booth.page.add_init_script(NO_SOCKETS)
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Every 5 seconds")
    votes = booth.page.locator(".standings li", has_text="No. 50").locator(".votes strong")
    seen = int((await votes.inner_text()).split()[0])
    await api.cast(await api.sign_in(), range(41, 51))
    await expect(votes).to_contain_text(f"{seen + 1} vote")


async def test_a_subscription_that_ends_in_an_error_is_begun_anew_and_asked_about_meanwhile(
    enter: Enter, api: Client
) -> None:
    booth = await enter()
    failing = True
    tokens: list[str | None] = []
    came = asyncio.Event()

    def answer(socket: WebSocketRoute) -> None:
        def reply(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "connection_init":
                tokens.append(message["payload"].get("Authorization"))
                if len({*tokens}) > 1:
                    came.set()
                socket.send(json.dumps({"type": "connection_ack"}))
            elif message["type"] == "subscribe":
                socket.send(json.dumps({"type": "error", "id": "1", "payload": FAILED}))

        if failing:
            socket.on_message(reply)
        else:
            socket.connect_to_server()

    await booth.page.route_web_socket("**/graphql", answer)
    await booth.open("/#/ranking")
    await expect(booth.page.locator(".state")).to_have_text("Every 5 seconds")
    await expect(booth.page.locator(".standings li").first).to_be_visible()
    session = json.dumps({"token": await api.sign_in(), "viewer": "somebody"})
    await booth.page.evaluate("(kept) => { localStorage['pingxuan:session'] = kept }", session)
    await came.wait()  # the socket is tried again, for whom it is by then
    failing = False
    await expect(booth.page.locator(".state")).to_have_text("Live", timeout=180_000)


async def test_a_socket_that_is_lost_is_said_to_be_and_found_again(enter: Enter, quiet: Server) -> None:
    booth = await enter(at=quiet)
    booth.request_info.troubled = True
    sockets: list[WebSocketRoute] = []
    away = False

    async def answer(socket: WebSocketRoute) -> None:
        if away:
            await socket.close()
        else:
            socket.connect_to_server()
            sockets.append(socket)

    await booth.page.route_web_socket("**/graphql", answer)
    await booth.open("/?campaign=shanghai-2017#/ranking")
    state = booth.page.locator(".state")
    await expect(state).to_have_text("Live")
    await booth.page.route("**/graphql?*", lambda route: route.abort())  # what is asked while there is no socket
    away = True
    await sockets[0].close()
    await expect(state).to_have_text("Reconnecting…")
    await expect(booth.page.locator(".standings li").first).to_be_visible()
    away = False
    await booth.page.unroute("**/graphql?*")
    # Again and again: while a socket is being tried, it is not tried once more.
    await booth.page.wait_for_function(
        "() => { dispatchEvent(new Event('online')); return document.querySelector('.state').textContent === 'Live'; }",
        polling=500,
    )


async def test_a_slow_receipt_does_not_take_the_place_of_where_the_voter_went(enter: Enter) -> None:
    booth = await enter()
    held: list[Route] = []

    async def hold(route: Route) -> None:
        if operation(route.request.post_data_json, "Ballot"):
            held.append(route)
        else:
            await route.continue_()

    await booth.page.route("**/graphql", hold)
    await booth.open()
    await booth.page.goto(f"{booth.request_info.server.origin}/#/receipt/ballot%2Fnothing")
    await expect(booth.page.locator("main")).to_have_text("Loading…")
    await booth.page.get_by_role("link", name="Ranking").click()
    await expect(booth.page.locator(".standings li").first).to_be_visible()
    async with booth.page.expect_response(lambda response: operation(response.request.post_data_json, "Ballot")):
        await held[0].continue_()
    await booth.page.evaluate("new Promise((done) => setTimeout(done, 100))")
    await expect(booth.page.locator(".standings")).to_be_visible()
    assert await booth.page.title() == "Ranking · Third Shanghai Top Ten Social Construction Innovation Projects"


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("after-casting", "Cast a ballot to see the ranking"),
        ("after-close", "It can be seen from 31 March"),
        ("after-publication", "The ranking is not public yet"),
    ],
)
async def test_hidden_results_are_explained(enter: Enter, quiet: Server, api: Client, slug: str, words: str) -> None:
    booth = await enter(width=360, at=quiet)
    await booth.open(f"/?campaign={slug}#/ranking")
    await expect(booth.page.get_by_text(words)).to_be_visible()
    await expect(booth.page.locator(".standings li")).to_have_count(0)
    for about_nothing in (".colours", ".jump", ".board select", ".ranking .state"):
        await expect(booth.page.locator(about_nothing)).to_be_hidden()
    turnout, voters = booth.page.locator(".turnout"), api.at(quiet)
    before = await turnout.inner_text()
    await voters.cast(await voters.sign_in(), campaign=slug, projectIds=project_ids(range(1, 11), slug))
    await expect(turnout).not_to_have_text(before)


async def test_whoever_has_voted_sees_what_only_voters_see(enter: Enter, quiet: Server, api: Client) -> None:
    booth = await enter(at=quiet)
    await booth.open("/?campaign=after-casting")
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await booth.page.get_by_role("link", name="See the ranking").click()
    await expect(booth.page.locator(".standings li").first).to_contain_text("No. 1")
