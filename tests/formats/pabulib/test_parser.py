"""Is a .pb file read as it was written, however it comes, and is every mistake told with its place and what would be right?"""

import re
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem, FileRefused
from api.domain.voting.channels import Channel
from api.formats.pabulib import PabulibParser
from tests.pabulib_files import PabulibFile, WrongFile, approval_file, right_files, wrong_files

RIGHT, WRONG = right_files(), wrong_files()


def parsed(*pieces: bytes) -> tuple[list[FileBallot], BallotFile]:
    parser = PabulibParser()
    ballots = [ballot for piece in pieces for ballot in parser.feed(piece)]
    ballots += parser.close()
    return ballots, parser.file()


def outcome(pieces: Sequence[bytes]) -> object:
    """What comes of a file: ballots and everything else, or what is wrong."""
    try:
        return parsed(*pieces)
    except FileRefused as refused:
        return refused.file_problems


def problems_of(content: bytes) -> tuple[FileProblem, ...]:
    with pytest.raises(FileRefused) as refused:
        parsed(content)
    return refused.value.file_problems


@pytest.mark.parametrize("file", RIGHT.values(), ids=RIGHT)
def test_every_shape_is_read_with_its_ballots_in_order(file: PabulibFile) -> None:
    ballots, read = parsed(file.content())
    trimmed = [(voter, tuple(code.strip() for code in codes)) for voter, codes in file.ballots()]
    assert [(ballot.voter, ballot.codes) for ballot in ballots] == trimmed
    assert [ballot.row for ballot in ballots] == list(range(1, len(ballots) + 1))
    assert read.ballots == len(file.votes)
    assert [project["code"] for project in read.tree["projects"]] == sorted(
        (row["project_id"] for row in file.projects), key=lambda code: order_of(file, code)
    )
    lines = file.content().decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for ballot in ballots:
        assert ballot.voter[:2] in lines[ballot.line - 1], "the line is where the ballot stands"
    for (key, *place), line in read.lines.items():
        if key == "projects":
            assert lines[line - 1].startswith(read.tree["projects"][place[0]]["code"])


def order_of(file: PabulibFile, code: str) -> int:
    codes = [row["project_id"] for row in file.projects]
    is_numbered = all(re.fullmatch("[1-9][0-9]*", each) for each in codes)
    return int(code) if is_numbered else codes.index(code)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_mistake_is_told_with_line_column_and_remedy(wrong: WrongFile) -> None:
    problems = problems_of(wrong.content)
    found = [problem for problem in problems if (problem.line, problem.column) == (wrong.line, wrong.column)]
    assert any(wrong.remedy in problem.message.en for problem in found), problems
    assert any(wrong.remedy_zh in problem.message.zh for problem in found), problems
    codes = {problem.code for problem in problems}
    assert codes == {ProblemCode.UNSUPPORTED_FILE if wrong.unsupported else ProblemCode.UNREADABLE_FILE}
    assert len(problems) <= 4, "one mistake is not told many times"


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    file = approval_file(3).with_meta(budget="1,5", rule="luck", num_votes="7").with_column("cost", "free")
    problems = problems_of(file.content())
    assert len(problems) == 3 + len(file.projects)
    assert [problem.line for problem in problems] == sorted(problem.line or 0 for problem in problems)


def test_no_more_mistakes_are_kept_than_a_job_keeps() -> None:
    content = approval_file(3, ballots=3).content() + b"one cell\n" * (MAX_KEPT_PROBLEMS + 500)
    assert len(problems_of(content)) == MAX_KEPT_PROBLEMS


def test_lines_after_an_unclosed_quote_are_read_all_the_same() -> None:
    file = approval_file(3, ballots=3)
    content = file.content() + b'x;"1\ny;2\nz\n'
    by_remedy = {problem.line: problem.message.en for problem in problems_of(content)}
    last = file.content().count(b"\n")
    assert "never closed" in by_remedy[last + 1]
    assert "This row has 1 cells" in by_remedy[last + 3]
    assert last + 2 not in by_remedy


@pytest.mark.parametrize(
    "name", ["names", "a cell of several lines", "CRLF", "votes first", "voters of any name", "channels"]
)
def test_where_the_pieces_end_makes_no_difference(name: str) -> None:
    file = RIGHT[name]
    content = PabulibFile(**{**vars(file), "votes": [*file.votes[:2], *file.votes[-2:]]}).counted().content()
    whole = outcome([content])
    assert isinstance(whole, tuple)
    for cut in range(len(content) + 1):
        assert outcome([content[:cut], content[cut:]]) == whole
    assert outcome([content[n : n + 1] for n in range(len(content))]) == whole


@pytest.mark.parametrize("name", ["a quote that is not closed", "a ballot in Latin-1", "NUL", "no VOTES", "a CR alone"])
def test_where_the_pieces_end_makes_no_difference_to_mistakes(name: str) -> None:
    content = WRONG[name].content
    whole = outcome([content])
    for cut in range(len(content) + 1):
        assert outcome([content[:cut], content[cut:]]) == whole


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30)


@given(name=TEXTS, voter=TEXTS, unit=TEXTS, cut=st.integers(0, 10_000))
def test_any_text_comes_back(name: str, voter: str, unit: str, cut: int) -> None:
    name, voter, unit = (text.strip(" \t") for text in (name, voter, unit))
    file = approval_file(1, ballots=2).with_column("name", name).with_meta(unit=unit)
    file = file.with_votes("1,2", voter_id=voter or "someone")
    content = file.content()
    ballots, read = parsed(content[: cut % len(content)], content[cut % len(content) :])
    assert ballots[-1].voter == (voter or "someone")
    assert ballots[-1].codes == ("1", "2")
    assert {row.get("name", "") for row in read.extras["projects"].values()} == {name}
    assert read.extras["meta"].get("unit", "") == unit


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for around in (b"", approval_file(1, ballots=2).content()):
        found = outcome([around + content])
        assert isinstance(found, tuple)


def test_a_voter_called_votes_is_a_voter_where_the_word_is_not_alone() -> None:
    ballots, _ = parsed(RIGHT["a voter called votes"].content())
    assert [(ballot.voter, ballot.codes) for ballot in ballots[-2:]] == [("votes", ("1", "2")), ("META", ("3",))]


@pytest.mark.parametrize("empty", [b"", b";", b" ;;;", b'"";;;;;;;;;;;;'])
def test_a_line_of_empty_cells_is_a_blank_line(empty: bytes) -> None:
    file = approval_file(4).content()
    lines = b"".join(line + empty + b"\n" for line in file.splitlines(keepends=True))
    ballots, read = parsed(empty + b"\n" + lines)
    assert ([ballot.codes for ballot in ballots], read.tree) == (
        [b.codes for b in parsed(file)[0]],
        parsed(file)[1].tree,
    )


def test_voting_methods_are_channels() -> None:
    ballots, _ = parsed(RIGHT["channels"].content())
    assert [ballot.channel for ballot in ballots[:3]] == [Channel.WEB, Channel.PAPER, Channel.WEB]


def test_a_kind_that_is_not_taken_is_refused_before_its_ballots_come() -> None:
    parser = PabulibParser()
    head, _, _ = approval_file(1).with_meta(vote_type="ordinal").content().partition(b"VOTES")
    with pytest.raises(FileRefused):
        parser.feed(head)


def test_a_long_file_is_read_in_little_memory() -> None:
    head, _, _ = approval_file(1).with_meta(num_votes="20000").content().rpartition(b"voter_id;vote\n")
    parser, rows = PabulibParser(), b"1234567;1,2,3,4\n" * 1000
    parser.feed(head + b"voter_id;vote\n")
    tracemalloc.start()
    try:
        for _ in range(20):
            assert len(parser.feed(rows)) == 1000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parser.close() == []
    assert parser.file().ballots == 20_000
    assert peak < 2_000_000, "the ballots of one piece, not of all"


def test_a_line_without_an_end_is_refused_while_it_comes() -> None:
    parser = PabulibParser()
    for _ in range(15):
        parser.feed(b"x" * 65_536)
    with pytest.raises(FileRefused):
        parser.feed(b"x" * 65_536)


def test_the_file_in_the_manual_is_read_as_the_manual_says() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "pabulib.md").read_text("utf-8")
    content = "META" + manual.partition("```\nMETA")[2].partition("```")[0]
    ballots, file = parsed(content.encode())
    assert [ballot.voter for ballot in ballots] == ["1", "2", "votes"]
    assert [project["title"]["und"] for project in file.tree["projects"]] == ["Plac zabaw", 'Skwer; "zielony"']
    assert file.official == {"M/01/VII": 3, "M/02/VII": 1}


@pytest.mark.parametrize("row", [b";" * 500_000, b'"' * 500_001, b'x;"' + b"a\n" * 100_000, b'"\n;' * 20_000])
def test_what_is_made_to_take_long_does_not(row: bytes) -> None:
    content = approval_file(1, ballots=2).content()
    assert problems_of(content + row)
    assert problems_of(content.replace(b"PROJECTS\n", row + b"\nPROJECTS\n"))


def test_a_file_that_says_too_much_besides_its_ballots_is_refused_at_once() -> None:
    parser = PabulibParser()
    parser.feed(b"META\nkey;value\n")
    for number in range(21):
        parser.feed(f"key{number};".encode() + b"x" * 900_000 + b"\n")
    with pytest.raises(FileRefused) as refused:
        parser.feed(b"".join(f"more{number};{'x' * 900_000}\n".encode() for number in range(3)))
    assert "Shorten" in refused.value.file_problems[0].message.en
