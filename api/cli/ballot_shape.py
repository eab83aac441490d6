"""Read the shape of the ballots in a file."""

from pathlib import Path

from api.cli.errors import CommandError
from api.domain.exchange.problems import FileRefused
from api.formats.pabulib import PabulibParser
from api.services.ballot_shapes import BallotShape, ShapeCounter

PIECE = 1 << 20
MAX_LINES = 20  # mistakes


def shape_of(path: Path) -> BallotShape:
    """The shape of the ballots in a file in Pabulib's format. Raises CommandError with what is wrong with it."""
    parser, counter = PabulibParser(), ShapeCounter()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                counter.add(ballot.codes for ballot in parser.feed(piece))
        counter.add(ballot.codes for ballot in parser.close())
        return counter.shape()
    except FileRefused as refused:
        lines = [f"{path}:{each.line}:{each.column}: {each.message.en}" for each in refused.file_problems[:MAX_LINES]]
        raise CommandError("\n".join(lines)) from None
    except ValueError:
        raise CommandError(f"{path} has no ballots, so there is nothing to be like") from None
