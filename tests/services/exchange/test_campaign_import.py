"""Does a file become a campaign with its ballots, whole or not at all, whatever happens meanwhile? On both databases."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.clock import Clock
from api.domain.audit_trail import TrailFilter, TrailKind
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.campaigns.projects import Standing
from api.domain.campaigns.states import CampaignState
from api.domain.deferred import Deferred
from api.domain.exchange.formats import FileFormat
from api.domain.exchange.jobs import ImportResult, JobState, TallyDifference
from api.domain.exchange.problems import FileRefused
from api.domain.ids import ProjectId
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.voting.ballots import Admission, Draft
from api.domain.voting.judging import CastAttempt, judge
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml.uploaded import CampaignFileParser
from api.ports.exchange import BallotFileParser
from api.ports.jobs import WrittenFile
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.exchange import ballot_replay
from api.services.exchange.campaign_import import CampaignImportHandler
from api.services.voter_ballots import VoterBallots
from api.storage.audit_trail import read
from api.storage.ballot_records import audited
from api.storage.ballots.ballot_box import SqlBallotBox, overloaded
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.imports import SqlImports
from api.storage.roles import SqlAccessStore
from api.storage.tallies import SqlTallies
from tests.job_worlds import JobWorld, until
from tests.jobs import key_of
from tests.memory import MemoryElectors, MemorySignals, MemoryTrail
from tests.stored import every_row
from tests.works import NOW, SmallParser, Work, import_work, small_file, town

SECRET = b"a secret"
VIEWER = "v" * 26
THREE = ("ann:A/1,B", "bob:B", "eve:B,3")
WRONG = ("x:", "ann:3", "y:A/1,B,3", "z:B,B", "w:B,nope")


class Box(SqlBallotBox):
    """A ballot box that has no room for some ballots, or loses its answer when it has stored them."""

    full: int = 0
    lost: int = 0

    def admit(self, admission: Admission) -> Deferred[Any]:
        if self.full:
            self.full -= 1
            refused = Deferred[Any]()
            refused.reject(overloaded())
            return refused
        return super().admit(admission).then(self._tell)

    def _tell(self, result: Any) -> Any:
        if self.lost:
            self.lost -= 1
            raise overloaded(maybe_stored=True)
        return result


def handler(
    database: Database,
    box: SqlBallotBox | None = None,
    parser: Callable[[], BallotFileParser] = SmallParser,
    store: SqlImports | None = None,
) -> CampaignImportHandler:
    audit = AuditRecorder(MemoryTrail(), SECRET)
    detector: Any = MemorySignals()
    casting = BallotCasting(VoterBallots(box or SqlBallotBox(database), SECRET), MemoryElectors({}), audit, detector)
    readers = {FileFormat.PABULIB: parser, FileFormat.TOML: CampaignFileParser}
    clock: Clock = lambda: NOW  # noqa: E731
    stores = (CampaignTrees(), SqlCampaigns(database), store or SqlImports(database))
    return CampaignImportHandler(readers, *stores, casting, audit, clock, lambda: "5a" * 32)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_replay, "AT_ONCE", 3)
    monkeypatch.setattr(ballot_replay, "CHECKPOINT_ROWS", 3)
    monkeypatch.setattr(ballot_replay, "FIRST_WAIT", 0.0)


async def recounted(database: Database, slug: str) -> dict[int, int]:
    """The votes by position, counted from the ballots; the tallies say the same."""
    campaign = await SqlCampaigns(database).campaign(slug)
    assert campaign is not None
    async with database.snapshot() as view:
        tallied = (await SqlTallies(view).counts())[slug]
        counts, wrong = await audited(view, campaign, tallied)
    assert wrong == []
    totals: dict[int, int] = {}
    for votes in counts.votes.values():
        for position, number in votes.items():
            totals[position] = totals.get(position, 0) + number
    return totals


async def test_a_file_becomes_a_campaign_with_its_ballots_and_every_refusal_is_told(database: Database) -> None:
    work = import_work(small_file([*THREE, *WRONG], official={"3": 1, "B": 4, "A/1": 1}))
    end = await handler(database).run(work)
    refused = {
        "QUOTA_EXHAUSTED": 1,
        "REPEATED_CHOICES": 1,
        "TOO_FEW_CHOICES": 1,
        "TOO_MANY_CHOICES": 1,
        "UNKNOWN_PROJECTS": 1,
    }
    counted = {"A/1": 1, "B": 3, "3": 1}
    assert end.state is JobState.DONE
    assert end.result == ImportResult(3, 3, refused, {"3": 1, "B": 4, "A/1": 1}, counted)
    assert end.result.differences == (TallyDifference("B", 4, 3),)
    assert end.problem_count == 5
    lines = {problem.line: problem.violations for problem in end.problems}
    assert list(lines) == [5, 6, 7, 8, 9]
    assert lines[6] == ("QUOTA_EXHAUSTED",)
    assert [problem.code for problem in end.problems] == [ProblemCode.BALLOT_REFUSED] * 5
    assert end.problems[-1].message.en == (
        "Ballot 8: The campaign has no project nope. Correct the row, or add the project first."
    )
    assert end.problems[-1].message.zh == "第8张选票：该评选没有这些项目：nope。请更正此行，或先加入项目。"
    assert await recounted(database, "town") == {1: 1, 2: 3, 3: 1}
    assert work.job.campaign == "town"
    assert work.job.total == 8
    assert work.told == sorted(work.told)
    [recorded] = await read(database, TrailFilter(kinds=(TrailKind.CAMPAIGN_IMPORTED,)), None)
    assert recorded.event.details == {"file": "town.pb", "sha256": work.job.sha256, "accepted": 3, "refused": 5}


async def test_what_the_file_marks_as_withdrawn_stands_no_more_afterwards(database: Database) -> None:
    work = import_work(small_file(THREE, withdrawn=["B"], extras={"meta": {"unit": "Town"}}))
    await handler(database).run(work)
    campaign = await SqlCampaigns(database).campaign("town")
    assert campaign is not None
    assert [project.standing for project in campaign.projects] == [
        Standing.STANDING,
        Standing.WITHDRAWN,
        Standing.STANDING,
    ]
    reason = campaign.projects[1].standing_reason
    assert reason is not None
    assert reason.translations == (("en", "The imported file marks this project as withdrawn."),)
    assert await recounted(database, "town") == {1: 1, 2: 3, 3: 1}
    file = await SqlImports(database).imported_file("town")
    assert file is not None
    assert file.extras == {"meta": {"unit": "Town"}}


@pytest.mark.parametrize(
    ("ballots", "closes", "found"),
    [(THREE, 1, ["VOTING_PAUSED"]), (THREE, 0, ["VOTING_CLOSED"]), ([], 1, [])],
    ids=["open", "over", "without ballots"],
)
async def test_nobody_adds_ballots_to_those_of_a_file_whose_vote_is_not_over(
    database: Database, ballots: Sequence[str], closes: int, found: Sequence[str]
) -> None:
    window = {
        "opens_at": datetime(2026, 11, 1, tzinfo=UTC).isoformat(),
        "closes_at": (NOW + timedelta(days=closes)).isoformat(),
    }
    await handler(database).run(import_work(small_file(ballots, tree=town(voting_window=window))))
    campaign = await SqlCampaigns(database).campaign("town")
    assert campaign is not None
    violations = judge(CastAttempt(Draft((str(ProjectId("town", 1)),)), campaign, NOW))
    assert [violation.code for violation in violations] == found
    reason = "The ballots are those of the imported file; no others are taken."
    assert [pause.reason.tagged("en") for pause in campaign.pauses] == [reason] * found.count("VOTING_PAUSED")


async def test_who_imports_a_campaign_organizes_it(database: Database) -> None:
    work = import_work(small_file(THREE), requested_by=VIEWER)
    await handler(database).run(work)
    assert (await SqlAccessStore(database).access()).granted == {VIEWER: {Grant(VIEWER, Role.ORGANIZER, "town")}}
    [recorded] = await read(database, TrailFilter(kinds=(TrailKind.CAMPAIGN_IMPORTED,)), None)
    assert recorded.event.actor is not None


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (small_file(THREE)[:-1], 4, "The last line has no end."),
        (small_file([], tree=town(title={})), 1, "title"),
        (small_file([], tree=town(projects=[*town()["projects"], town()["projects"][0]])), 1, "projects[4]"),
    ],
)
async def test_a_file_that_is_wrong_leaves_nothing_behind(
    database: Database, content: bytes, line: int, words: str
) -> None:
    before = await every_row(database)
    work = import_work(content)
    with pytest.raises(FileRefused) as refused:
        await handler(database).run(work)
    assert {problem.line for problem in refused.value.file_problems} == {line}
    assert words in refused.value.file_problems[0].message.en
    await handler(database).undo(work)
    assert await every_row(database) == before


async def test_a_suggested_slug_that_is_in_use_gets_a_number_and_a_chosen_one_is_refused(database: Database) -> None:
    for job, slug in (("1", "town"), ("2", "town-2"), ("3", "town-3")):
        work = import_work(small_file(THREE), id=job * 26)
        await handler(database).run(work)
        assert work.job.campaign == slug
    with pytest.raises(FileRefused) as refused:
        await handler(database).run(import_work(small_file(THREE), campaign="town-2"))
    assert refused.value.file_problems[0].code is ProblemCode.SLUG_IN_USE
    chosen = import_work(small_file(THREE), id="4" * 26, campaign="village")
    await handler(database).run(chosen)
    assert await recounted(database, "village") == {1: 1, 2: 3, 3: 1}


MANY = [f"voter{n % 35}:{'A/1' if n % 3 else 'B'}{',3' if n % 2 else ''}" for n in range(40)]


class Killed(Exception):
    """As if the process ended: nothing after it is done."""


@pytest.mark.parametrize("row", range(0, 41, 3))
async def test_an_import_that_was_cut_off_goes_on_and_takes_no_ballot_twice(database: Database, row: int) -> None:
    content = small_file(MANY)
    work = import_work(content)
    work.stops = {row: Killed()}
    with pytest.raises(Killed):
        await handler(database).run(work)
    campaign = await SqlImports(database).begun(work.job.id)
    if campaign is not None:  # more ballots are stored than the checkpoint knows of
        await cast_more(database, work)
    end = await handler(database).run(import_work(content, checkpoint=work.job.checkpoint))
    assert end.result is not None
    assert (end.result.accepted, end.result.refused) == (35, {"QUOTA_EXHAUSTED": 5})
    assert [problem.line for problem in end.problems] == [37, 38, 39, 40, 41]
    assert sum((await recounted(database, "town")).values()) == sum(end.result.counted.values())
    assert len((await every_row(database))["ballots"]) == 35


async def cast_more(database: Database, work: Work) -> None:
    """Go on for some rows, with no word to whoever takes it up."""
    further = import_work(work.content, checkpoint=work.job.checkpoint)
    further.stops = {min(work.job.done + 5, 40): Killed()}
    with pytest.raises(Killed):
        await handler(database).run(further)


async def test_what_was_revealed_before_the_job_could_end_is_done(database: Database) -> None:
    content = small_file(MANY)
    first = await handler(database).run(import_work(content))
    again = await handler(database).run(import_work(content))
    assert again.result == first.result
    assert again.problem_count == 5


Meanwhile = Callable[[JobWorld], Awaitable[None]]


async def cancelled(world: JobWorld) -> None:
    assert await world.store.request_cancel(key_of(1), None)
    world.runner.wake()


async def too_long(world: JobWorld) -> None:
    world.time.move(hours=2)
    world.runner.wake()


async def given_up(world: JobWorld) -> None:
    raise ZeroDivisionError


class CutOff(SqlImports):
    """Something happens around the commit of the reveal, and whoever works at it gets no further."""

    def __init__(self, world: JobWorld, meanwhile: Meanwhile, *, is_revealed: bool) -> None:
        super().__init__(world.database)
        self._world, self._meanwhile, self._is_revealed = world, meanwhile, is_revealed

    async def reveal(self, *values: Any) -> None:
        store = self._world.store
        if self._is_revealed and self._meanwhile is cancelled:  # once it is through, nobody may ask for it any more
            await store.request_cancel(key_of(1), None)
        if self._is_revealed:
            await super().reveal(*values)
        if self._is_revealed and self._meanwhile is cancelled:
            assert not await store.request_cancel(key_of(1), None)
            self._world.runner.wake()
        else:
            await self._meanwhile(self._world)
        await asyncio.Event().wait()


async def uploaded(world: JobWorld) -> None:
    """A job with a whole file, which runs."""
    work = import_work(small_file(MANY), id=key_of(1))
    await world.store.add(replace(work.job, state=JobState.WAITING_FOR_FILE, received=0, attempts=2))
    await world.store.append(key_of(1), 0, work.content)
    assert await world.store.complete(key_of(1), WrittenFile(len(work.content), work.job.sha256 or ""))


@pytest.mark.parametrize("is_revealed", [True, False])
@pytest.mark.parametrize(
    ("meanwhile", "otherwise"),
    [(cancelled, JobState.CANCELLED), (too_long, JobState.FAILED), (given_up, JobState.FAILED)],
)
async def test_one_that_is_cut_off_at_its_reveal_is_done_with_its_campaign_or_leaves_nothing(
    database: Database, meanwhile: Meanwhile, otherwise: JobState, is_revealed: bool
) -> None:
    before = await every_row(database)
    world = JobWorld(database)
    await uploaded(world)
    world.runner = world.another_runner(handler(database, store=CutOff(world, meanwhile, is_revealed=is_revealed)))
    async with world.serving():
        await until(world.is_over)
        await until(world.is_idle)
    job = await world.job(key_of(1))
    if is_revealed:
        assert (job.state, job.campaign, job.problem_count) == (JobState.DONE, "town", 5)
        assert job.result is not None
        assert job.result.accepted == 35
        assert sum((await recounted(database, "town")).values()) == sum(job.result.counted.values())
        assert await world.trail() == ["CAMPAIGN_IMPORTED"]
    else:
        assert (job.state, job.result) == (otherwise, None)
        after = await every_row(database)
        assert {**after, "jobs": [], "trail": []} == {**before, "jobs": [], "trail": []}


async def test_one_whose_process_is_lost_at_its_reveal_is_done_although_it_is_to_be_cancelled(
    database: Database,
) -> None:
    world, revealed = JobWorld(database), asyncio.Event()
    await uploaded(world)

    async def stop(_world: JobWorld) -> None:
        revealed.set()

    stopping = world.another_runner(handler(database, store=CutOff(world, stop, is_revealed=True)))
    running = asyncio.create_task(stopping.keep_running())
    await revealed.wait()
    with pytest.raises(ActFailed) as refused:
        await world.jobs.cancel(None, key_of(1))
    assert refused.value.problems[0].code is ProblemCode.WRONG_STATE
    await database.rows("update jobs set cancel_requested = $1", True)  # it was asked for a moment earlier
    await stopping.stop()
    await running
    assert await world.another_runner(handler(database)).look_once() is not None
    assert await world.state(key_of(1)) is JobState.DONE
    assert await world.trail() == ["CAMPAIGN_IMPORTED"]


async def test_one_that_is_half_discarded_is_begun_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    work = import_work(small_file(MANY))
    work.stops = {9: Killed()}
    with pytest.raises(Killed):
        await handler(database).run(work)
    with monkeypatch.context() as changed:
        changed.setattr("api.storage.imports.OTHERS", ("no_such_table",))
        with pytest.raises(Exception, match="no_such_table"):
            await handler(database).undo(work)
    end = await handler(database).run(import_work(work.content, checkpoint=work.job.checkpoint))
    assert end.result is not None
    assert end.result.accepted == 35
    assert len((await every_row(database))["ballots"]) == 35


async def test_one_that_is_cancelled_leaves_nothing_behind(database: Database) -> None:
    before = await every_row(database)
    work = import_work(small_file(MANY))
    work.stops = {12: Killed()}
    with pytest.raises(Killed):
        await handler(database).run(work)
    assert (await every_row(database))["ballots"]
    await handler(database).undo(work)
    await handler(database).undo(work)
    assert await every_row(database) == before


async def test_a_ballot_box_without_room_refuses_no_ballot_for_good(database: Database) -> None:
    box = Box(database)
    box.full, box.lost = 10, 6
    end = await handler(database, box).run(import_work(small_file(MANY)))
    assert end.result is not None
    assert (end.result.accepted, end.result.refused) == (35, {"QUOTA_EXHAUSTED": 5})
    assert len((await every_row(database))["ballots"]) == 35


async def test_the_first_thousand_refusals_are_told_and_all_are_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballot_replay, "MAX_KEPT_PROBLEMS", 4)
    content = small_file([f"v{n}:" for n in range(9)])
    work = import_work(content)
    work.stops = {7: Killed()}
    with pytest.raises(Killed):
        await handler(database).run(work)
    end = await handler(database).run(import_work(content, checkpoint=work.job.checkpoint))
    assert end.problem_count == 9
    assert [problem.line for problem in end.problems] == [2, 3, 4, 5]


TOML = b"""
slug = "village"
languages = ["en"]
time_zone = "UTC"
title = { en = "Village" }
organizer = { en = "The village" }
results_visibility = "LIVE"
[voting_window]
opens_at = 2030-05-01T00:00:00Z
closes_at = 2030-05-08T00:00:00Z
[rules]
choices = { minimum = 1, maximum = 2 }
quota = { limit = 1, period = "CAMPAIGN" }
[[projects]]
number = 1
title = { en = "One" }
level = "UNSTATED"
[[projects]]
number = 2
title = { en = "Two" }
level = "UNSTATED"
"""


@pytest.mark.parametrize(("by", "state"), [(None, CampaignState.PRESENTED), (VIEWER, CampaignState.DRAFT)])
async def test_a_campaign_file_becomes_what_it_says_and_a_draft_where_a_viewer_sends_it(
    database: Database, by: str | None, state: CampaignState
) -> None:
    end = await handler(database).run(import_work(TOML, FileFormat.TOML, requested_by=by))
    assert end.result == ImportResult(2)
    campaign = await SqlCampaigns(database).campaign("village")
    assert campaign is not None
    assert campaign.state is state
    assert [project.title.translations for project in campaign.projects] == [(("en", "One"),), (("en", "Two"),)]


async def test_a_slug_that_a_campaign_file_names_is_not_changed(database: Database) -> None:
    await handler(database).run(import_work(TOML, FileFormat.TOML))
    with pytest.raises(FileRefused) as refused:
        await handler(database).run(import_work(TOML, FileFormat.TOML, id="k" * 26))
    assert refused.value.file_problems[0].code is ProblemCode.SLUG_IN_USE


async def test_a_mistake_in_a_project_of_a_campaign_file_is_told_by_its_line(database: Database) -> None:
    wrong = TOML.replace(b'title = { en = "Two" }', b"")
    with pytest.raises(FileRefused) as refused:
        await handler(database).run(import_work(wrong, FileFormat.TOML))
    assert [problem.line for problem in refused.value.file_problems] == [18]
