"""What changed since the last release, which of it was announced as docs/deprecations.md promises, and which was not?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from graphql import GraphQLEnumType, GraphQLSchema, find_breaking_changes

NOTICE = timedelta(days=182)  # six months
NULLABLE = re.compile(r"^\| `([^`]+)` \| [^|]+ \|$", re.MULTILINE)
ROW = re.compile(r"^\| `([^`]+)` \| (\d{4}-\d\d-\d\d) \| (\d{4}-\d\d-\d\d) \| (.+) \|$", re.MULTILINE)
SUBJECT = re.compile(
    r"^(?:A required )?(?:(?:Field|Enum value|Argument|Directive|Standard scalar) )?(@?\w+[.\w]*(?:\(\w+:\))?)", re.I
)


@dataclass(frozen=True)
class Announcement:
    """A row of the table: what may be gone, from which day on."""

    what: str
    announced: date
    gone: date


def announcements(page: str) -> list[Announcement]:
    """Every row of the table on the page."""
    return [
        Announcement(what, date.fromisoformat(told), date.fromisoformat(gone))
        for what, told, gone, _ in ROW.findall(page)
    ]


def made_nullable(page: str, change: str) -> bool:
    """Whether this is the sentence about a field that is nullable now and nothing else, and the page lists it."""
    found = re.fullmatch(r"Field (\S+) changed type from (.+)! to \2\.", change)
    return found is not None and found[1] in NULLABLE.findall(page)


def marks(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """All that the language lets one mark, by its schema coordinate, each with its reason where it is deprecated."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", made.deprecation_reason) for value, made in kind.values.items())
        for field, made in getattr(kind, "fields", {}).items():
            yield f"{name}.{field}", made.deprecation_reason
            arguments = getattr(made, "args", {}).items()
            yield from ((f"{name}.{field}({arg}:)", argument.deprecation_reason) for arg, argument in arguments)


def changed(description: str) -> str:
    """What a sentence of find_breaking_changes is about, by its schema coordinate."""
    found = SUBJECT.match(description)
    return found[1] if found else description


def objections(released: GraphQLSchema, offered: GraphQLSchema, page: str, today: date) -> list[str]:
    """Every promise that is broken, as a sentence that says what would mend it."""
    rows = {row.what: row for row in announcements(page)}
    before, now = dict(marks(released)), dict(marks(offered))
    breaking = [
        change for change in find_breaking_changes(released, offered) if not made_nullable(page, change.description)
    ]
    return [
        *(text for change in breaking for text in _unannounced(change.description, rows, before, today)),
        *(
            f"{row.what}: less than six months between its days"
            for row in rows.values()
            if row.gone - row.announced < NOTICE
        ),
        *(text for what, reason in now.items() for text in _unmatched(what, reason, rows)),
    ]


def _unannounced(
    description: str, rows: Mapping[str, Announcement], before: Mapping[str, str | None], today: date
) -> Iterator[str]:
    what = changed(description)
    row = rows.get(what)
    if row is None:
        yield f"{description} docs/deprecations.md does not announce `{what}`."
    elif today < row.gone:
        yield f"{description} It was to stay until {row.gone}."
    elif what in before and str(row.gone) not in (before[what] or ""):
        yield f"{description} The last release did not mark it as deprecated, with {row.gone} in the reason."


def _unmatched(what: str, reason: str | None, rows: Mapping[str, Announcement]) -> Iterator[str]:
    row = rows.get(what)
    if reason is not None and row is None:
        yield f"{what} is deprecated, and docs/deprecations.md does not announce it."
    elif row is not None and str(row.gone) not in (reason or ""):
        yield f"{what} is announced, and not marked as @deprecated with {row.gone} in the reason."
