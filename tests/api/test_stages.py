"""Is what a selection goes by sent, read back, shown in words, asked for before presenting, and kept from then on?"""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml import read_campaign_file
from api.schema.organisers.written_back import written_back
from tests.api.test_organising import act
from tests.api.test_suspicions import signed_in
from tests.selection_files import DIGEST, FILE
from tests.servers import Client, Json, serving

SLUG = "works-2020"
TERMS = """query Terms($slug: String!) { campaign(slug: $slug) {
  lotDigest rulesDigest awards { code threshold } criteria { code name(language: EN) }
  panel { opensAt closesAt quorum published
    aggregation { method drop trimFrom perCriterion standardised standardisedFrom places description(language: EN) }
    rubric { code name weight minimum maximum step counted anchors { score text(language: EN) } } }
  stages { code kind threshold places opensAt closesAt choices { minimum maximum } description(language: EN)
    ties { steps } furtherCriteria { source criterion }
    inputs { source weight normalisation points floor bands { atLeast points } channels { channel weight }
      description(language: EN) } } } }"""
READ = "query Read($slug: String!) { campaignInput(campaign: $slug) }"


@pytest.fixture
def sent(tmp_path: Path) -> Json:
    """The campaign of the file as organizers send it, with its projects."""
    file = tmp_path / "works.toml"
    file.write_text(FILE, "utf-8")
    return written_back(CampaignTrees().tree(read_campaign_file(file)[0], ()))


@pytest.fixture
async def api(http: aiohttp.ClientSession, seeded_url: str) -> AsyncIterator[Client]:
    with serving(seeded_url) as server:
        yield Client(http, server)


async def made(api: Client, token: str, sent: Json, **changes: Any) -> list[list[str]]:
    """Make the campaign a draft; return the places of what is wrong, of the first step that is refused."""
    given = {key: value for key, value in {**sent, **changes}.items() if key != "projects"}
    found = await act(api, token, "createCampaign", input=given)
    if not found["problems"]:
        found = await act(api, token, "putProjects", campaign=given["slug"], projects=sent["projects"])
    return [each["path"] for each in found["problems"]]


async def presented(api: Client, token: str, sent: Json, **changes: Any) -> list[tuple[str, list[str]]]:
    assert await made(api, token, sent, **changes) == []
    found = await act(api, token, "presentCampaign", campaign={**sent, **changes}["slug"])
    return [(each["code"], each["path"]) for each in found["problems"]]


def moments(value: Any) -> Any:
    """The value with each time as that instant, whatever its offset."""
    if isinstance(value, dict):
        return {key: moments(each) for key, each in value.items()}
    if isinstance(value, list):
        return [moments(each) for each in value]
    is_time = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value)
    return datetime.fromisoformat(value) if is_time else value


async def test_it_comes_back_as_it_was_sent_and_is_shown_to_everybody(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert await presented(api, token, sent) == []
    assert moments((await api.data(READ, {"slug": SLUG}, token))["campaignInput"]) == moments(sent)
    campaign = (await api.data(TERMS, {"slug": SLUG}))["campaign"]
    assert (campaign["lotDigest"], campaign["awards"]) == (
        DIGEST,
        [{"code": "GOLD", "threshold": "150"}, {"code": "SILVER", "threshold": None}],
    )
    panel = campaign["panel"]
    assert (panel["opensAt"], panel["closesAt"]) == ("2017-03-25T12:00:00+08:00", "2017-04-05T12:00:00+08:00")
    assert (panel["aggregation"]["method"], panel["aggregation"]["drop"], panel["quorum"]) == ("TRIMMED_MEAN", 1, 3)
    assert "highest" in panel["aggregation"]["description"]
    craft = panel["rubric"][0]
    assert (craft["weight"], craft["minimum"], craft["maximum"], craft["step"]) == ("0.6", "0", "100", "5")
    assert craft["anchors"][1] == {"score": "90", "text": "Outstanding"}
    assert campaign["criteria"][0] == {"code": "CRAFT", "name": "Craft"}
    submitted, finalist, winner = campaign["stages"]
    assert (submitted["kind"], submitted["inputs"], submitted["threshold"]) == ("SUBMISSION", [], None)
    assert (finalist["threshold"], finalist["places"]) == ("59.5", 2)
    assert "The 4 projects with the highest scores pass." in finalist["description"]
    assert finalist["inputs"][0]["channels"] == [{"channel": "SMS", "weight": "0.5"}]
    assert finalist["inputs"][1]["bands"][0] == {"atLeast": "1000", "points": "50"}
    assert "30%" in finalist["inputs"][0]["description"]
    assert finalist["furtherCriteria"][0] == {"source": "CRITERION", "criterion": "IDEA"}
    assert (winner["opensAt"], winner["choices"]) == ("2017-04-10T09:00:00+08:00", {"minimum": 1, "maximum": 3})
    assert winner["inputs"][1]["points"] == ["20", "18", "16.5"]


async def test_a_stage_without_inputs_shows_what_it_is_scored_by(api: Client) -> None:
    campaign = (await api.data(TERMS, {"slug": "shanghai-2017"}))["campaign"]
    assert (campaign["panel"], campaign["lotDigest"]) == (None, None)
    assert [stage["inputs"] for stage in campaign["stages"]] == [[]] * 4


async def test_mistakes_are_told_at_their_places(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert await made(api, token, sent, panel=None) == [["input", "panel"]]
    stages = [*sent["stages"][:2], {**sent["stages"][2], "opensAt": "2017-03-01T00:00:00+08:00"}]
    assert await made(api, token, sent, stages=stages) == [["input", "stages", "2", "opensAt"]]


async def test_nothing_opens_without_a_tie_policy_that_ends_or_with_experts_time_past(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    submitted, finalist, winner = sent["stages"]
    endless = {**finalist, "ties": ["FURTHER_CRITERION"]}
    assert await presented(api, token, sent, slug="endless", lotDigest=None, stages=[submitted, endless, winner]) == [
        ("INCOMPLETE", ["stages", "1", "ties"])
    ]
    silent = {key: value for key, value in winner.items() if key != "ties"}
    assert await presented(api, token, sent, slug="silent", stages=[submitted, finalist, silent]) == [
        ("INCOMPLETE", ["stages", "2", "ties"])
    ]
    past = {**sent["panel"], "opensAt": "2017-03-01T00:00:00+08:00", "closesAt": "2017-03-02T00:00:00+08:00"}
    assert await presented(api, token, sent, slug="past", panel=past) == [("INCOMPLETE", ["panel", "closesAt"])]


async def test_from_the_opening_on_it_stays_and_null_removes_it_before(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert await made(api, token, sent) == []
    stages = [{**sent["stages"][0], "kind": None}, *sent["stages"][1:]]
    removed = await act(api, token, "amendCampaign", campaign=SLUG, input={"stages": stages, "awards": None})
    assert removed["problems"] == []
    found = (await api.data(READ, {"slug": SLUG}, token))["campaignInput"]
    assert ("awards" in found, "kind" in found["stages"][0]) == (False, False)
    back = {"stages": sent["stages"], "awards": sent["awards"]}
    assert (await act(api, token, "amendCampaign", campaign=SLUG, input=back))["problems"] == []
    assert (await act(api, token, "presentCampaign", campaign=SLUG))["problems"] == []
    cheaper = [{**each, "weight": "0.5"} for each in sent["criteria"]]
    for change, place in (
        ({"criteria": cheaper}, "criteria"),
        ({"lotDigest": "0" * 64}, "lotDigest"),
        ({"awards": sent["awards"][1:]}, "awards"),
        ({"panel": {**sent["panel"], "quorum": 2}}, "panel"),
        ({"stages": [sent["stages"][0], {**sent["stages"][1], "threshold": "60"}, sent["stages"][2]]}, "stages"),
    ):
        refused = await act(api, token, "amendCampaign", campaign=SLUG, input=change)
        assert [(each["code"], each["path"]) for each in refused["problems"]] == [("FROZEN", ["input", place])]


async def test_voting_is_not_extended_past_the_opening_of_a_ballot_of_experts(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert await presented(api, token, sent) == []
    extend = {"campaign": SLUG, "reason": {"zh": "系统维护"}}
    refused = await act(api, token, "extendVoting", closesAt="2017-04-10T09:00:01+08:00", **extend)
    assert [(each["code"], each["path"]) for each in refused["problems"]] == [("INVALID_INPUT", ["closesAt"])]
    assert (await act(api, token, "extendVoting", closesAt="2017-04-10T09:00:00+08:00", **extend))["problems"] == []


async def test_nor_is_the_panel_past_that_of_a_ballot_after_its_scores_nor_for_years(api: Client, sent: Json) -> None:
    token = await signed_in(api, "ORGANIZER")
    assert await presented(api, token, sent) == []
    document = """mutation Extend($slug: String!, $closesAt: DateTime!) {
      extendPanel(campaign: $slug, closesAt: $closesAt, reason: {zh: "再评一天"}) { problems { code path } } }"""
    for closes_at, refused in (
        ("2017-04-10T09:00:01+08:00", [{"code": "INVALID_INPUT", "path": ["closesAt"]}]),
        ("2018-04-10T09:00:00+08:00", [{"code": "INVALID_INPUT", "path": ["closesAt"]}]),
        ("2017-04-10T09:00:00+08:00", []),
    ):
        answer = await api.data(document, {"slug": SLUG, "closesAt": closes_at}, token)
        assert answer["extendPanel"]["problems"] == refused
    texts = {"organizer": {"zh": "新馆", "en": "The new centre"}}
    assert (await act(api, token, "amendCampaign", campaign=SLUG, input=texts))["problems"] == []
