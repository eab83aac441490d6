"""Do exports pass the format's own checker, and are they the same campaign with the same votes when they are imported again?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pabulib.checker import Checker

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange, VoidedVotes
from api.domain.campaigns.projects import Outcome, Replacement, Standing
from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.ids import ProjectId
from api.domain.texts import localized
from api.domain.voting.ballots import Draft
from api.domain.voting.channels import Channel
from api.domain.voting.judging import CastAttempt, judge
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.groups import GroupChoiceRule
from api.formats.campaign import tree_of, validate_campaign
from api.formats.campaign_toml import read_campaign_file
from api.formats.pabulib import PabulibParser, PabulibWriter
from api.ports.exports import ExportedBallot
from tests.commands import SEED
from tests.pabulib_files import PabulibFile, approval_file, right_files

RIGHT = right_files()
SINCE = datetime(2023, 7, 1, tzinfo=UTC)


def read(content: bytes) -> tuple[list[FileBallot], BallotFile, Campaign]:
    parser = PabulibParser()
    ballots = [*parser.feed(content), *parser.close()]
    file = parser.file()
    campaign, findings = validate_campaign(file.tree, {})
    assert campaign is not None, findings
    return ballots, file, campaign


def imported(content: bytes) -> tuple[Campaign, Mapping[str, Any], list[ExportedBallot]]:
    """What an import makes of a file: the campaign, the extras, and the ballots that the rules let pass."""
    ballots, file, campaign = read(content)
    positions = {project.code: project.position for project in campaign.projects}
    numbers = {project.code: project.number for project in campaign.projects}
    voters, counted = set(), []
    for ballot in ballots:
        ids = tuple(str(ProjectId(campaign.slug, numbers.get(code, 999_998))) for code in ballot.codes)
        attempt = CastAttempt(Draft(ids), campaign, campaign.window.opens_at)
        if ballot.voter not in voters and not judge(attempt):
            chosen = tuple(sorted(positions[code] for code in ballot.codes))
            counted.append(ExportedBallot(campaign.calendar.days[0], ballot.channel, chosen))
        voters.add(ballot.voter)
    return with_withdrawn(campaign, file), file.extras, counted


def with_withdrawn(campaign: Campaign, file: BallotFile) -> Campaign:
    gone = {"standing": Standing.WITHDRAWN, "standing_since": SINCE, "replacement": Replacement.REFILL}
    return replace(
        campaign, projects=tuple(replace(p, **gone) if p.code in file.withdrawn else p for p in campaign.projects)
    )


def tallies(ballots: list[ExportedBallot]) -> Counter[int]:
    return Counter(position for ballot in ballots for position in ballot.positions)


def exported(campaign: Campaign, extras: Mapping[str, Any], ballots: list[ExportedBallot]) -> bytes:
    writer = PabulibWriter(campaign, extras, tallies(ballots), len(ballots))
    return writer.head() + writer.rows(ballots[:7]) + writer.rows(ballots[7:])


def errors_in(content: bytes) -> dict[str, Any]:
    checked = Checker().process_files([content.decode()])
    return next(value for key, value in checked.items() if key not in ("metadata", "summary"))["results"]["errors"]


def compared(campaign: Campaign) -> dict[str, Any]:
    """What has to be the same: the whole tree, and which projects stand."""
    standing = {project.number: project.standing for project in campaign.projects}
    return {**tree_of(campaign), "standing": standing, "digest": rules_digest(campaign)}


@pytest.mark.parametrize("file", RIGHT.values(), ids=RIGHT)
def test_an_export_passes_the_checker_and_comes_back_as_the_same(file: PabulibFile) -> None:
    campaign, extras, ballots = imported(file.content())
    content = exported(campaign, extras, ballots)
    assert errors_in(content) == {}
    again, extras_again, ballots_again = imported(content)
    assert compared(again) == compared(campaign)
    assert tallies(ballots_again) == tallies(ballots)
    assert [ballot.channel for ballot in ballots_again] == [ballot.channel for ballot in ballots]
    assert exported(again, extras_again, ballots_again) == content, "from then on nothing changes"


def test_what_a_campaign_has_no_place_for_is_written_again() -> None:
    file = RIGHT["places on the map"].with_column("public_id", "A-7").with_meta(comment="#1: Said; before.", edition="")
    head, _, _ = exported(*imported(file.content())).decode().partition("VOTES")
    for line in (
        "budget;",
        "rule;greedy\n",
        "country;Poland",
        "unit;Łódź",
        "instance;2023",
        'comment;"#1: Said; before."',
    ):
        assert line in head
    assert ";51.77;19.45\n" in head
    assert ";A-7;" in head


def test_projects_stand_in_the_order_of_the_file_by_which_ties_are_broken() -> None:
    file = approval_file(1, codes=["5", "3", "9"])
    content = exported(*imported(file.content())).decode()
    rows = content.partition("PROJECTS\n")[2].split("\n")[1:4]
    assert [row.split(";")[0] for row in rows] == ["5", "3", "9"]


def test_the_rule_is_not_claimed_where_not_every_ballot_is_there() -> None:
    campaign, extras, ballots = imported(RIGHT["plain"].content())
    content = exported(campaign, extras, ballots[:-1])
    assert b"rule;unknown\n" in content
    assert b"The rule was stated as greedy." in content
    assert errors_in(content) == {}


def a_whole_campaign() -> Campaign:
    campaign, _ = read_campaign_file(SEED)
    return campaign


def some_ballots(campaign: Campaign) -> list[ExportedBallot]:
    channels = list(Channel)
    size = campaign.choices.minimum
    positions = [project.position for project in campaign.projects]
    return [
        ExportedBallot(date(2017, 3, 23), channels[n % len(channels)], tuple(sorted((positions * 2)[n : n + size])))
        for n in range(len(positions))
    ]


def test_a_campaign_of_our_own_passes_the_checker_and_can_be_imported() -> None:
    campaign = a_whole_campaign()
    ballots = some_ballots(campaign)
    content = exported(campaign, {}, ballots)
    assert errors_in(content) == {}
    again, _, ballots_again = imported(content)
    assert [each.title for each in again.projects] == [
        localized(zh=each.title.tagged("zh")) for each in campaign.projects
    ]
    assert [each.district and each.district.name.tagged("zh") for each in again.projects] == [
        each.district and each.district.name.tagged("zh") for each in campaign.projects
    ]
    assert [[t.name.tagged("zh") for t in each.themes] for each in again.projects] == [
        [t.name.tagged("zh") for t in each.themes] for each in campaign.projects
    ]
    assert (again.choices, again.time_zone, again.window.opens_at) == (
        campaign.choices,
        campaign.time_zone,
        campaign.window.opens_at,
    )
    assert tallies(ballots_again) == tallies(ballots)
    assert {ballot.channel for ballot in ballots_again} == {Channel.WEB, Channel.PAPER}


def test_a_selection_without_costs_has_the_seats_as_its_budget() -> None:
    campaign = a_whole_campaign()
    head = exported(campaign, {}, some_ballots(campaign)).decode()
    assert f"budget;{campaign.stages[-1].seats}\n" in head
    assert "Each has a cost of 1" in head


def test_rules_that_the_format_has_no_key_for_are_told_in_the_comment() -> None:
    rule = GroupChoiceRule(Grouping.DISTRICT, None, None, 3)
    campaign = replace(a_whole_campaign(), rules=(rule,), quota=Quota(2, QuotaPeriod.DAY), choices=ChoiceRange(1, 30))
    content = exported(campaign, {}, some_ballots(campaign))
    assert errors_in(content) == {}
    [comment] = [line for line in content.decode().split("\n") if "comment;" in line]
    assert "A voter had 2 ballots a day" in comment
    assert "at most 3 projects of each district" in comment


@pytest.mark.parametrize("costs", [[100, 250], [Decimal("0.5"), 20], [None, 30]])
def test_costs_of_our_own_campaigns_make_a_budget(costs: list[Decimal | int | None]) -> None:
    campaign = a_whole_campaign()
    projects = tuple(
        replace(
            project,
            cost=None if (cost := costs[n % 2]) is None else Decimal(cost) + 1,
            outcome=Outcome.WINNER if n < 5 else Outcome.NOT_SELECTED,
        )
        for n, project in enumerate(campaign.projects)
    )
    content = exported(replace(campaign, projects=projects, currency="CNY"), {}, some_ballots(campaign))
    assert errors_in(content) == {}
    assert b"description;proposer" in content


def test_codes_that_cannot_be_told_apart_in_a_ballot_are_written_as_numbers() -> None:
    campaign = a_whole_campaign()
    for code in ("A,B", "votes"):
        projects = tuple(replace(p, code=code if p.position == 1 else f"C{p.position}") for p in campaign.projects)
        content = exported(replace(campaign, projects=projects), {}, some_ballots(campaign))
        assert errors_in(content) == {}
        assert f"\n1;{','.join(map(str, range(1, 11)))};".encode() in content


def test_a_theme_with_a_comma_in_its_name_stays_one_theme() -> None:
    campaign = a_whole_campaign()
    theme = replace(campaign.themes[0], name=localized(zh="卫生, 健康"))
    projects = tuple(replace(project, themes=(theme,)) for project in campaign.projects)
    again, _, _ = imported(exported(replace(campaign, themes=(theme,), projects=projects), {}, some_ballots(campaign)))
    assert [each.name.tagged("zh") for each in again.themes] == ["卫生， 健康"]


def test_ballots_that_lost_votes_are_no_mistake() -> None:
    campaign = a_whole_campaign()
    opens_at, closes_at = campaign.window.opens_at, campaign.window.closes_at
    voided = VoidedVotes(1, opens_at, None, localized(zh="舞弊"), closes_at)
    shorter = [
        ballot._replace(positions=tuple(p for p in ballot.positions if p != 1)) for ballot in some_ballots(campaign)
    ]
    ballots = [*shorter, shorter[0]._replace(positions=())]
    writer = PabulibWriter(replace(campaign, voided_votes=(voided,)), {}, tallies(ballots), len(shorter))
    content = writer.head() + writer.rows(ballots)
    assert errors_in(content) == {}
    assert b"min_length" not in content
    assert b"A ballot named at least 10." in content


def test_a_selection_that_is_not_public_yet_is_not_in_the_file() -> None:
    campaign, extras, ballots = imported(RIGHT["selected of every kind"].content())
    content = exported(campaign.published(campaign.window.opens_at), extras, ballots)
    assert b";selected" not in content
    assert errors_in(content) == {}


def test_what_won_and_was_withdrawn_afterwards_is_not_selected() -> None:
    campaign, extras, ballots = imported(RIGHT["selected of every kind"].content())
    gone = next(project for project in campaign.projects if project.outcome is Outcome.WINNER)
    projects = [replace(p, standing=Standing.WITHDRAWN) if p is gone else p for p in campaign.projects]
    assert errors_in(exported(replace(campaign, projects=tuple(projects)), extras, ballots)) == {}
