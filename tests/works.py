"""What do tests of imports give a handler? A file in pieces, in a small format of their own, and a place for its progress."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileRefused, unreadable
from api.domain.texts import Language, Text

NOW = datetime(2026, 11, 27, tzinfo=UTC)


class SmallParser:
    """A BallotFileParser: a line of JSON with the campaign and what else is known, then ballots as `voter:code,code`."""

    def __init__(self) -> None:
        self._rest = b""
        self._head: dict[str, Any] = {}
        self._line = 0

    def feed(self, piece: bytes) -> Sequence[FileBallot]:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [ballot for line in lines if (ballot := self._read(line.decode()))]

    def close(self) -> Sequence[FileBallot]:
        if self._rest:
            raise FileRefused([unreadable(Text("最后一行不完整", "The last line has no end."), self._line + 1, 1)])
        return ()

    def file(self) -> BallotFile:
        head = {"official": None, "withdrawn": [], "extras": {}, **self._head}
        window = {name: datetime.fromisoformat(at) for name, at in head["tree"]["voting_window"].items()}
        tree = {**head["tree"], "voting_window": window}
        lines = {("title",): 1, **{("projects", place): 1 for place in range(len(head["tree"]["projects"]))}}
        official, withdrawn = head["official"], frozenset(head["withdrawn"])
        return BallotFile(tree, self._line - 1, official, withdrawn, head["extras"], lines)

    def _read(self, line: str) -> FileBallot | None:
        self._line += 1
        if self._line == 1:
            self._head = json.loads(line)
            return None
        voter, _, codes = line.partition(":")
        return FileBallot(self._line - 1, self._line, voter, tuple(codes.split(",")) if codes else ())


def town(**changes: Any) -> dict[str, Any]:
    """A campaign with three projects, of which a ballot names one or two."""
    return {
        "slug": "town",
        "languages": ["en"],
        "time_zone": "UTC",
        "results_visibility": "LIVE",
        "title": {"en": "Town"},
        "organizer": {"en": "The town"},
        "voting_window": {
            "opens_at": datetime(2024, 5, 1, tzinfo=UTC).isoformat(),
            "closes_at": datetime(2024, 5, 8, tzinfo=UTC).isoformat(),
        },
        "rules": {"choices": {"minimum": 1, "maximum": 2}, "quota": {"limit": 1, "period": "CAMPAIGN"}},
        "projects": [
            {"number": number, "code": code, "title": {"en": f"Project {code}"}, "level": "UNSTATED"}
            for number, code in enumerate(("A/1", "B", "3"), 1)
        ],
        **changes,
    }


def small_file(ballots: Sequence[str], **head: Any) -> bytes:
    return "".join(f"{line}\n" for line in (json.dumps({"tree": town(), **head}), *ballots)).encode()


@dataclass
class Work:
    """services.jobs.work.JobWork on a file in memory. stops: what progress raises once so many rows are done."""

    job: Job
    content: bytes
    piece: int = 1 << 20
    stops: dict[int, BaseException] = field(default_factory=dict)
    told: list[int] = field(default_factory=list)

    async def pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), self.piece):
            yield self.content[start : start + self.piece]

    async def progress(
        self, done: int, total: int | None = None, checkpoint: str | None = None, campaign: str | None = None
    ) -> None:
        given = {"total": total, "checkpoint": checkpoint, "campaign": campaign}
        known = {name: value for name, value in given.items() if value is not None}
        self.job = replace(self.job, done=done, **known)
        self.told.append(done)
        for row in [row for row in self.stops if row <= done]:
            raise self.stops.pop(row)

    async def write(self, piece: bytes) -> None:
        raise NotImplementedError


def import_work(content: bytes, format: FileFormat = FileFormat.PABULIB, **changes: Any) -> Work:
    """The first attempt at a job that imports this."""
    chosen = "campaign" in changes
    terms = ImportTerms(ImportContent.CAMPAIGN, format, "town.pb", slug_chosen=chosen)
    times = (NOW, NOW + timedelta(days=1))
    job = Job("j" * 26, JobKind.IMPORT, JobState.RUNNING, None, terms, None, Language.EN, *times)
    whole = {"received": len(content), "size": len(content), "sha256": sha256(content).hexdigest()}
    return Work(replace(job, **{**whole, **changes}), content)


def pabulib(votes: Sequence[str], **changes: str) -> bytes:
    """A Pabulib file of a town with three projects, whose voters choose these; changes are of what META says."""
    meta = {
        "description": "Town",
        "country": "Poland",
        "unit": "Town",
        "instance": "2024",
        "num_projects": "3",
        "num_votes": str(len(votes)),
        "budget": "1000",
        "vote_type": "approval",
        "rule": "greedy",
        "date_begin": "01.05.2024",
        "date_end": "08.05.2024",
        "max_length": "2",
        **changes,
    }
    counts = [sum(code in vote.split(",") for vote in votes) for code in "123"]
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta.items()), "PROJECTS"]
    lines += ["project_id;cost;votes;name", *(f"{n};{n}00;{count};Project {n}" for n, count in enumerate(counts, 1))]
    lines += ["VOTES", "voter_id;vote", *(f"{n};{vote}" for n, vote in enumerate(votes, 1))]
    return "".join(f"{line}\n" for line in lines).encode()
