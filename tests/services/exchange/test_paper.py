"""Are ballots of a polling place counted once, whole, and only after a second organizer has approved them?"""

import asyncio
import json
import re
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.problems import ActFailed
from api.domain.campaigns.projects import Replacement, Standing
from api.domain.campaigns.states import CampaignState
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.jobs import Job, JobState
from api.domain.exchange.paper import paper_voter
from api.domain.exchange.problems import FileRefused
from api.domain.people.identity import Voter
from api.domain.selection.organizer_inputs import Sent
from api.domain.voting.ballots import Ballot, Draft
from api.domain.voting.channels import Channel
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.eligibility import EligibilityRule, RequiredClaim
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule
from api.formats.campaign.inputs import CampaignTrees
from api.services.audit_trail import AuditRecorder
from api.services.campaign_life import CampaignLife
from api.services.exchange import paper
from api.services.snapshots import Snapshots
from api.services.stage_acts import StageAct
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballot_records import SqlBallotRecords
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.roles import SqlAccessStore
from api.storage.tallies import SqlTallies
from tests.campaigns import CLOSES, DURING, OPENS, SLUG, a_project, at, both, project_ids
from tests.paper import (
    DAY,
    FIRST,
    SECOND,
    SECRET,
    SKIP,
    Killed,
    PollingPlaces,
    Work,
    polling_places,
    sheet,
    voting_campaign,
)
from tests.selecting import ORGANIZER, THREE
from tests.stored import wait_for_the_log_once

PAGE = (Path(__file__).parents[3] / "docs/paper-ballots.md").read_text()
THREE_BALLOTS = sheet({"001": (1, 2), "002": (2, 3), "003": (2,)})


async def refused_with(doing) -> list[str]:
    with pytest.raises(ActFailed) as failed:
        await doing
    return [problem.code.name for problem in failed.value.problems]


async def violations_in(doing) -> list[tuple[int | None, tuple[str, ...]]]:
    with pytest.raises(FileRefused) as failed:
        await doing
    return [(problem.line, problem.violations) for problem in failed.value.file_problems]


async def trail(places: PollingPlaces, kind: str) -> list[dict[str, object]]:
    rows = await places.database.rows("select details from trail where kind = $1 order by number", kind)
    return [json.loads(row["details"]) if isinstance(row["details"], str) else row["details"] for row in rows]


async def test_approved_ballots_count_under_their_channel_with_the_place_on_the_trail(database: Database) -> None:
    places = await polling_places(database)
    job = await places.upload(THREE_BALLOTS, channel=Channel.ON_SITE)
    assert (job.state, job.problem_count) == (JobState.WAITING_FOR_APPROVAL, 0)
    assert job.result is not None
    assert (job.result.accepted, job.result.counted) == (3, {"1": 1, "2": 3, "3": 1})
    assert await places.votes(Channel.ON_SITE) == {}
    end = await places.count(await places.approve(job))
    assert (end.state, end.result, end.problem_count) == (JobState.DONE, job.result, 0)
    assert await places.votes(Channel.ON_SITE) == {1: 1, 2: 3, 3: 1}
    assert await places.votes(Channel.PAPER) == {}
    (event,) = end.events
    assert event.details == {
        "job": job.id,
        "place": "徐汇区图书馆",
        "day": "2017-03-24",
        "channel": "ON_SITE",
        "accepted": 3,
        "refused": 0,
    }
    assert await trail(places, "BALLOTS_APPROVED") == [{"job": job.id, "place": "徐汇区图书馆"}]


async def test_a_ballot_counts_on_its_day_while_voting_was_open(database: Database) -> None:
    pause = Pause(at("2017-03-24 09:00"), at("2017-03-24 10:30"), both("核查", "Checks"))
    campaign = voting_campaign(rules=(VotingHoursRule(time(9), time(22)),), pauses=(pause,))
    places = await polling_places(database, campaign)
    await places.take(THREE_BALLOTS)
    rows = await database.rows("select distinct day, cast_at from ballots")
    assert [(str(row["day"]), str(row["cast_at"])[:16]) for row in rows] == [("2017-03-24", "2017-03-24 02:30")]


async def test_the_day_is_a_voting_day_that_has_begun_and_the_last_one_if_none_is_named(database: Database) -> None:
    whole_day = Pause(at("2017-03-25 00:00"), at("2017-03-26 00:00"), both("停电", "No power"))
    places = await polling_places(database, voting_campaign(pauses=(whole_day,)))
    assert await refused_with(places.upload(THREE_BALLOTS, day=date(2017, 4, 1))) == ["INVALID_INPUT"]
    assert await refused_with(places.upload(THREE_BALLOTS, day=date(2017, 3, 25))) == ["INVALID_INPUT"]
    places.now = DURING
    assert await refused_with(places.upload(THREE_BALLOTS, day=date(2017, 3, 26))) == ["TOO_EARLY"]
    places.now = at("2017-03-27 20:00")
    job = await places.upload(THREE_BALLOTS, day=None)
    places.now = at("2017-03-28 08:00")
    await places.count(await places.approve(job))
    assert {str(row["day"]) for row in await database.rows("select day from ballots")} == {"2017-03-27"}
    places.now = OPENS - timedelta(seconds=1)
    assert await refused_with(places.upload(THREE_BALLOTS)) == ["WRONG_PHASE"]


async def test_every_wrong_row_is_named_and_nothing_is_counted(database: Database) -> None:
    places = await polling_places(database)
    wrong = sheet({"1": (1, 2, 3, 4), "2": (5, 5), "3": (99,), "4": (6,)})
    assert await violations_in(places.upload(wrong)) == [
        (2, ("TOO_MANY_CHOICES",)),
        (3, ("REPEATED_CHOICES",)),
        (4, ("UNKNOWN_PROJECTS",)),
    ]
    assert await violations_in(places.upload("选票编号,所选项目\n")) == [(1, ())]


async def test_refused_rows_stay_out_where_that_was_asked_for(database: Database) -> None:
    places = await polling_places(database)
    job = await places.upload(sheet({"1": (1, 2, 3, 4), "2": (), "3": (99,), "4": (6,), "": (7,)}), policy=SKIP)
    expected = {"TOO_FEW_CHOICES": 1, "TOO_MANY_CHOICES": 1, "UNKNOWN_PROJECTS": 1}
    assert job.result is not None
    assert (job.result.accepted, job.result.refused, job.problem_count) == (1, expected, 4)
    assert [problem.line for problem in job.problems] == [2, 3, 4, 6]
    end = await places.count(await places.approve(job))
    assert end.result == job.result
    assert await places.votes() == {6: 1}
    assert end.events[0].details["refused"] == 4
    assert await violations_in(places.upload(sheet({"9": (1, 2, 3, 4)}), policy=SKIP)) == [(2, ("TOO_MANY_CHOICES",))]


SAME = [
    THREE_BALLOTS,
    sheet({"003": (2,), "002": (3, 2), "1.0": (2, 1)}),
    THREE_BALLOTS.encode("gb18030"),
    "ballot number;choice 1;choice 2\r\n1;1;2\r\n2;2;3\r\n3;2;\r\n",
    "编号,1,2,3\n1,√,√,\n2,,√,√\n3,,x,\n",
]


@pytest.mark.parametrize("again", SAME)
async def test_the_same_batch_is_known_whatever_its_file_looks_like(database: Database, again: str | bytes) -> None:
    places = await polling_places(database)
    job = await places.upload(THREE_BALLOTS)
    other = await places.upload(again)  # nothing has been approved yet
    await places.approve(job)
    assert await refused_with(places.upload(again, place="another place")) == ["BATCH_KNOWN"]
    assert await refused_with(places.approve(other)) == ["BATCH_KNOWN"]


async def test_a_batch_that_came_to_nothing_is_not_known(database: Database) -> None:
    places = await polling_places(database)
    await places.upload(THREE_BALLOTS)
    job = await places.approve(await places.upload(THREE_BALLOTS))
    await use_up(places, "1")
    assert await violations_in(places.count(job)) == [(2, ("QUOTA_EXHAUSTED",))]
    assert await places.votes() == {5: 1}
    again = await places.upload(sheet({"001": (1, 2), "002": (2, 3), "003": (2,)}), policy=SKIP)
    await places.count(await places.approve(again))
    assert await places.votes() == {2: 2, 3: 1, 5: 1}


async def use_up(places: PollingPlaces, number: str) -> None:
    """Have the box hold a printed ballot of the place, as if by a batch that was counted a moment ago."""
    campaign = await places.selector.campaign()
    voter = paper_voter("徐汇区图书馆", number, Channel.PAPER)
    cast = await places.casting.cast(campaign, voter, Draft(project_ids(5)), DURING, None)
    assert isinstance(cast, Ballot)


@pytest.mark.parametrize("limit", [1, 5])
async def test_a_printed_ballot_counts_once_whatever_the_quota_and_the_day(database: Database, limit: int) -> None:
    places = await polling_places(database, voting_campaign(quota=Quota(limit, QuotaPeriod.DAY)))
    await places.take(THREE_BALLOTS)
    more = sheet({"3": (2,), "4": (4,)})
    found = await violations_in(places.upload(more, day=date(2017, 3, 26), place=" 徐匯區圖書館"))
    assert found == [(2, ("QUOTA_EXHAUSTED",))]
    end = await places.take(more, day=date(2017, 3, 26), policy=SKIP)
    assert end.result is not None
    assert (end.result.accepted, end.result.refused) == (1, {"QUOTA_EXHAUSTED": 1})
    await places.take(sheet({"3": (5,), "4": (4,)}), place="another place")
    assert await places.votes() == {1: 1, 2: 3, 3: 1, 4: 2, 5: 1}


async def test_votes_that_are_cast_one_by_one_are_a_project_a_row(database: Database) -> None:
    rule = VoteQuotaRule(2, 1, QuotaPeriod.DAY)
    campaign = voting_campaign(rules=(rule,), quota=Quota(2, QuotaPeriod.DAY))
    places = await polling_places(database, campaign)
    assert await violations_in(places.upload(sheet({"1": (1, 2)}))) == [(2, ("TOO_MANY_CHOICES",))]
    await places.take(sheet({"1": (1,), "2": (1,), "3": (1,)}))
    assert await places.votes() == {1: 3}
    assert await violations_in(places.upload(sheet({"3": (2,)}))) == [(2, ("VOTES_EXHAUSTED",))]


async def test_whoever_voted_on_paper_was_looked_at_by_the_polling_place(database: Database) -> None:
    rule = EligibilityRule((RequiredClaim("residence"),), listed=True)
    places = await polling_places(database, voting_campaign(rules=(rule,)))
    await places.take(THREE_BALLOTS)
    assert await places.votes() == {1: 1, 2: 3, 3: 1}


async def test_a_project_that_was_withdrawn_later_could_be_chosen_then(database: Database) -> None:
    def gone(day: str) -> Campaign:
        base = voting_campaign()
        changes = {"standing": Standing.WITHDRAWN, "replacement": Replacement.REFILL, "standing_since": at(day)}
        return replace(base, projects=(replace(base.projects[0], **changes), *base.projects[1:]))

    places = await polling_places(database, gone("2017-03-26 12:00"))
    await places.take(THREE_BALLOTS)
    assert await places.votes() == {1: 1, 2: 3, 3: 1}
    later = await violations_in(places.upload(sheet({"9": (1, 2)}), day=date(2017, 3, 27)))
    assert later == [(2, ("PROJECTS_NOT_STANDING",))]


async def test_who_uploads_cannot_approve_and_of_two_approvals_one_counts(database: Database) -> None:
    places = await polling_places(database)
    job = await places.upload(THREE_BALLOTS)
    assert await refused_with(places.approve(job, FIRST)) == ["SECOND_ORGANIZER"]
    found = await asyncio.gather(places.approve(job), places.approve(job, "c" * 26), return_exceptions=True)
    won = [each for each in found if isinstance(each, Job)]
    lost = [[problem.code.name for problem in each.problems] for each in found if isinstance(each, ActFailed)]
    assert (len(won), lost) in [(1, [["BATCH_KNOWN"]]), (1, [["WRONG_STATE"]])]
    assert len(await trail(places, "BALLOTS_APPROVED")) == 1
    assert await refused_with(places.approve(job, "d" * 26)) == ["BATCH_KNOWN"]


async def test_batches_of_one_place_are_counted_one_after_the_other(database: Database) -> None:
    places = await polling_places(database)
    first, second = await places.upload(THREE_BALLOTS), await places.upload(sheet({"3": (5,), "4": (5,)}), policy=SKIP)
    approved = await places.approve(first)
    assert await refused_with(places.approve(second)) == ["WRONG_STATE"]
    await places.count(approved)
    end = await places.count(await places.approve(second))
    assert end.result is not None
    assert (end.result.accepted, end.result.refused) == (1, {"QUOTA_EXHAUSTED": 1})


async def test_no_stage_is_decided_while_approved_ballots_are_counted_and_none_count_after(database: Database) -> None:
    places = await polling_places(database)
    late = await places.upload(sheet({"77": (7,)}))
    job = await places.approve(await places.upload(THREE_BALLOTS))
    act = StageAct(SLUG, THREE, ORGANIZER)
    assert await refused_with(places.selector.selecting.plan(act, Sent())) == ["BALLOTS_UNCOUNTED"]
    await places.count(job)
    more = sheet({"11": (1,), "12": (1,), "13": (4,), "14": (4,), "15": (4,), "16": (4,)})
    await places.take(more)
    await places.selector.commit()
    assert await refused_with(places.approve(late)) == ["FROZEN"]
    assert await refused_with(places.upload(sheet({"78": (7,)}))) == ["FROZEN"]


async def test_archived_and_anonymous_campaigns_take_no_more(database: Database) -> None:
    places = await polling_places(database, voting_campaign(state=CampaignState.ARCHIVED))
    assert await refused_with(places.upload(THREE_BALLOTS)) == ["WRONG_PHASE"]
    await database.rows("update campaigns set state = 'PRESENTED', voter_salt = null")
    assert await refused_with(places.upload(THREE_BALLOTS)) == ["FROZEN"]


MANY = {number: (number % 10 + 1, (number + 3) % 10 + 1) for number in range(1, 601)}


@pytest.mark.parametrize("dies_at", range(1, 9))
async def test_counting_goes_on_where_it_was_killed(
    database: Database, dies_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call of progress is a moment between two transactions, the first ones of checking once more before counting."""
    monkeypatch.setattr(paper, "AT_ONCE", 250)
    places = await polling_places(database)
    job = await places.approve(await places.upload(sheet(MANY)))
    try:
        await places.count(job, dies_at)
    except Killed:
        checkpoint = job.checkpoint if dies_at < 4 else f"{job.checkpoint} counting"
        end = await places.count(replace(job, checkpoint=checkpoint))
    else:
        raise AssertionError("it was not killed")
    assert end.result is not None
    assert (end.result.accepted, end.result.refused) == (600, {})
    assert sum((await places.votes()).values()) == 1200
    assert len(await database.rows("select id from ballots")) == 600


async def test_the_sheets_on_the_page_are_taken_as_it_says(database: Database) -> None:
    sheets = [block for block in re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL) if not block.startswith("编号")]
    assert len(sheets) == 4
    places = await polling_places(database, voting_campaign(projects=tuple(map(a_project, range(1, 13)))))
    for text in sheets[:3]:
        end = await places.take(text)
        assert (end.state, end.problem_count) == (JobState.DONE, 0)
    assert await places.votes() == {3: 4, 7: 4, 12: 4}
    assert await refused_with(places.upload(sheets[3])) == ["BATCH_KNOWN"]  # the first of them, in English


async def test_a_batch_that_is_being_counted_is_never_given_up(database: Database) -> None:
    places = await polling_places(database)
    job = await places.approve(await places.upload(THREE_BALLOTS))
    counting = replace(job, checkpoint=f"{job.checkpoint} counting")
    with pytest.raises(ApiError) as failed:
        await places.handler.undo(Work(counting, b""))
    assert failed.value.code is ErrorCode.OVERLOADED  # on which the job is taken up again
    assert await refused_with(places.selector.selecting.plan(StageAct(SLUG, THREE, ORGANIZER), Sent())) == [
        "BALLOTS_UNCOUNTED"
    ]
    await places.handler.run(Work(counting, places.contents[job.id]))  # and its process dies before it tells
    assert await refused_with(places.selector.selecting.plan(StageAct(SLUG, THREE, ORGANIZER), Sent())) == [
        "BALLOTS_UNCOUNTED"
    ]
    await places.count(counting)
    await places.selector.selecting.plan(StageAct(SLUG, THREE, ORGANIZER), Sent())


async def test_no_campaign_is_put_away_while_ballots_are_counted(database: Database) -> None:
    places = await polling_places(database)
    job = await places.approve(await places.upload(THREE_BALLOTS))
    life = CampaignLife(
        SqlCampaigns(database),
        CampaignTrees(),
        AuditRecorder(SqlAuditTrail(database, places.clock), SECRET),
        Snapshots(SqlCampaigns(database), SqlTallies(database), SqlAccessStore(database)),
        places.clock,
        lambda: "salt",
    )
    assert await refused_with(life.archive(SLUG, ORGANIZER, None)) == ["BALLOTS_UNCOUNTED"]
    await places.count(job)
    await life.archive(SLUG, ORGANIZER, None)


async def test_what_comes_after_the_close_moves_the_standings_and_the_audit_agrees(database: Database) -> None:
    places = await polling_places(database)
    campaign, store = await places.selector.campaign(), SqlCampaigns(database)
    for number in range(5):
        await places.casting.cast(campaign, Voter(f"voter {number}"), Draft(project_ids(1, 4)), DURING, None)
    snapshots = Snapshots(store, SqlTallies(database), SqlAccessStore(database))
    before = (await snapshots.fresh(places.now)).standings(campaign)
    assert places.now > CLOSES
    await places.take(THREE_BALLOTS)
    after = (await snapshots.fresh(places.now + timedelta(seconds=2))).standings(campaign)
    assert (before.ballots, after.ballots) == (5, 8)
    assert (before.by_number[2].votes, after.by_number[2].votes) == (0, 3)
    recounted = await SqlBallotRecords(database).recount(campaign)
    assert (recounted.counted, recounted.wrong) == (8, ())
    assert await wait_for_the_log_once(database)
    tags = await database.rows("select distinct client_tag from ballots")
    assert tags == [{"client_tag": None}]  # nobody has sent the key of a ballot on paper


async def test_an_approved_batch_is_known_by_its_place_and_its_approver(database: Database) -> None:
    places = await polling_places(database)
    job = await places.upload(THREE_BALLOTS)
    assert job.checkpoint is not None
    assert job.checkpoint.endswith(DAY.isoformat())
    paper = SqlCampaigns(database).paper
    assert await paper.uncounted(SLUG) == ()
    approved = await places.approve(job)
    (batch,) = await paper.uncounted(SLUG)
    assert (batch.place, batch.ballots, batch.approved_by) == ("徐汇区图书馆", 3, SECOND)
    assert await paper.of_job(SLUG, job.id) == batch
    await places.count(approved)
    assert await paper.uncounted(SLUG) == ()
