"""Does the API show what campaigns of any kind have: words, money, pictures, awards, and how far they have come?"""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from api.domain.campaigns.parts import Award, Extension, Pause, VoidedVotes
from api.domain.campaigns.projects import Image, Link, Outcome, Standing
from api.domain.texts import localized
from tests.campaigns import CLOSES, a_campaign, a_project, at
from tests.servers import Client, serving
from tests.stored import store

PICTURE = Image(f"/images/{'a' * 64}.jpg", 800, 600, localized(zh="一位志愿者"))
REASON = localized(zh="本人退出", en="At their own wish")
DESCRIPTION = localized(zh="**三年**<script>alert(1)</script>", en="*Three years*")
VOIDED = """{ project(campaign: "shanghai-2017", number: 3) { voidedVotes { from until at reason } }
  other: project(campaign: "shanghai-2017", number: 2) { voidedVotes { at } } }"""
DESCRIPTIONS = """{ project(campaign: "shanghai-2017", number: 4) {
  description descriptionHtml en: descriptionHtml(language: EN) } }"""
SIZES = """query ($width: Int, $none: Int) { project(campaign: "shanghai-2017", number: 3) { images {
  itself: url null: url(width: null) left: url(width: $none) wide: url(width: 3000)
  small: url(width: 1) wanted: url(width: $width) next: url(width: 641)
} } }"""
CONTENTS = """{ campaign {
  languages candidateTerm english: candidateTerm(language: EN) currency revision
  cover { url width height alternative } awards { code name seats projects { number } }
  pauses { from until reason } extensions { closesAt was at reason }
  projects(first: 4) { nodes {
    number code cost standing standingReason standingSince award { code } links { title url } images { url alternative }
  } }
} }"""


@pytest.fixture
async def api(http: aiohttp.ClientSession, tmp_path: Path) -> AsyncIterator[Client]:
    """A server with a campaign that has all of it, and is decided, but not published."""
    projects = (
        a_project(1, code="M/01/VII", cost=Decimal("1200.50"), outcome=Outcome.WINNER, award="GOLD"),
        a_project(2, standing=Standing.WITHDRAWN, standing_reason=REASON, standing_since=at("2017-03-23 08:00")),
        a_project(3, images=(PICTURE,), links=(Link(localized(zh="网站"), "https://example.org/"),)),
        a_project(4, outcome=Outcome.NOT_SELECTED, description=DESCRIPTION),
    )
    campaign = a_campaign(
        projects=projects,
        languages=("zh",),
        candidate_term=localized(zh="志愿者"),
        currency="PLN",
        cover=PICTURE,
        awards=(Award("GOLD", localized(zh="金奖"), 1),),
        pauses=(Pause(at("2017-03-24 08:00"), None, localized(zh="核查")),),
        voided_votes=(VoidedVotes(3, at("2017-03-22 08:00"), None, localized(zh="买票"), at("2017-03-23 10:00")),),
        extensions=(Extension(CLOSES, at("2017-03-30 12:00"), at("2017-03-23 09:00"), localized(zh="雨")),),
    )
    url = f"sqlite://{tmp_path}/contents.sqlite3"
    store(url, campaign)
    with serving(url) as server:
        yield Client(http, server)


async def test_it_shows_all_of_it_and_keeps_an_award_until_it_is_published(api: Client) -> None:
    campaign = (await api.data(CONTENTS))["campaign"]
    first, second, third, _ = campaign.pop("projects")["nodes"]
    assert campaign == {
        "languages": ["zh"],
        "candidateTerm": "志愿者",
        "english": "志愿者",
        "currency": "PLN",
        "revision": campaign["revision"],
        "cover": {"url": PICTURE.url, "width": 800, "height": 600, "alternative": "一位志愿者"},
        "awards": [{"code": "GOLD", "name": "金奖", "seats": 1, "projects": []}],
        "pauses": [{"from": "2017-03-24T08:00:00+08:00", "until": None, "reason": "核查"}],
        "extensions": [
            {
                "closesAt": "2017-03-31T12:00:00+08:00",
                "was": "2017-03-30T12:00:00+08:00",
                "at": "2017-03-23T09:00:00+08:00",
                "reason": "雨",
            }
        ],
    }
    assert (first["code"], first["cost"], first["award"]) == ("M/01/VII", "1200.50", None)
    assert (second["standing"], second["standingReason"]) == ("WITHDRAWN", "本人退出")
    assert second["standingSince"] == "2017-03-23T08:00:00+08:00"
    assert third["links"] == [{"title": "网站", "url": "https://example.org/"}]
    assert third["images"] == [{"url": PICTURE.url, "alternative": "一位志愿者"}]


async def test_a_picture_has_an_address_for_each_width_at_which_it_is_shown(api: Client) -> None:
    stem = PICTURE.url.removesuffix(".jpg")
    for width, size in ((640, "-640"), (320, "-320"), (None, "")):
        [image] = (await api.data(SIZES, {"width": width}))["project"]["images"]
        assert {image[name] for name in ("itself", "null", "left", "wide", "next")} == {PICTURE.url}
        assert (image["small"], image["wanted"]) == (f"{stem}-320.jpg", f"{stem}{size}.jpg")


async def test_a_description_is_commonmark_and_its_html_is_safe(api: Client) -> None:
    assert (await api.data(DESCRIPTIONS))["project"] == {
        "description": "**三年**<script>alert(1)</script>",
        "descriptionHtml": "<p><strong>三年</strong>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
        "en": "<p><em>Three years</em></p>\n",
    }


async def test_everybody_sees_which_votes_were_voided_and_why(api: Client) -> None:
    voided = {
        "from": "2017-03-22T08:00:00+08:00",
        "until": None,
        "at": "2017-03-23T10:00:00+08:00",
        "reason": "买票",
    }
    assert await api.data(VOIDED) == {"project": {"voidedVotes": [voided]}, "other": {"voidedVotes": []}}
