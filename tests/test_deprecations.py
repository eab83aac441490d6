"""Does every client of the last release go on working, but for what was announced long enough before?"""

from datetime import UTC, date, datetime

import pytest
from graphql import build_schema

from api.graph import sdl
from tests.deprecations import changed, objections
from tests.node import CLIENTS, ROOT

PAGE = (ROOT / "docs" / "deprecations.md").read_text("utf-8")
BEFORE = """
type Query { things(first: Int, kind: Kind): [Thing!]! }
type Thing { id: ID! begun: Int @deprecated(reason: "Ask for since. It may be gone from 2027-06-01.") since: Int }
enum Kind { OLD @deprecated(reason: "NEW. It may be gone from 2027-06-01.") NEW }
input Wanted { kind: Kind }
"""
WITHOUT_FIELD = BEFORE.replace(BEFORE[BEFORE.index("begun") : BEFORE.index("since: Int")], "")
ROWS = """
| `Thing.begun` | 2026-12-01 | 2027-06-01 | `Thing.since` |
| `Kind.OLD` | 2026-12-01 | 2027-06-01 | `Kind.NEW` |
"""
DUE = date(2027, 6, 1)


def found(before: str, after: str, page: str = ROWS, today: date = DUE) -> list[str]:
    return objections(build_schema(before), build_schema(after), page, today)


@pytest.mark.check
def test_the_schema_keeps_what_the_last_release_promised() -> None:
    released = build_schema((CLIENTS / "released.graphql").read_text("utf-8"))
    assert objections(released, build_schema(sdl()), PAGE, datetime.now(UTC).date()) == []


def test_what_was_announced_may_go_when_its_day_has_come() -> None:
    assert found(BEFORE, BEFORE) == []
    assert found(BEFORE, WITHOUT_FIELD) == []


def test_what_was_announced_stays_until_its_day() -> None:
    assert found(BEFORE, WITHOUT_FIELD, today=date(2027, 5, 31)) == [
        "Field Thing.begun was removed. It was to stay until 2027-06-01."
    ]


@pytest.mark.parametrize(
    ("written", "instead", "what"),
    [
        (" since: Int", "", "Thing.since"),
        (" since: Int", " since: String", "Thing.since"),
        (" NEW", "", "Kind.NEW"),
        ("first: Int, ", "", "Query.things(first:)"),
        ("first: Int,", "first: String,", "Query.things(first:)"),
        ("kind: Kind)", "kind: Kind, more: Int!)", "Query.things(more:)"),
        ("input Wanted { kind: Kind", "input Wanted { kind: Kind more: Int!", "Wanted.more"),
        ("input Wanted { kind: Kind }", "", "Wanted"),
    ],
)
def test_what_was_not_announced_is_an_objection(written: str, instead: str, what: str) -> None:
    assert written in BEFORE
    [objection] = found(BEFORE, BEFORE.replace(written, instead))
    assert objection.endswith(f"docs/deprecations.md does not announce `{what}`.")


NULLABLE_ROW = "| `Query.things` | paging |\n"


def test_a_field_that_is_listed_may_become_nullable() -> None:
    assert found(BEFORE, BEFORE.replace("[Thing!]!", "[Thing!]"), ROWS + NULLABLE_ROW) == []
    assert found(BEFORE, BEFORE.replace("[Thing!]!", "[Thing!]")) == [
        "Field Query.things changed type from [Thing!]! to [Thing!]. docs/deprecations.md does not announce `Query.things`."
    ]
    assert found(BEFORE, BEFORE.replace("[Thing!]!", "[Thing]"), ROWS + NULLABLE_ROW)


def test_six_months_are_the_least() -> None:
    hasty = ROWS.replace("2026-12-01", "2027-03-01", 1)
    assert found(BEFORE, BEFORE, hasty) == ["Thing.begun: less than six months between its days"]


def test_what_was_never_marked_may_not_go() -> None:
    silent = BEFORE.replace("It may be gone from 2027-06-01.", "", 1)
    assert found(silent, WITHOUT_FIELD) == [
        "Field Thing.begun was removed. The last release did not mark it as deprecated, with 2027-06-01 in the reason."
    ]


def test_marks_and_rows_go_together() -> None:
    assert found(BEFORE, BEFORE, "") == [
        "Thing.begun is deprecated, and docs/deprecations.md does not announce it.",
        "Kind.OLD is deprecated, and docs/deprecations.md does not announce it.",
    ]
    unmarked = BEFORE.replace('@deprecated(reason: "NEW. It may be gone from 2027-06-01.")', "")
    assert found(unmarked, unmarked) == [
        "Kind.OLD is announced, and not marked as @deprecated with 2027-06-01 in the reason."
    ]


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("District no longer implements interface Node.", "District"),
        ("Project changed from an Object type to an Interface type.", "Project"),
        ("Standard scalar Float was removed because it is not referenced anymore.", "Float"),
        ("Directive @oneOf was removed.", "@oneOf"),
        ("Argument @requiresRole(roles:) was removed.", "@requiresRole(roles:)"),
    ],
)
def test_every_sentence_is_about_something(sentence: str, what: str) -> None:
    assert changed(sentence) == what
