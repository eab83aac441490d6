"""Mistakes in a campaign file: findings with the file that they are in."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.formats.campaign.findings import Finding, Tree, in_order, key_of


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. key: empty when it concerns the file as a whole; list positions in it are counted from 1.

    str() returns one line, whatever the file contains.
    """

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        subject = f"{self.file}: {self.key}" if self.key else self.file
        return f"{subject} {self.problem}. {self.remedy}"


class CampaignFileError(Exception):
    """A campaign file that cannot be loaded, with all its mistakes."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


def to_mistakes(file: str, tree: Tree, findings: Iterable[Finding]) -> tuple[Mistake, ...]:
    """Return the findings as mistakes of this file, sorted by place."""
    return tuple(
        Mistake(file, key_of(place, tree), problem.en, remedy.en) for place, problem, remedy in in_order(findings)
    )
