"""Is what somebody is likely to have meant suggested, and nothing that would mislead?"""

import pytest

from api.domain.suggestions import suggestions
from api.domain.voting.rules import ViolationCode

VISIBILITIES = ("LIVE", "AFTER_CASTING", "AFTER_CLOSE", "AFTER_PUBLICATION")
FIELDS = ("title", "titleShort", "startYear", "start_year", "projects", "project", "rules", "turnout")


@pytest.mark.parametrize(
    ("written", "names", "expected"),
    [
        ("AFTER_CLOSING", VISIBILITIES, ["AFTER_CLOSE"]),
        ("AFTER_CLOSED", VISIBILITIES, ["AFTER_CLOSE"]),
        ("after_close", VISIBILITIES, ["AFTER_CLOSE"]),
        ("AFTERCLOSE", VISIBILITIES, ["AFTER_CLOSE"]),
        ("AFTER_PUBLISHING", VISIBILITIES, ["AFTER_PUBLICATION"]),
        ("AFTER_CAST", VISIBILITIES, ["AFTER_CASTING"]),
        ("LIFE", VISIBILITIES, ["LIVE"]),
        ("AFTER_VOTING", VISIBILITIES, []),
        ("NEVER", VISIBILITIES, []),
        ("AFTER", VISIBILITIES, []),
        ("titel", FIELDS, ["title"]),
        ("start_yaer", ("start_year",), ["start_year"]),
        ("startyear", FIELDS, ["startYear", "start_year"]),
        ("projets", FIELDS, ["projects", "project"]),
        ("votes", FIELDS, []),
        ("", FIELDS, []),
        ("x" * 10_000, FIELDS, []),
        ("标题", FIELDS, []),
        ("title", (), []),
    ],
)
def test_only_likely_names_are_suggested(written: str, names: tuple[str, ...], expected: list[str]) -> None:
    assert suggestions(written, names) == expected


@pytest.mark.parametrize("code", ["AFTER_CLOSING", "ALREADY_VOTED", "NOT_ALLOWED", "INVALID"])
def test_a_code_that_is_none_is_not_answered_with_another_ones_name(code: str) -> None:
    assert suggestions(code, ViolationCode.__members__) == []
