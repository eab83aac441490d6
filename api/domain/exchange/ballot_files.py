"""What a file of ballots says: the campaign that it is of, and its ballots one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from api.domain.voting.channels import Channel


class FileBallot(NamedTuple):
    """One ballot of a file. row: its number among the ballots, from 1. codes: of its projects, as written, repeats included."""

    row: int
    line: int
    voter: str
    codes: tuple[str, ...]
    channel: Channel = Channel.WEB


class PaperBallot(NamedTuple):
    """One ballot of a polling place. number: as it is printed on it. projects: their numbers, repeats included.

    line, column: where in the file its row begins.
    """

    line: int
    number: str
    projects: tuple[int, ...]
    column: int = 1


@dataclass(frozen=True, slots=True)
class BallotFile:
    """All that a file says besides its ballots, of which it holds so many.

    tree: the campaign as campaign files have it, with its projects, and with the slug that the file suggests. official: the
    votes of each project by its code, as the file states them; None where it states none. withdrawn: the codes of projects
    that were withdrawn after ballots could name them. extras: what else the file says, kept for a later export: `meta` by key,
    and `projects` by code and column. lines: those of places in the tree, such as ("projects", 3).
    """

    tree: Mapping[str, Any]
    ballots: int
    official: Mapping[str, int] | None = None
    withdrawn: frozenset[str] = frozenset()
    extras: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
