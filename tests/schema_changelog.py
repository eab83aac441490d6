"""What has come into the schema, what has changed, what has gone: writes docs/schema-changelog.md from its history, by day.

    python -m tests.schema_changelog    # make schema does it too

The history is that of schema.graphql in git, of the main line alone, with what is not committed yet as today's.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from graphql import BreakingChange, GraphQLSchema, SchemaChange, build_schema, find_schema_changes

from tests.deprecations import marks

ROOT = Path(__file__).parents[1]
PAGE, SCHEMA = ROOT / "docs" / "schema-changelog.md", ROOT / "schema.graphql"
HEAD = """\
# What has changed in the schema

Made by `make schema` from the history of [schema.graphql](../schema.graphql), the newest day first; descriptions are left out.
What may change at all, and how it is announced, is in [deprecations.md](deprecations.md); what is new besides, in the
[changelog](../CHANGELOG.md). A name in parentheses is an argument.

Up to the schema with the digest `{digest}`.
"""
ADDED = re.compile(
    r"(?:(?:An optional (?:argument|field)|Field|Enum value) )?(@?\w+(?:\.\w+)?(?:\(\w+:\))?) was added\."
)
NAME = re.compile(r"@?\[*\b[A-Z]\w*(?:\.\w+)?(?:\(\w+:\))?[\]!]*|@\w+(?:\(\w+:\))?")
WORDS = {"A", "Argument", "Directive", "Enum", "Field", "Input", "Interface", "Object", "Scalar", "Standard", "Union"}
DESCRIPTION = re.compile(r'"""(?:[^\\"]|\\"""|\\|"(?!""))*"""')
SHALLOW = (
    "The history of schema.graphql is not here (git fetch --unshallow), so docs/schema-changelog.md is left as it is."
)


def digest(text: str) -> str:
    """Return what tells schemas apart that differ in more than descriptions and white space."""
    return hashlib.sha256(" ".join(DESCRIPTION.sub("", text).split()).encode()).hexdigest()[:16]


def git(*command: str) -> str:
    """Return what git prints."""
    return subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def versions() -> dict[date, str]:
    """Return the text of the schema at the end of each day on which it changed, the oldest first."""
    commits = [line.split() for line in git("log", "--first-parent", "--format=%H %cs", "--", SCHEMA.name).splitlines()]
    last = {date.fromisoformat(day): commit for commit, day in reversed(commits)}
    texts = {day: git("show", f"{commit}:{SCHEMA.name}") for day, commit in last.items()}
    if SCHEMA.read_text("utf-8") != texts[max(texts)]:
        texts[datetime.now(UTC).date()] = SCHEMA.read_text("utf-8")
    return texts


def page(texts: Mapping[date, str]) -> str:
    """Return the page about these versions."""
    days, schemas = list(texts), [build_schema(text) for text in texts.values()]
    sections = [
        section(day, changes)
        for day, (before, after) in zip(days[1:], pairwise(schemas), strict=True)
        if (changes := list(told(before, after)))
    ]
    first = section(days[0], [f"The first version, with {len(own_types(schemas[0]))} types."])
    return "\n".join([HEAD.format(digest=digest(texts[days[-1]])), *reversed(sections), first])


def section(day: date, lines: Iterable[str]) -> str:
    """Return what is told of one day."""
    return f"## {day}\n\n" + "\n".join(lines) + "\n"


def own_types(schema: GraphQLSchema) -> list[str]:
    """Return the names of the types that are no part of GraphQL itself."""
    return [name for name in schema.type_map if not name.startswith("__")]


def told(before: GraphQLSchema, after: GraphQLSchema) -> Iterator[str]:
    """Tell the changes between two versions: types that came, what came to other types, and everything else in sentences."""
    changes = [change for change in find_schema_changes(before, after) if change.type.name != "DESCRIPTION_CHANGED"]
    added = [match[1] for change in changes if (match := ADDED.fullmatch(change.description))]
    types = [name for name in added if "." not in name and not name.startswith("@")]
    if types:
        yield f"- New types: {', '.join(f'`{name}`' for name in sorted(types))}."
    for name, members in sorted(by_type(added).items()):
        yield f"- `{name}` has {', '.join(f'`{member}`' for member in members)}."
    yield from (f"- {sentence(change)}" for change in changes if not ADDED.fullmatch(change.description))
    was = dict(marks(before))
    for coordinate, reason in marks(after):
        if reason is not None and was.get(coordinate) != reason:
            yield f"- `{coordinate}` is deprecated: {reason}"


def by_type(added: Iterable[str]) -> dict[str, list[str]]:
    """Return the fields, arguments and values that came, by the type or the directive that they came to."""
    members: dict[str, list[str]] = {}
    for coordinate in added:
        name, _, member = coordinate.partition(".")
        if member or name.startswith("@"):
            members.setdefault(name, []).append(member or name)
    return members


def sentence(change: SchemaChange) -> str:
    """Return what graphql-core says of a change, its names marked as such, and whether it breaks a client."""
    breaks = " **Breaking.**" if isinstance(change, BreakingChange) else ""
    return NAME.sub(lambda name: name[0] if name[0] in WORDS else f"`{name[0]}`", change.description) + breaks


if __name__ == "__main__":
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        sys.exit(SHALLOW)
    PAGE.write_text(page(versions()), "utf-8")
