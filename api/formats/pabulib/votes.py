"""Read the section VOTES: a ballot a row."""

from collections.abc import Iterator, Sequence

from api.domain.exchange.ballot_files import FileBallot
from api.domain.texts import Text, joined
from api.domain.voting.channels import Channel
from api.formats.pabulib.cells import SEPARATOR, Cell
from api.formats.pabulib.errors import Mistakes, cut
from api.formats.pabulib.vocabulary import METHODS

CHANNELS = {"internet": Channel.WEB, "paper": Channel.PAPER, "": Channel.WEB}
BLANK = " \t"


class VoteRows:
    """Those read so far. rows: how many there were, wrong ones included."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self.rows = 0
        self._width = self._voter_at = self._vote_at = 0
        self._method_at: int | None = None

    def begin(self, columns: Sequence[str]) -> None:
        """Read rows with these columns, voter_id and vote among them."""
        self._width = len(columns)
        self._voter_at, self._vote_at = columns.index("voter_id"), columns.index("vote")
        self._method_at = columns.index("voting_method") if "voting_method" in columns else None

    def read_plain(self, lines: Sequence[str], start: int, before: int, found: list[FileBallot]) -> int:
        """Read rows without quotes from this one of the lines on, and return where the first is that is not just a row.

        before: how many lines of the file there were before that one.
        """
        width, voter_at, vote_at, method_at = self._width, self._voter_at, self._vote_at, self._method_at
        row, offset, append, channels, channel = self.rows, before - start + 1, found.append, CHANNELS, Channel.WEB
        for place in range(start, len(lines)):
            cells = lines[place].split(SEPARATOR)
            if len(cells) != width or not (voter := cells[voter_at].strip(BLANK)):
                break
            if method_at is not None:
                method = channels.get(cells[method_at])
                if method is None:
                    break
                channel = method
            row += 1
            append(FileBallot(row, offset + place, voter, _codes(cells[vote_at]), channel))
        else:
            place = len(lines)
        self.rows = row
        return place

    def read(self, cells: Sequence[Cell]) -> Iterator[FileBallot]:
        """Read a row, which has a cell for each column."""
        self.rows += 1
        voter, vote = cells[self._voter_at], cells[self._vote_at]
        if not voter.text:
            self._mistakes.wrong(
                voter,
                Text(
                    "voter_id是空的。请给每张选票写一个voter_id，如1、2、3。",
                    "voter_id is empty. Give each ballot a voter_id, such as 1, 2, 3.",
                ),
            )
        channel = self._channel(cells)
        yield FileBallot(self.rows, cells[0].line, voter.text, _codes(vote.text), channel)

    def _channel(self, cells: Sequence[Cell]) -> Channel:
        if self._method_at is None:
            return Channel.WEB
        cell = cells[self._method_at]
        if cell.text not in CHANNELS:
            self._mistakes.wrong(
                cell,
                Text(
                    "voting_method写的是“{text}”。请写{methods}，或留空。",
                    'voting_method is "{text}". Write {methods}, or nothing.',
                    text=cut(cell.text),
                    methods=joined(METHODS, "或", " or "),
                ),
            )
        return CHANNELS.get(cell.text, Channel.WEB)


def _codes(vote: str) -> tuple[str, ...]:
    """The projects of a ballot as written, repeats included."""
    codes = tuple(vote.split(","))
    if " " in vote or "\t" in vote:
        codes = tuple(code.strip(BLANK) for code in codes)
    return tuple(filter(None, codes)) if "" in codes else codes
