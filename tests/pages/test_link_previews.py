"""Does a link say what it leads to, in the language of who asks, and nothing that is not everybody's to see?"""

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

from starlette.requests import Request
from starlette.routing import Match, Route

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.projects import Image, Outcome
from api.domain.campaigns.states import CampaignState
from api.domain.texts import localized
from api.pages.assets import shipped_assets
from api.pages.voting_page import ADDRESSES, VotingPage
from api.services.snapshots import Snapshot
from tests.campaigns import DURING, HUANGPU, SLUG, a_campaign, a_project, both

STEM = "/images/" + "a" * 64
COVER = Image(f"{STEM}.jpg", 1600, 900, both("外滩", "The Bund"))
PHOTO = Image("https://example.org/photo.jpg", 800, 600, both("照片", "A photograph"))
NASTY = """</title><script>alert("1")</script>' & {{assets}} {{preview}}\n\x00"""
HOST, ORIGIN = (b"host", b"vote.example.cn"), "https://vote.example.cn"


def a_world(*campaigns: Campaign) -> Snapshot:
    directory = Directory({each.slug: each for each in campaigns}, {})
    return Snapshot(directory, {}, DURING)


class Head(HTMLParser):
    """The tags of a page's head: the title, what meta elements say, and the canonical address."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.tags.append(tag)
        if tag == "meta" and "content" in given:
            self.said[given.get("property", given.get("name", ""))] = given["content"]
        if given.get("rel") == "canonical":
            self.said["canonical"] = given["href"]
        if tag == "html":
            self.said["lang"] = given["lang"]

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["title"] and data.strip():
            self.said["title"] = data


async def shown(
    snapshot: Snapshot, address: str, *headers: tuple[bytes, bytes], root_path: str = ""
) -> tuple[int, Head]:
    """The status of an address, routed as it is, and the head of the page."""

    async def published() -> tuple[Snapshot, datetime]:
        return snapshot.published(DURING), DURING

    page = VotingPage(shipped_assets(root_path), published)
    path, _, query = address.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "scheme": "https"}
    scope["headers"] = [*(headers or (HOST,)), (b"accept-language", b"en")]
    matches = (Route(each, page.serve).matches(scope) for each in ADDRESSES)
    [given] = [child for match, child in matches if match is Match.FULL]
    response = await page.serve(Request({**scope, **given}))
    return response.status_code, Head(bytes(response.body).decode())


async def said(snapshot: Snapshot, address: str, *headers: tuple[bytes, bytes]) -> dict[str, str]:
    status, head = await shown(snapshot, address, *headers)
    assert status == 200
    return head.said


async def test_a_campaign_shows_who_runs_it_how_many_stand_until_when_and_its_cover() -> None:
    world = a_world(a_campaign(cover=COVER))
    for address in ("/", f"/c/{SLUG}", f"/?campaign={SLUG}", f"/c/{SLUG}?district=nowhere", f"/c/{SLUG}?unknown=1"):
        head = await said(world, address)
        assert head["og:url"] == head["canonical"] == f"{ORIGIN}/c/{SLUG}"
        assert head["title"] == head["og:title"] == "Third Shanghai Top Ten Social Construction Innovation Projects"
        assert head["og:description"] == head["description"]
        assert head["description"] == (
            "By Office of the Social Construction Committee: 50 candidates. Voting is open from 2017-03-22 00:00 "
            "(Asia/Shanghai) to 2017-03-31 12:00 (Asia/Shanghai)."
        )
        assert (head["og:image"], head["og:image:width"], head["og:image:height"], head["og:image:alt"]) == (
            *(f"{ORIGIN}{COVER.url}", "1600", "900"),
            "The Bund",
        )
        assert (head["twitter:card"], head["og:locale"], head["lang"]) == ("summary_large_image", "en_GB", "en-GB")


async def test_it_is_in_the_language_of_who_asks() -> None:
    head = await said(a_world(a_campaign()), f"/c/{SLUG}/ranking", HOST, (b"accept-language", b"zh-CN"))
    assert head["title"] == "排行 · 第三届上海社会建设十大创新项目"
    assert head["description"] == (
        "排行与得票。 上海市社会建设委员会办公室主办，50个候选对象。"
        "投票时间：2017年3月22日00:00（北京时间）至2017年3月31日12:00（北京时间）。"
    )
    assert (head["og:locale"], head["lang"], head["og:url"]) == ("zh_CN", "zh-CN", f"{ORIGIN}/c/{SLUG}/ranking")


async def test_a_candidate_shows_itself_and_its_picture_or_else_the_cover() -> None:
    pictured = a_project(7, images=(PHOTO, COVER), summary=both("长" * 300, "Long. " * 100))
    projects = (pictured, a_project(8), a_project(9, summary=None))
    world = a_world(a_campaign(projects=projects, cover=COVER, slug="ranking"))
    head = await said(world, "/c/ranking/projects/7")
    assert head["og:title"] == "Project 7 · Third Shanghai Top Ten Social Construction Innovation Projects"
    assert head["og:description"].startswith("Long. Long.")
    assert head["og:description"].endswith("…")
    assert len(head["og:description"]) <= 200
    assert (head["og:image"], head["og:image:alt"]) == (PHOTO.url, "A photograph")
    assert head["og:url"] == f"{ORIGIN}/c/ranking/projects/7"
    assert (await said(world, "/c/ranking/projects/8"))["og:image"] == ORIGIN + COVER.url
    assert (await said(world, "/c/ranking/projects/9"))["description"].startswith("By Office of")
    assert (await said(world, "/c/ranking"))["title"].startswith("Third Shanghai"), "its slug is no view"


async def test_the_candidates_of_a_district_or_a_theme_are_named() -> None:
    world = a_world(a_campaign())
    head = await said(world, f"/c/{SLUG}/districts/{HUANGPU.code}")
    assert head["title"].startswith("Huangpu District · Third")
    assert head["description"] == "15 candidates: Project 21, Project 22, Project 23, Project 24, Project 25, …"
    assert head["og:url"] == f"{ORIGIN}/c/{SLUG}/districts/{HUANGPU.code}"
    assert head["twitter:card"] == "summary"
    assert "og:image" not in head
    assert await said(world, f"/c/{SLUG}?district={HUANGPU.code}") == head
    head = await said(world, f"/c/{SLUG}?theme=THEME_3")
    assert head["title"].startswith("Theme 3 · Third")
    assert head["og:url"] == f"{ORIGIN}/c/{SLUG}?theme=THEME_3"
    head = await said(world, f"/c/{SLUG}/districts/{HUANGPU.code}?theme=THEME_9")
    assert head["title"].startswith("Huangpu District · Theme 9 · ")
    assert head["description"] == "1 candidate: Project 22."


NOWHERE = (
    *("/c/no-such-vote", "/c/no-such-vote/ranking", "/c/no-such-vote/projects/1", "/c/draft", "/c/draft/ranking"),
    *("/c/draft/projects/1", f"/c/draft/districts/{HUANGPU.code}", f"/c/{SLUG}/projects/51", f"/c/{SLUG}/projects/x"),
    *(f"/c/{SLUG}/projects/{'9' * 5000}", f"/c/{SLUG}/projects/²", f"/c/{SLUG}/districts/999999"),
    *(f"/c/{SLUG}/districts/999999?theme=THEME_1", f"/c/{SLUG}/projects/-1"),
)


async def test_what_is_not_there_or_is_a_draft_says_nothing_but_that_it_is_not_there() -> None:
    draft = a_campaign(slug="draft", state=CampaignState.DRAFT, title=both("秘密", "Secret"))
    for address in NOWHERE:
        status, head = await shown(a_world(a_campaign(), draft), address)
        assert status == 404
        assert head.said["robots"] == "noindex"
        assert head.said["title"] == "评选 Pingxuan"
        assert not [name for name in head.said if name.startswith("og:") or name == "canonical"]


async def test_no_head_tells_what_is_decided_before_it_is_published() -> None:
    stages = a_campaign().stages
    decided = replace(stages[2], decided=True)
    projects = [
        a_project(number, outcome=Outcome.FINALIST if number < 31 else Outcome.NOT_SELECTED) for number in range(1, 51)
    ]
    worlds = [
        a_world(a_campaign()),
        a_world(a_campaign(stages=(*stages[:2], decided, stages[3]), projects=tuple(projects))),
    ]
    for address in (f"/c/{SLUG}", f"/c/{SLUG}/ranking", f"/c/{SLUG}/projects/1", f"/c/{SLUG}/projects/50"):
        one, other = [await said(world, address) for world in worlds]
        assert one == other


async def test_no_text_of_a_campaign_is_taken_for_markup() -> None:
    nasty = localized(en=NASTY)
    project = a_project(1, title=nasty, summary=nasty, images=(replace(COVER, alternative=nasty),))
    world = a_world(a_campaign(title=nasty, organizer=nasty, projects=(project,)))
    for address in ("/", f"/c/{SLUG}/projects/1", f"/c/{SLUG}/ranking", f"/c/{SLUG}?theme=THEME_1"):
        _, head = await shown(world, address)
        assert head.tags.count("script") == 1
        assert NASTY.strip("\n\x00") in head.said["og:title"]
        assert "\n" not in head.said["og:title"]


HOSTS = (
    (b"Vote.example.cn:8443", "https://vote.example.cn:8443"),
    (b"[2001:db8::1]:80", "https://[2001:db8::1]:80"),
    *((host, None) for host in (b'"><script>', b"a b", b"vote.example.cn/x", b"user@evil", b"", b"a.cn:99999999")),
)


async def test_addresses_name_the_host_that_was_asked_and_nothing_that_is_none() -> None:
    forged = (b"x-forwarded-host", b"evil.example"), (b"forwarded", b"host=evil.example"), (b"x-original-host", b"evil")
    for host, origin in HOSTS:
        head = await said(a_world(a_campaign(cover=COVER)), f"/c/{SLUG}", (b"host", host), *forged)
        assert head.get("og:url") == (None if origin is None else f"{origin}/c/{SLUG}")
        assert head.get("og:image") == (None if origin is None else origin + COVER.url)
        assert "evil" not in str(head)


async def test_addresses_are_below_the_path_that_the_server_is_below() -> None:
    _, head = await shown(a_world(a_campaign(cover=COVER)), f"/c/{SLUG}/ranking", root_path="/vote")
    assert head.said["og:url"] == head.said["canonical"] == f"{ORIGIN}/vote/c/{SLUG}/ranking"
    assert head.said["og:image"] == f"{ORIGIN}/vote{COVER.url}"


async def test_the_list_has_an_address_of_its_own_and_stands_for_no_campaign() -> None:
    head = await said(a_world(a_campaign()), "/campaigns")
    assert (head["title"], head["canonical"]) == ("All campaigns", f"{ORIGIN}/campaigns")
    assert (await said(a_world(), "/"))["canonical"] == f"{ORIGIN}/campaigns"
