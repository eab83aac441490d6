"""Does the page about changes of the schema tell each of them, and is it up to the schema as it is?"""

import re
from datetime import date

import pytest
from graphql import build_schema

from api.graph import schema
from tests.schema_changelog import PAGE, SCHEMA, digest, page, told

BEFORE = """
interface Node { id: ID! }
type Query { things(first: Int): [Thing!]! gone: Int }
type Thing { id: ID! begun: Int }
enum Kind { OLD }
input Wanted { kind: Kind }
"""
GONE = re.compile(r"`([\w.]+)` was removed")


def test_the_page_is_up_to_the_schema_as_it_is() -> None:
    """It needs no history, which a shallow clone lacks; where this fails, `make schema` writes the page anew."""
    assert f"digest `{digest(SCHEMA.read_text('utf-8'))}`" in PAGE.read_text("utf-8")


def test_what_the_page_says_has_come_is_there_unless_it_says_that_it_is_gone() -> None:
    text, types = PAGE.read_text("utf-8"), schema()._schema.type_map
    come = {
        name for line in re.findall(r"^- New types: (.+)\.$", text, re.MULTILINE) for name in re.findall(r"\w+", line)
    }
    for name, members in re.findall(r"^- `(\w+)` has (.+)\.$", text, re.MULTILINE):
        come |= {f"{name}.{member}" for member in re.findall(r"`(\w+)", members)}
    there = set(types) | {
        f"{name}.{member}"
        for name, kind in types.items()
        for member in (*getattr(kind, "fields", ()), *getattr(kind, "values", ()))
    }
    assert len(come) > 100
    assert come - there <= set(GONE.findall(text))


@pytest.mark.parametrize(
    ("written", "instead", "line"),
    [
        ("enum Kind", "type More { id: ID! } enum Kind", "- New types: `More`."),
        ("begun: Int", "begun: Int since: Int", "- `Thing` has `since`."),
        ("(first: Int)", "(first: Int, last: Int)", "- `Query` has `things(last:)`."),
        ("OLD", "OLD NEW", "- `Kind` has `NEW`."),
        ("kind: Kind }", "kind: Kind more: Int }", "- `Wanted` has `more`."),
        (" gone: Int", "", "- Field `Query.gone` was removed. **Breaking.**"),
        ("[Thing!]!", "[Thing!]", "- Field `Query.things` changed type from `[Thing!]!` to `[Thing!]`. **Breaking.**"),
        (
            "kind: Kind }",
            "kind: [Kind!]! }",
            "- Field `Wanted.kind` changed type from `Kind` to `[Kind!]!`. **Breaking.**",
        ),
        ("type Thing {", "type Thing implements Node {", "- `Node` added to interfaces implemented by `Thing`."),
        ("begun: Int", 'begun: Int @deprecated(reason: "Not.")', "- `Thing.begun` is deprecated: Not."),
    ],
)
def test_a_change_is_told(written: str, instead: str, line: str) -> None:
    assert written in BEFORE
    assert list(told(build_schema(BEFORE), build_schema(BEFORE.replace(written, instead)))) == [line]


def test_days_stand_newest_first_and_one_on_which_words_alone_changed_is_left_out() -> None:
    described = BEFORE.replace("type Thing", '"""What is chosen."""\ntype Thing')
    more = described.replace("begun: Int", "begun: Int since: Int")
    days = {date(2027, 1, day): text for day, text in enumerate((BEFORE, described, more), start=1)}
    text = page(days)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["2027-01-03", "2027-01-01"]
    assert f"digest `{digest(more)}`" in text
    assert digest(BEFORE) == digest(described) != digest(more)
