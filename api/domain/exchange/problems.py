"""What is wrong with a file, and where in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.texts import Text

MAX_KEPT_PROBLEMS = 1_000  # of one file; the others are counted alone


@dataclass(frozen=True, slots=True)
class FileProblem(Problem):
    """A problem of a place in a file. Lines and columns (of characters) are counted from 1; None: of the file as a whole.

    The message names what is wrong and what would be right. violations: the codes of the rules that a ballot breaks.
    """

    line: int | None = None
    column: int | None = None
    violations: tuple[str, ...] = ()


class FileRefused(ActFailed):
    """Raised for a file that is not taken, with all that is wrong with it. Nothing of it is kept."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(problems)
        self.file_problems = tuple(problems)


def unreadable(message: Text, line: int | None = None, column: int | None = None) -> FileProblem:
    """A place at which a file is not what its format asks for."""
    return FileProblem(ProblemCode.UNREADABLE_FILE, message, (), line, column)
