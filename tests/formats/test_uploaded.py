"""Does a campaign file that arrives in pieces become its tree, or is it refused by line, column, reason and remedy?"""

import pytest

from api.domain.exchange.problems import FileRefused
from api.formats.campaign_toml import uploaded
from api.formats.campaign_toml.uploaded import CampaignFileParser


def parsed(content: bytes, size: int = 5) -> CampaignFileParser:
    parser = CampaignFileParser()
    for start in range(0, len(content), size):
        assert parser.feed(content[start : start + size]) == ()
    assert parser.close() == ()
    return parser


def test_it_comes_in_pieces_with_or_without_a_byte_order_mark() -> None:
    content = 'slug = "镇"\r\n[[projects]]\r\nnumber = 7\r\n\r\n  [[ projects ]]\r\nnumber = 8\r\n'.encode()
    file = parsed(b"\xef\xbb\xbf" + content).file()
    assert file.tree == {"slug": "镇", "projects": [{"number": 7}, {"number": 8}]}
    assert file.lines == {("projects", 0): 2, ("projects", 1): 5}
    assert (file.ballots, file.official) == (0, None)


def test_lines_are_not_told_where_they_are_not_certain() -> None:
    assert parsed(b'note = """\n[[projects]]\n"""\n[[projects]]\nnumber = 7\n').file().lines == {}


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b'slug = "a"\ntitle = {\n', 2, 10, "This is no TOML"),
        (b'slug = "a"\ntitle = = 3\n', 2, 9, "Mend the syntax there"),
        ("slug = '镇'\n".encode() + "名é".encode()[:-1], 2, 2, "Save the file as UTF-8"),
        (b"slug = " + b"[" * 5_000, None, None, "fewer brackets"),
        (b'slug = "a"\n\ndistricts = "districts.toml"\n', 3, None, "Write own_districts"),
        (
            b'slug = "a"\n[rules.eligibility]\nlist = "voters.txt"\n',
            3,
            None,
            "Write the voters as rules.eligibility.viewers",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(
    content: bytes, line: int | None, column: int | None, words: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        parsed(content)
    [problem] = refused.value.file_problems
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message.en


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded, "MAX_FILE_BYTES", 12)
    with pytest.raises(FileRefused, match="larger than 32 MiB"):
        parsed(b"# a comment that is long")
