"""Can a campaign be edited whose selections were announced, whatever they left vacant, and does that change none of them?"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen import frozen_changes
from api.domain.campaigns.parts import Announcement
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.projects import Outcome
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml import read_campaign_file
from api.services.campaign_forms import ErrorPolicy, StoredForm, amended, projects_put, with_life
from tests.campaigns import at
from tests.selection_files import FILE

FIRST, SECOND = at("2017-04-08 10:00"), at("2017-04-14 10:00")
FORMS = CampaignTrees()
Chosen = dict[int, str | None]  # the award of each project that passed, by its number


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    file = tmp_path / "campaign.toml"
    file.write_text(FILE, "utf-8")
    return replace(read_campaign_file(file)[0], voter_salt="salt", revision=7)


def announced(campaign: Campaign, outcome: Outcome, chosen: Chosen, stages: Sequence[str]) -> Campaign:
    """The campaign once these of its stages were announced, the last of which chose these projects."""
    moments = dict(zip(("FINALIST", "WINNER"), (FIRST, SECOND), strict=True))
    return replace(
        campaign,
        published_at=moments[stages[-1]],
        stages=tuple(
            replace(stage, decided=True, decided_at=moments[stage.code]) if stage.code in stages else stage
            for stage in campaign.stages
        ),
        projects=tuple(
            replace(
                project,
                outcome=outcome if project.number in chosen else Outcome.NOT_SELECTED,
                award=chosen.get(project.number),
            )
            for project in campaign.projects
        ),
        announcements=tuple(Announcement(code, moments[code], moments[code]) for code in stages),
    )


def form(campaign: Campaign) -> StoredForm:
    return StoredForm(campaign, FORMS.tree(campaign, ()), {})


ONE, TWO = ("FINALIST",), ("FINALIST", "WINNER")
OUTCOMES: dict[str, tuple[Outcome, Chosen, Sequence[str]]] = {
    "every seat is filled": (Outcome.FINALIST, dict.fromkeys((1, 2, 3, 4)), ONE),
    "seats are vacant": (Outcome.FINALIST, dict.fromkeys((1, 2)), ONE),
    "nobody passed": (Outcome.FINALIST, {}, ONE),
    "all that were equal passed": (Outcome.FINALIST, dict.fromkeys((1, 2, 3, 4, 5)), ONE),
    "winners have every award": (Outcome.WINNER, {1: "GOLD", 2: "SILVER", 3: "SILVER"}, TWO),
    "an award is vacant": (Outcome.WINNER, {1: "SILVER", 2: "SILVER", 3: None}, TWO),
    "two share the first prize": (Outcome.WINNER, {1: "GOLD", 2: "GOLD", 3: "SILVER", 4: "SILVER"}, TWO),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_texts_change_and_nothing_else(campaign: Campaign, name: str) -> None:
    before = announced(campaign, *OUTCOMES[name])
    after, _ = amended(FORMS, form(before), {"organizer": {"zh": "新馆", "en": "The new centre"}})
    assert replace(after, organizer=before.organizer) == before
    assert not frozen_changes(before, after, SECOND)
    sent = {"number": 1, "title": {"zh": "新题", "en": "A new title"}}
    put = projects_put(FORMS, form(before), [sent], ErrorPolicy.ALL_OR_NOTHING)
    renamed = replace(put.campaign.by_number[1], title=before.by_number[1].title)
    assert replace(put.campaign, projects=(renamed, *put.campaign.projects[1:])) == before
    assert not frozen_changes(before, put.campaign, SECOND)


def test_stages_that_are_sent_without_their_decisions_keep_them(campaign: Campaign) -> None:
    before = announced(campaign, *OUTCOMES["seats are vacant"])
    stages = [{**stage, "name": {"zh": "新名"}} for stage in FORMS.tree(campaign, ())["stages"]]
    after, _ = amended(FORMS, form(before), {"stages": stages})
    assert [(each.decided, each.decided_at) for each in after.stages[1:]] == [(True, FIRST), (False, None)]
    assert not frozen_changes(before, after, SECOND)


@pytest.mark.parametrize(
    ("amendment", "name"),
    [
        ({"published_at": None}, "published_at"),
        ({"published_at": SECOND}, "published_at"),
        ({"awards": None}, "awards"),
    ],
    ids=str,
)
def test_what_was_announced_and_what_it_goes_by_is_frozen(
    campaign: Campaign, amendment: dict[str, Any], name: str
) -> None:
    before = announced(campaign, *OUTCOMES["seats are vacant"])
    after, _ = amended(FORMS, form(before), amendment)
    assert [change.name for change in frozen_changes(before, after, SECOND)] == [name]


def test_another_outcome_is_frozen(campaign: Campaign) -> None:
    before = announced(campaign, *OUTCOMES["seats are vacant"])
    sent = {"number": 3, "title": {"zh": "作品3", "en": "Work 3"}, "outcome": "FINALIST"}
    put = projects_put(FORMS, form(before), [sent], ErrorPolicy.ALL_OR_NOTHING)
    [change] = frozen_changes(before, put.campaign, SECOND)
    assert (change.name, change.difference) == ("outcomes of 3", "NOT_SELECTED would become FINALIST")


def test_without_an_announcement_outcomes_have_to_fit_the_seats(campaign: Campaign) -> None:
    before = replace(announced(campaign, Outcome.FINALIST, {}, ONE), announcements=())
    with pytest.raises(ActFailed, match="but 0 projects are FINALIST"):
        amended(FORMS, form(before), {"organizer": {"zh": "新馆"}})


def test_a_file_that_knows_nothing_of_it_leaves_what_was_announced(campaign: Campaign) -> None:
    before = announced(campaign, *OUTCOMES["an award is vacant"])
    assert replace(with_life(before, campaign), published_at=before.published_at) == before
