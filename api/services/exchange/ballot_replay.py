"""Cast the ballots of a file one after another through the one door, some hundred at once, and count what becomes of them."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode
from api.domain.campaigns.projects import Project
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.ballot_files import FileBallot
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem
from api.domain.people.identity import Voter
from api.domain.texts import Text
from api.domain.voting.ballots import Ballot, Draft
from api.services.casting import BallotCasting, Refusal
from api.services.exchange.rows_refused import message_of
from api.services.jobs.work import JobWork

AT_ONCE = 512  # ballots: two transactions' full, so that live ballots on this server wait for no more than these
CHECKPOINT_ROWS = 4_096  # rows after which a checkpoint is written: about one a second
FIRST_WAIT, MAX_WAIT = 0.1, 2.0  # seconds before ballots are cast again for which the ballot box had no room
Outcome = Ballot | Refusal | BaseException


@dataclass(slots=True)
class ReplayState:
    """What has become of the rows so far.

    row: the last that is counted here. problem_rows: those refused ones, the first MAX_KEPT_PROBLEMS, of which problems tell.
    goes_on: whether rows after it may have been cast by an attempt that was cut off.
    """

    row: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problem_rows: list[int] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    goes_on: bool = False

    @classmethod
    def of(cls, checkpoint: str | None) -> "ReplayState":
        """What a checkpoint says. It has no problems: their rows are refused again to find out why."""
        if checkpoint is None:
            return cls()
        stored = json.loads(checkpoint)
        return cls(stored["row"], stored["accepted"], Counter(stored["refused"]), stored["problems"], goes_on=True)

    def checkpoint(self) -> str:
        """All of it that is needed to go on."""
        numbers = {"row": self.row, "accepted": self.accepted, "refused": self.refused, "problems": self.problem_rows}
        return json.dumps(numbers, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with what is cast for it."""

    ballot: FileBallot
    voter: Voter
    draft: Draft
    moment: datetime


class BallotReplay:
    """Casts the ballots of one file. Of two ballots of one voter the first is taken."""

    def __init__(self, casting: BallotCasting, campaign: Campaign, work: JobWork, state: ReplayState) -> None:
        self._casting = casting
        self._campaign = campaign
        self._work = work
        self._state = state
        self._known = state.row  # rows up to this one were counted by an earlier attempt
        self._known_problems = frozenset(state.problem_rows)
        self._checkpoint = state.row  # the row of the last checkpoint
        self._ids = {code_of(project): name for name, project in campaign.by_id.items()}
        self._codes = {name: code for code, name in self._ids.items()}
        self._waiting: list[FileBallot] = []

    async def take(self, ballots: Sequence[FileBallot]) -> None:
        """Cast these as soon as there are enough of them."""
        known, problems = self._known, self._known_problems
        self._waiting += [each for each in ballots if each.row > known or each.row in problems]
        while len(self._waiting) >= AT_ONCE:
            some, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            await self._cast(some)
        await self._work.progress(self._state.row)

    async def end(self) -> None:
        """Cast the last ones."""
        if self._waiting:
            await self._cast(self._waiting)
        await self._work.progress(self._state.row, checkpoint=self._state.checkpoint())

    async def _cast(self, ballots: Sequence[FileBallot]) -> None:
        rows = [self._row(ballot) for ballot in ballots]
        for row, refusal in zip(rows, await self._refusals(rows), strict=True):
            self._note(row, refusal)
        state = self._state
        state.row = max(state.row, ballots[-1].row)
        is_due = state.row >= self._checkpoint + CHECKPOINT_ROWS
        await self._work.progress(state.row, checkpoint=state.checkpoint() if is_due else None)
        if is_due:
            self._checkpoint = state.row

    async def _refusals(self, rows: Sequence[_Row]) -> list[Refusal | None]:
        """Why each is refused, None where it is cast: once the ballot box has answered for all, however long it takes."""
        outcomes = await self._answers(rows)
        repeated, wait = self._state.goes_on, FIRST_WAIT
        while open_ := [place for place, outcome in enumerate(outcomes) if isinstance(outcome, BaseException)]:
            await self._work.progress(self._state.row)
            await asyncio.sleep(wait)
            repeated, wait = True, min(2 * wait, MAX_WAIT)
            again = await self._answers([rows[place] for place in open_])
            for place, outcome in zip(open_, again, strict=True):
                outcomes[place] = outcome
        return [await self._refusal(row, each, repeated=repeated) for row, each in zip(rows, outcomes, strict=True)]

    async def _answers(self, rows: Sequence[_Row]) -> list[Outcome]:
        """Cast these at once: they wait for their transaction in this order. An ApiError: the box has not answered."""
        casts = (self._casting.cast(self._campaign, row.voter, row.draft, row.moment, origin=None) for row in rows)
        outcomes: list[Outcome] = []
        for outcome in await asyncio.gather(*casts, return_exceptions=True):
            if isinstance(outcome, BaseException) and not _is_overload(outcome):
                raise outcome
            outcomes.append(outcome)
        return outcomes

    async def _refusal(self, row: _Row, outcome: Outcome, *, repeated: bool) -> Refusal | None:
        """Why a row is refused; None where it is cast, be it before and nobody has heard of that."""
        if not isinstance(outcome, Refusal):
            return None
        if repeated and await self._casting.has_stored(self._campaign, row.voter, row.draft, row.moment):
            return None
        return outcome

    def _note(self, row: _Row, refusal: Refusal | None) -> None:
        state, is_counted = self._state, row.ballot.row <= self._known
        if refusal is None:
            state.accepted += not is_counted
            return
        if not is_counted:
            state.refused[refusal.violations[0].code] += 1
            if len(state.problem_rows) < MAX_KEPT_PROBLEMS:
                state.problem_rows.append(row.ballot.row)
        if len(state.problems) < MAX_KEPT_PROBLEMS:
            state.problems.append(self._problem(row.ballot, refusal))

    def _row(self, ballot: FileBallot) -> _Row:
        moment = self._campaign.window.opens_at + timedelta(microseconds=ballot.row)
        voter = Voter(f"file/{ballot.voter}", channel=ballot.channel)
        return _Row(ballot, voter, Draft(tuple(map(self._id, ballot.codes))), moment)

    def _id(self, code: str) -> str:
        """The id of the project with this code; for an unknown code, what is no id of any."""
        found = self._ids.get(code)
        if found is not None:
            return found
        return f"{code}?" if code in self._codes else code

    def _problem(self, ballot: FileBallot, refusal: Refusal) -> FileProblem:
        """Why a ballot is refused, with the projects by their codes."""
        messages = [message_of(violation) for violation in refusal.violations]
        zh, en = "".join(text.zh for text in messages), " ".join(text.en for text in messages)
        message = Text(
            "第{row}张选票：{zh}",
            "Ballot {row}: {en}",
            row=ballot.row,
            zh=_with_codes(zh, self._codes),
            en=_with_codes(en, self._codes),
        )
        codes = tuple(violation.code for violation in refusal.violations)
        return FileProblem(ProblemCode.BALLOT_REFUSED, message, (), ballot.line, violations=codes)


def _is_overload(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.code is ErrorCode.OVERLOADED


def code_of(project: Project) -> str:
    """What the files of its organizers call a project: its code or, where it has none, its number."""
    return project.code or str(project.number)


def _with_codes(message: str, codes: Mapping[str, str]) -> str:
    return re.sub(r"project/[a-z0-9-]+/\d+", lambda found: codes.get(found[0], found[0]), message)
