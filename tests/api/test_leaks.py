"""Are two worlds alike to everybody, in every field and by every way, that differ only in what must not be seen?"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import aiohttp
import pytest
from graphql import FieldNode, GraphQLObjectType, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from api.graph import schema
from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.leak_campaigns import CAMPAIGNS, CHEN_RUNS, DRAFT, SECRET_PLAN, prepare, seeded
from tests.leak_worlds import FIELDS, LIMITS, LOGS_OFF, MUTATIONS, STAFF, SUBSCRIPTIONS, VARIANTS, VOTERS, World

WITNESS = "first"  # has cast in the campaign that shows those the standings who have, where lin has not
COMMON = {"lin": (3,), WITNESS: (2, 3)}  # the same in both worlds
WATCHED = "socket of resultsChanged"
AFTERWARDS = "2017-04-10 10:00"
DIFFERING = ({"second": (1, 2), "third": (1,)}, {"second": (5, 6), "third": (4,)})
OPEN = tuple(slug for slug in CAMPAIGNS if slug != "live")
REPORT = re.compile(rb'report":"(?:[^"\\]|\\.)*"')
Survey: TypeAlias = dict[tuple[str, str, str], bytes]  # by role, campaign and what was asked


@dataclass(frozen=True)
class Phase:
    """When both worlds are looked at, when ballots were cast before, and in which campaigns the later of these are unseen."""

    now: str
    early: str
    late: str
    unseen: tuple[str, ...] = OPEN
    roles: tuple[str, ...] = ("nobody", "lin", "organizer")
    archived: tuple[str, ...] = ()


PHASES = {
    "first morning": Phase("2017-03-22 08:30:40", "2017-03-22 00:30:00", "2017-03-22 08:30:20"),
    "voting": Phase("2017-03-25 10:30:40", "2017-03-25 08:00:00", "2017-03-25 10:30:20", roles=(*STAFF, *VOTERS)),
    "paused": Phase("2017-03-26 12:30:40", "2017-03-26 08:00:00", "2017-03-26 12:30:20"),
    "closed": Phase("2017-03-31 12:00", "2017-03-31 08:00", "2017-03-31 11:59:59", ("publication", "unpublished")),
    "published": Phase("2017-04-10 10:00", "2017-03-31 08:00", "2017-03-31 11:59:59", ("unpublished",)),
    "archived": Phase(
        "2017-04-10 10:00", "2017-03-31 08:00", "2017-03-31 11:59:59", ("unpublished",), archived=("unpublished",)
    ),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    settings = SETTINGS | LOGS_OFF | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
    with running(at="2017-03-21T12:00:00+08:00", settings=settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def world(sandbox: SandboxServer) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as http:
        tokens: dict[str, str | None] = {name: voter.token for name, voter in sandbox.voters.items()}
        guests = {name: sandbox.sign_in(name).token for name in (WITNESS, "second", "third")}
        yield World(sandbox, http, {**tokens, **guests, "nobody": None})


@pytest.fixture(scope="module")
def files(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return asyncio.run(prepare(tmp_path_factory.mktemp("worlds"), seeded(sandbox), sandbox.voters["chen"].id))


async def cast_all(world: World, phase: Phase, differing: dict[str, tuple[int, ...]]) -> dict[str, str]:
    everywhere = {voter: dict.fromkeys(CAMPAIGNS, named) for voter, named in COMMON.items()}
    del everywhere["lin"]["casting"]
    ballots = await world.cast(phase.early, everywhere)
    await world.cast(phase.late, {voter: dict.fromkeys(phase.unseen, named) for voter, named in differing.items()})
    return ballots


@pytest.mark.parametrize("name", PHASES)
async def test_nobody_is_told_whom_ballots_chose_before_they_may_see_it(
    world: World, files: dict[str, Path], name: str
) -> None:
    phase, surveys, witnesses, later = PHASES[name], [], [], []
    for differing in DIFFERING:
        world.restart(files["without"])
        ballots = await cast_all(world, phase, differing)
        world.show(phase.now)
        for slug in phase.archived:
            world.archive(slug)
        surveys.append(await survey(world, ballots, phase.unseen, phase.roles))
        witnesses.append(await survey(world, ballots, phase.unseen, (WITNESS,), WATCHED))
        world.show(AFTERWARDS)
        later.append(await survey(world, ballots, phase.unseen, ("nobody",), WATCHED))
    assert differences(*map(without_reports, surveys)) == {}
    # And they do differ, to whoever may see it.
    assert {slug for _, slug, _ in differences(*witnesses)} == {"casting"} & {*phase.unseen}
    assert {slug for _, slug, _ in differences(*later)} == {*phase.unseen} - {"unpublished"}


def without_reports(told: Survey) -> Survey:
    """What staff are told but for the report, which has the votes from the close on: they decide the stages by it."""
    return {key: REPORT.sub(b"", each) if key[0] in STAFF else each for key, each in told.items()}


async def survey(
    world: World, ballots: dict[str, str], slugs: Sequence[str], roles: Sequence[str], only: str = ""
) -> Survey:
    return {
        (role, slug, what): told
        for role in roles
        for slug in slugs
        for what, told in (await world.read(role, slug, ballots, only)).items()
    }


def differences(one: Survey, other: Survey) -> dict[tuple[str, str, str], tuple[bytes, ...]]:
    """Where two surveys differ, with what is told around there."""
    assert one.keys() == other.keys()
    return {key: _around(told, other[key]) for key, told in one.items() if told != other[key]}


def _around(*told: bytes) -> tuple[bytes, ...]:
    start = next((n for n, pair in enumerate(zip(*told, strict=False)) if len(set(pair)) > 1), 0)
    return tuple(each[max(0, start - 80) : start + 80] for each in told)


@pytest.mark.parametrize("now", ["2017-03-21 13:00", "2017-03-25 10:30:40"])
async def test_only_its_organizers_and_auditors_are_told_of_a_draft(
    world: World, files: dict[str, Path], now: str
) -> None:
    surveys = []
    for name in ("without", "with"):
        world.restart(files[name])
        world.show(now)
        asked = await survey(world, {}, (DRAFT, CHEN_RUNS), (*STAFF, *VOTERS))
        for role in VOTERS:
            told = await world.change(role, DRAFT, {})
            asked |= {(role, DRAFT, what): answer for what, answer in told.items()}
        surveys.append(asked)
    assert {role for role, _, _ in differences(*surveys)} == set(STAFF)
    unseen = [told for (role, _, _), told in surveys[1].items() if role in VOTERS]
    assert not [told for told in unseen if SECRET_PLAN in told]
    assert [told for (role, _, _), told in surveys[1].items() if role in STAFF and SECRET_PLAN in told]


def test_every_field_of_the_schema_is_asked_for() -> None:
    published, types, asked = schema()._schema, TypeInfo(schema()._schema), set()

    class Collector(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            asked.add((str(types.get_parent_type()), node.name.value))

    for document in (*FIELDS, *VARIANTS, *SUBSCRIPTIONS.values(), *MUTATIONS.values()):
        visit(parse(document), TypeInfoVisitor(types, Collector()))
    objects = [each for each in published.type_map.values() if isinstance(each, GraphQLObjectType)]
    fields = {(each.name, name) for each in objects for name in each.fields if not each.name.startswith("__")}
    assert fields - asked == set()
