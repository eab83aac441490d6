"""What the rules say of the ballots of a polling place, in words for the staff who entered them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.ballot_files import PaperBallot
from api.domain.exchange.jobs import ImportResult
from api.domain.exchange.problems import FileProblem
from api.domain.texts import Text, joined
from api.domain.voting.rules.base import Violation, unstopped

USED = ("QUOTA_EXHAUSTED", "VOTES_EXHAUSTED")


@dataclass(slots=True)
class Verdicts:
    """Which ballots count, by project, and what is wrong with the others; problems: of their format to begin with."""

    campaign: Campaign
    problems: list[FileProblem]
    accepted: list[PaperBallot] = field(default_factory=list)

    def take(self, ballot: PaperBallot, violations: Sequence[Violation], *, is_used: bool = False) -> None:
        """Note what the rules say of a ballot. is_used: whether its number has been counted before."""
        used = is_used or any(each.code in USED for each in violations)
        if violations or used:
            others = [each for each in violations if each.code not in USED]
            self.problems.append(self._used(ballot, others) if used else _refused(ballot, others))
        else:
            self.accepted.append(ballot)

    def result(self) -> ImportResult:
        """What it comes to: a row is counted under the first rule that it breaks."""
        by_row: dict[int | None, str] = {}
        for problem in self.problems:
            for code in problem.violations[:1]:
                by_row.setdefault(problem.line, code)
        return ImportResult(0, len(self.accepted), dict(sorted(Counter(by_row.values()).items())), None, self._votes())

    def in_order(self) -> list[FileProblem]:
        """Everything that is wrong, by its place in the file."""
        return sorted(self.problems, key=lambda each: (each.line or 0, each.column or 0))

    def _votes(self) -> Mapping[str, int]:
        votes = Counter(number for ballot in self.accepted for number in ballot.projects)
        projects = (project for project in self.campaign.projects if project.number in votes)
        return {project.code or str(project.number): votes[project.number] for project in projects}

    def _used(self, ballot: PaperBallot, others: Sequence[Violation]) -> FileProblem:
        code = USED[self.campaign.vote_quota is not None]
        message = Text(
            "编号为{number}的选票在该投票点已计过票，每张选票只计一次。请核对编号，或删去此行。",
            "The ballot number {number} of this polling place was counted before; each counts once. See "
            "whether the number is right, or remove the row.",
            number=ballot.number,
        )
        codes = (code, *(each.code for each in others))
        return FileProblem(ProblemCode.BALLOT_REFUSED, message, (), ballot.line, ballot.column, codes)


def _refused(ballot: PaperBallot, violations: Sequence[Violation]) -> FileProblem:
    message = Text(
        "编号为{number}的选票：{wrong}。请与原票核对后更正；若原票如此，请删去此行。",
        "The ballot number {number}: {wrong}. Compare the row with the ballot; if the ballot is like this, remove it.",
        number=ballot.number,
        wrong=joined([unstopped(each.message) for each in violations], "；", "; "),
    )
    codes = tuple(each.code for each in violations)
    return FileProblem(ProblemCode.BALLOT_REFUSED, message, (), ballot.line, ballot.column, codes)
