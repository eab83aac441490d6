"""Are migrations applied once, all or none, and do they make the schema that the models state?"""

import asyncio
import json
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.utils import get_schema_sql

from api.domain.campaigns.parts import Criterion
from api.domain.campaigns.projects import District, Figure
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.campaigns.states import CampaignState
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.votes import VoteQuotaRule
from api.ports.log_reader import LogPlace
from api.storage import (
    image_models,
    job_models,
    log_models,
    models,
    reminder_models,
    result_models,
    review_models,
    selection_models,
    suspicion_models,
)
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database import migrator
from api.storage.database.connection import Database, as_moment, open_database
from api.storage.database.migrator import (
    MIGRATIONS,
    MigrationFailed,
    MigrationRefused,
    available,
    migrate,
    pending,
    statements,
)
from api.storage.database.outages import waited_in_vain
from api.storage.database.urls import Dialect
from api.storage.log.log_reader import SqlLogReader
from tests.campaigns import CLOSES, DAYS, DURING, OPENS, SLUG, both
from tests.databases import PostgresServer, in_processes

OURS = [migration.name for migration in available(Dialect.SQLITE)]
Fact = tuple[Any, ...]
Schema = dict[str, set[Fact]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the migrations, to change or add to."""
    copy = tmp_path / "migrations"
    shutil.copytree(str(MIGRATIONS), copy)
    return copy


def add(folder: Path, name: str, script: str) -> str:
    for dialect in Dialect:
        (folder / f"{name}.{dialect.value}.sql").write_text(script)
    return name


def change(folder: Path, name: str) -> None:
    for file in folder.glob(f"{name}.*.sql"):
        file.write_text(file.read_text("utf-8") + "\n")


def keep_the_first(folder: Path) -> None:
    for file in folder.glob("*.sql"):
        if not file.name.startswith("0001"):
            file.unlink()


def taken_away(folder: Path, first: str) -> dict[str, str]:
    later = {file.name: file.read_text() for file in folder.glob("*.sql") if file.name >= first}
    for name in later:
        (folder / name).unlink()
    return later


def put_back(folder: Path, files: dict[str, str]) -> None:
    for name, sql in files.items():
        (folder / name).write_text(sql)


async def names(database: Database) -> list[str]:
    return [row["name"] for row in await database.rows("SELECT name FROM migrations ORDER BY name")]


async def test_migrating_applies_what_is_pending_once(database_url: str, folder: Path) -> None:
    second = add(folder, "9001_notes", "-- A note; two.\nCREATE TABLE notes (n int);\nINSERT INTO notes\nVALUES (1);\n")
    async with open_database(database_url) as database:
        assert await pending(database) == OURS
        assert await migrate(database) == OURS
        assert await pending(database, folder) == [second]
        assert await migrate(database, folder) == [second]
        assert await migrate(database, folder) == await pending(database, folder) == []
        assert await names(database) == [*OURS, second]
        assert await database.rows("SELECT n FROM notes") == [{"n": 1}]


async def store_first_campaign(database: Database) -> None:
    """Store a campaign as the first version did, with a project whose number is not its place."""
    zh, en = "标题", "A title"
    stages = '[{"code": "WINNER", "name": {"zh": "十大", "en": "Top ten"}, "seats": 10, "decided": false}]'
    criteria = '[{"code": "INNOVATION", "name": {"zh": "创新", "en": "Innovation"}}]'
    await database.rows(
        "insert into campaigns (slug, revision, title_zh, title_en, organizer_zh, organizer_en, time_zone, opens_at, "
        "closes_at, minimum_choices, maximum_choices, quota_limit, quota_period, visibility, stages, criteria) "
        "values ($1, 1, $2, $3, $2, $3, 'Asia/Shanghai', $4, $5, 1, 3, 1, 'DAY', 'LIVE', $6, $7)",
        *(SLUG, zh, en, OPENS, CLOSES, stages, criteria),
    )
    await database.rows(
        "insert into districts (code, name_zh, name_en) values ('310101', '黄浦区', 'Huangpu District')"
    )
    figures = (
        '[{"label": {"zh": "数", "en": "Number"}, "value": "1", "unit": {"zh": "个", "en": "pieces"}, "year": null}]'
    )
    for number, figure in ((1, "[]"), (2, figures), (70, "[]")):
        await database.rows(
            "insert into projects (id, campaign_id, number, title_zh, title_en, summary_zh, summary_en, level, district_id, "
            "themes, figures, outcome) values ($1, $2, $3, $4, $5, $4, $5, 'DISTRICT', '310101', $6, $7, 'CANDIDATE')",
            *(f"{SLUG}/{number}", SLUG, number, zh, en, '["HEALTH"]', figure),
        )


async def test_retry_tags_move_to_a_table_of_their_own_with_their_ballots(database_url: str, folder: Path) -> None:
    keep_the_first(folder)
    async with open_database(database_url) as database:
        await migrate(database, folder)
        await store_first_campaign(database)
        for id_, tag in (("a" * 26, "kept"), ("b" * 26, None)):
            await database.rows(
                "insert into ballots (id, campaign_id, day, cast_at, choices, retry_tag) values ($1, $2, $3, $4, $5, $6)",
                *(id_, SLUG, DAYS[0], DURING, b"\x03", tag),
            )
        await migrate(database)
        box = SqlBallotBox(database)
        found = await box.find_retried("kept")
        assert found is not None
        assert (found.id, found.positions, found.cast_at) == ("a" * 26, (1, 2), DURING)
        assert len(await box.find(["a" * 26, "b" * 26])) == 2


async def test_a_campaign_of_the_first_version_is_read_as_it_was(database_url: str, folder: Path) -> None:
    keep_the_first(folder)
    async with open_database(database_url) as database:
        await migrate(database, folder)
        await store_first_campaign(database)
        await migrate(database)
        directory = await SqlCampaigns(database).directory()
        campaign = directory.campaigns[SLUG]
        huangpu = District("310101", both("黄浦区", "Huangpu District"))
        assert directory.districts == {"310101": huangpu}
        assert (campaign.title, campaign.organizer) == (both("标题", "A title"), both("标题", "A title"))
        assert (campaign.state, campaign.languages, campaign.rules) == (CampaignState.PRESENTED, ("zh", "en"), ())
        assert campaign.stages == (Stage("WINNER", both("十大", "Top ten"), 10, decided=False),)
        assert campaign.criteria == (Criterion("INNOVATION", both("创新", "Innovation")),)
        assert len(campaign.themes) == 14
        assert [(project.number, project.position) for project in campaign.projects] == [(1, 1), (2, 2), (70, 70)]
        assert campaign.projects[1].figures == (Figure(both("数", "Number"), "1", both("个", "pieces"), None),)
        assert [theme.name for theme in campaign.projects[0].themes] == [both("健康医疗", "Health")]
        assert campaign.projects[0].district == huangpu


async def store_campaign(
    database: Database, slug: str, rules: Sequence[object] = (), stages: Sequence[object] = ()
) -> None:
    """Store a campaign as the versions with 0007 to 0011 did."""
    texts = json.dumps({"translations": [["en", "Title"]]})
    await database.rows(
        "insert into campaigns (slug, revision, state, languages, title, organizer, time_zone, opens_at, closes_at, "
        "minimum_choices, maximum_choices, quota_limit, quota_period, quota_per_channel, rules, visibility, results_step, "
        "themes, own_districts, awards, pauses, extensions, voided_votes, stages, criteria) values ($1, 1, 'PRESENTED', "
        "$2, $3, $3, 'Asia/Shanghai', $4, $4, 1, 1, 3, 'DAY', $5, $6, 'LIVE', 'SECOND', $7, $7, $7, $7, $7, $7, $8, $7)",
        *(slug, '["en"]', texts, DURING, False, json.dumps(rules), "[]", json.dumps(stages)),
    )


async def test_enums_stored_by_what_they_mean_are_read_by_their_names(database_url: str, folder: Path) -> None:
    later = taken_away(folder, "0010")
    lot = "Lots are drawn, by a seed whose digest was published before voting opened."
    stage = {"code": "TEN", "name": {"translations": [["en", "Ten"]]}, "seats": 10, "decided": False, "ties": [lot]}
    day = "One voting day, in the campaign's time zone. A new day brings a new quota."
    rule = {"code": "VOTE_QUOTA", "limit": 3, "per_project": 1, "period": day}
    async with open_database(database_url) as database:
        await migrate(database, folder)
        await store_campaign(database, SLUG, rules=[rule], stages=[stage])
        put_back(folder, later)
        await migrate(database, folder)
        campaign = (await SqlCampaigns(database).directory()).campaigns[SLUG]
    assert campaign.stages[0].ties == (TieStep.LOT,)
    assert campaign.rules == (VoteQuotaRule(3, 1, QuotaPeriod.DAY),)


async def test_ballots_and_rulings_that_are_there_wait_for_the_log(database_url: str, folder: Path) -> None:
    later = taken_away(folder, "0012")
    ids = {"big": [f"{n:026}" for n in range(1001)], "small": ["s" * 26]}
    async with open_database(database_url) as database:
        await migrate(database, folder)
        for slug in ids:
            await store_campaign(database, slug)
        async with database.transaction() as transaction:
            rows = [(id_, slug, DAYS[0], DURING, "WEB", b"\x01") for slug, some in ids.items() for id_ in some]
            types = ("text", "text", "date", "timestamptz", "text", "bytea")
            await transaction.write_rows(
                "insert into ballots (id, campaign_id, day, cast_at, channel, choices) {}", types, rows
            )
        for step, kind in ((1, "HOLD"), (2, "VOID")):
            await database.rows(
                "insert into rulings (ballot_id, step, kind, reason, ruled_at) values ($1, $2, $3, $4, $5)",
                *("s" * 26, step, kind, "重复", DURING),
            )
        put_back(folder, later)
        await migrate(database)
        queued = await database.rows("select campaign_id, ballots, ruling from log_queue order by id")
    cast = [row for row in queued if row["ruling"] is None]
    assert {slug: "".join(sorted(ballots_of(cast, slug))) for slug in ids} == {s: "".join(i) for s, i in ids.items()}
    assert max(len(row["ballots"]) for row in cast) == 1000 * 26
    digest = sha256("重复".encode()).hexdigest()
    assert [(row["ballots"], as_tree(row["ruling"])) for row in queued if row not in cast] == [
        ("s" * 26, {"kind": "HOLD", "reason_sha256": digest}),
        ("s" * 26, {"kind": "VOID", "reason_sha256": digest}),
    ]


async def test_places_of_ballots_that_are_sealed_become_those_of_batches(database_url: str, folder: Path) -> None:
    later = taken_away(folder, "0014")
    cast = {f"{n:026}": DURING + timedelta(seconds=n) for n in range(300)}
    async with open_database(database_url) as database:
        await migrate(database, folder)
        await store_campaign(database, SLUG)
        log = await store_sealed(database, cast)
        put_back(folder, later)
        await migrate(database, folder)
        [batch] = await database.rows("select * from log_batches")
        found = [await SqlLogReader(database).place(f"{n:026}") for n in (0, 253, 254, 299)]
    assert (batch["first_place"], batch["last_place"]) == (2, 301)
    assert [as_moment(batch[name]) for name in ("first_cast_at", "last_cast_at")] == [
        min(cast.values()),
        max(cast.values()),
    ]
    assert found == [LogPlace(log, n) for n in (2, 255, 256, 301)]


async def store_sealed(database: Database, cast: Mapping[str, datetime]) -> int:
    """Store ballots and the log that they are in, after two other entries, as the version with 0012 did; return its id."""
    ballots = [(id_, SLUG, DAYS[0], moment, "WEB", b"\x01") for id_, moment in cast.items()]
    types = ("text", "text", "date", "timestamptz", "text", "bytea")
    await database.write_rows(
        "insert into ballots (id, campaign_id, day, cast_at, channel, choices) {}", types, ballots
    )
    [log] = await database.rows(
        "insert into logs (campaign_id, generation, origin, size, root, ballots, state, published_size) "
        "values ($1, 1, 'vote.example/log', 302, $2, 300, '{}', 0) returning id",
        *(SLUG, b"\x00" * 32),
    )
    number: int = log["id"]
    ids = ["-" * 26] * 2 + list(cast)
    bundles = [(number, n, b"", "".join(ids[256 * n : 256 * (n + 1)])) for n in range(2)]
    types = ("bigint", "bigint", "bytea", "text")
    await database.write_rows("insert into log_bundles (log_id, n, entries, ballots) {}", types, bundles)
    places = [(id_, number, place) for place, id_ in enumerate(cast, 2)]
    await database.write_rows(
        "insert into log_places (ballot_id, log_id, place) {}", ("text", "bigint", "bigint"), places
    )
    return number


async def test_rulings_stay_when_they_refer_to_ballots_no_longer(database_url: str, folder: Path) -> None:
    later = taken_away(folder, "0013")
    query = "select id, ballot_id, step, kind, reason, ruled_at, ruled_by from rulings order by id"
    async with open_database(database_url) as database:
        await migrate(database, folder)
        await store_campaign(database, SLUG)
        ballot = ("a" * 26, SLUG, DAYS[0], DURING, "WEB", b"\x01")
        await database.rows(
            "insert into ballots (id, campaign_id, day, cast_at, channel, choices) values ($1, $2, $3, $4, $5, $6)",
            *ballot,
        )
        for step, by in ((1, "b" * 26), (2, None)):
            await database.rows(
                "insert into rulings (ballot_id, step, kind, reason, ruled_at, ruled_by) values ($1, $2, $3, $4, $5, $6)",
                *("a" * 26, step, "HOLD", "重复", DURING, by),
            )
        before = await database.rows(query)
        put_back(folder, later)
        assert await migrate(database, folder) == sorted({name.rpartition(".")[0].rpartition(".")[0] for name in later})
        assert await database.rows(query) == before
        # Which is how it is where a partition, or another database, has the ballot.
        await database.rows("delete from ballots")
        with pytest.raises(IntegrityError):
            await database.rows(
                "insert into rulings (ballot_id, step, kind, reason, ruled_at) values ($1, 2, 'VOID', '', $2)",
                *("a" * 26, DURING),
            )


def ballots_of(queued: Sequence[Mapping[str, str]], slug: str) -> list[str]:
    return [id_ for row in queued if row["campaign_id"] == slug for id_ in re.findall(".{26}", row["ballots"])]


def as_tree(column: Any) -> Any:
    return json.loads(column) if isinstance(column, str) else column


async def test_a_migration_is_recorded_with_its_moment(database: Database) -> None:
    row, *_ = await database.rows("SELECT sha256, applied_at FROM migrations")
    assert len(row["sha256"]) == 64
    assert as_moment(row["applied_at"]).year > 2000


async def migrate_by_url(url: str) -> list[str]:
    async with open_database(url) as database:
        return await migrate(database)


def migrate_in_a_loop(url: str) -> list[str]:
    return asyncio.run(migrate_by_url(url))


def test_four_processes_that_migrate_at_once_apply_each_migration_once(database_url: str) -> None:
    applied = in_processes(4, migrate_in_a_loop, database_url)
    assert sorted(applied) == [[], [], [], OURS]


async def test_a_newer_migration_that_older_versions_bear_is_no_reason_to_refuse(
    database_url: str, folder: Path
) -> None:
    add(folder, "9001_notes.expand", "CREATE TABLE notes (n int);")
    async with open_database(database_url) as database:
        await migrate(database, folder)
        assert await pending(database) == await migrate(database) == []
        add(folder, "9002_fewer", "DROP TABLE notes;")
        await migrate(database, folder)
        with pytest.raises(MigrationRefused, match=r"\(9002_fewer\)"):
            await pending(database)


def test_a_migration_that_older_versions_bear_leaves_them_all_that_they_read_and_write() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("sha256", 1, lambda text: sha256(text.encode()).hexdigest())
        before: dict[tuple[str, str], tuple[bool, bool]] = {}
        kept = []
        for migration in available(Dialect.SQLITE):
            connection.executescript(migration.script)
            after = columns_of(connection)
            tables = {table for table, _ in before}
            needed = {
                each for each in after.keys() - before.keys() if each[0] in tables and after[each] == (True, False)
            }
            if before.items() <= after.items() and not needed:
                kept.append(migration.name)
            before = after
    promised = [name for name in OURS if name.endswith(migrator.EXPANDING)]
    assert {*promised} <= {*kept}
    assert "0014_log_batches" not in kept


def columns_of(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[bool, bool]]:
    """Of each column, by its table, whether it takes no null, and whether it has a default."""
    query = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    return {
        (table, column): (bool(is_required), default is not None)
        for (table,) in connection.execute(query).fetchall()
        for _, column, _, is_required, default, _ in connection.execute(f"pragma table_info({table})")
    }


async def test_a_migration_waits_for_a_table_that_is_in_use_a_moment_at_a_time(
    postgres_server: PostgresServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrator, "TABLE_LOCK_TIMEOUT", "1ms")
    monkeypatch.setattr(migrator, "TABLE_LOCK_PAUSE", 0)
    monkeypatch.setattr(migrator, "TABLE_LOCK_ATTEMPTS", 3)
    with postgres_server.fresh_database() as url:
        async with open_database(url) as database:
            await migrate(database)
            more = add(folder, "9001_more.expand", "ALTER TABLE ballots ADD COLUMN more int;")
            async with database.snapshot() as audit:
                await audit.rows("select id from ballots")
                with pytest.raises(MigrationFailed, match="end what keeps the rows locked"):
                    await migrate(database, folder)
                monkeypatch.setattr(migrator, "TABLE_LOCK_ATTEMPTS", 1_000_000)
                in_vain = asyncio.Event()

                def noted(error: BaseException | None) -> bool:
                    in_vain.set()
                    return waited_in_vain(error)

                monkeypatch.setattr(migrator, "waited_in_vain", noted)
                migrating = asyncio.create_task(migrate(database, folder))
                await in_vain.wait()
            assert await migrating == [more]


async def test_a_changed_migration_is_refused(database: Database, folder: Path) -> None:
    change(folder, "0001_selection")
    add(folder, "9001_notes", "CREATE TABLE notes (n int);")
    for ask in (migrate, pending):
        with pytest.raises(MigrationRefused, match="0001_selection"):
            await ask(database, folder)
    assert await names(database) == OURS


async def test_a_database_of_a_newer_version_is_refused(database: Database, folder: Path) -> None:
    await migrate(database, add_future(folder))
    for ask in (migrate, pending):
        with pytest.raises(MigrationRefused, match="9001_future"):
            await ask(database)


def add_future(folder: Path) -> Path:
    add(folder, "9001_future", "CREATE TABLE future (n int);")
    return folder


async def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, folder: Path) -> None:
    add(folder, "9001_notes", "CREATE TABLE notes (n int);")
    add(folder, "9002_wrong", "CREATE TABLE more (n int);\nINSERT INTO nowhere VALUES (1);")
    async with open_database(database_url) as database:
        with pytest.raises(MigrationFailed, match=r"9002_wrong.*nowhere"):
            await migrate(database, folder)
        assert await schema(database) == {}
        assert await pending(database) == await migrate(database) == OURS


async def test_a_migration_cancelled_midway_leaves_nothing_behind(database_url: str) -> None:
    async with open_database(database_url) as database:
        for turns in range(0, 400, 10):
            task = asyncio.create_task(migrate(database))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
            assert await pending(database) in ([], OURS)
        await migrate(database)
        assert await names(database) == OURS


REBUILD = """
CREATE TABLE new_districts (code VARCHAR(12) NOT NULL PRIMARY KEY, name JSON NOT NULL, n INT);
INSERT INTO new_districts (code, name) SELECT code, name FROM districts;
DROP TABLE districts;
ALTER TABLE new_districts RENAME TO districts;
"""
VISITS = "CREATE TABLE visits (district VARCHAR(12) REFERENCES districts (code) ON DELETE CASCADE)"


@pytest.fixture
async def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite database with a district and a row that goes when the district goes."""
    url = f"sqlite://{tmp_path}/test.sqlite3"
    async with open_database(url) as database:
        await migrate(database)
        await database.rows("INSERT INTO districts VALUES ('huangpu', '{}')")
        await database.rows(VISITS)
        await database.rows("INSERT INTO visits VALUES ('huangpu')")
    return url


async def test_rebuilding_a_table_on_sqlite_loses_no_row_that_refers_to_it(sqlite_url: str, folder: Path) -> None:
    add(folder, "9001_rebuild", REBUILD)
    async with open_database(sqlite_url) as database:
        await migrate(database, folder)
        assert await database.rows("SELECT district FROM visits JOIN districts ON code = district") == [
            {"district": "huangpu"}
        ]
        with pytest.raises(IntegrityError):
            await database.rows("INSERT INTO visits VALUES ('nowhere')")


async def test_a_rebuild_that_loses_a_row_on_sqlite_is_not_committed(sqlite_url: str, folder: Path) -> None:
    add(folder, "9001_rebuild", REBUILD.replace("FROM districts;", "FROM districts WHERE code = 'pudong';"))
    async with open_database(sqlite_url) as database:
        with pytest.raises(MigrationFailed, match="visits"):
            await migrate(database, folder)
        assert await database.rows("SELECT code FROM districts") == [{"code": "huangpu"}]
        assert await pending(database, folder) == ["9001_rebuild"]


def test_a_script_is_split_where_its_statements_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  SELECT 1;\nEND;\n"
    parts = ["-- One; two.\nCREATE TABLE a (n int, c text DEFAULT ';\n');\n", trigger, "SELECT 2"]
    assert list(statements("".join(parts) + "\n")) == [*parts[:2], "SELECT 2\n"]


async def test_both_dialects_have_the_same_migrations() -> None:
    kinds = {dialect: {name.split(".")[0] for name in sql_files(f".{dialect.value}.sql")} for dialect in Dialect}
    assert kinds[Dialect.SQLITE] == kinds[Dialect.POSTGRES] != set()


def sql_files(suffix: str) -> list[str]:
    return [file.name for file in MIGRATIONS.iterdir() if file.name.endswith(suffix)]


async def test_the_migrations_make_the_schema_of_the_models(fresh_url: Callable[[], str]) -> None:
    async with open_database(fresh_url()) as database:
        await migrate(database)
        await database.rows("DROP TABLE migrations")
        made = await schema(database)
    async with open_database(fresh_url()) as database:
        await database.client.execute_script(get_schema_sql(database.client, safe=False))
        stated = await schema(database)
    for table, model in models_by_table().items():
        # Tortoise states the CHECKs but does not create them.
        stated[table] |= {("check", check.name, expression(check.check)) for check in model._meta.constraints}
    assert made == stated


def models_by_table() -> dict[str, Any]:
    found = [
        kind
        for module in (
            models,
            suspicion_models,
            image_models,
            result_models,
            review_models,
            selection_models,
            job_models,
            log_models,
            reminder_models,
        )
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Model)
    ]
    return {model._meta.db_table: model for model in found if model is not Model}


async def schema(database: Database) -> Schema:
    """Of every table, its columns, keys, indexes and CHECKs, as the database itself tells them."""
    ask = sqlite_facts if database.dialect is Dialect.SQLITE else postgres_facts
    return {table: {fact async for fact in ask(database, table)} for table in await tables(database)}


async def tables(database: Database) -> list[str]:
    sql = {
        Dialect.SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Dialect.POSTGRES: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    }
    return [row["name"] for row in await database.rows(sql[database.dialect])]


async def sqlite_facts(database: Database, table: str) -> AsyncIterator[Fact]:
    for row in await database.rows(f"PRAGMA table_info({table})"):
        yield "column", row["name"], row["type"].upper(), row["notnull"], row["dflt_value"], row["pk"]
    for row in await database.rows(f"PRAGMA foreign_key_list({table})"):
        yield "reference", row["from"], row["table"], row["to"], row["on_delete"], row["on_update"]
    for row in await database.rows(f"PRAGMA index_list({table})"):
        columns = [part["name"] for part in await database.rows(f"PRAGMA index_info({row['name']})")]
        yield "index", row["origin"], row["unique"], row["partial"], *columns
    [row] = await database.rows("SELECT sql FROM sqlite_master WHERE name = $1", table)
    for check in re.finditer(r"(?:CONSTRAINT (\w+) )?CHECK \((.+)\),?$", row["sql"], re.MULTILINE):
        yield "check", check[1], expression(check[2])


POSTGRES_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull, pg_get_expr(adbin, adrelid) AS expression,
        attidentity <> '' OR pg_get_expr(adbin, adrelid) LIKE 'nextval(%' AS generated
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
"""
POSTGRES_CONSTRAINTS = """
    SELECT contype, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = to_regclass($1) AND contype <> 'n'
"""
POSTGRES_INDEXES = """
    SELECT replace(pg_get_indexdef(indexrelid), relname, '') AS definition
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = to_regclass($1)
"""


async def postgres_facts(database: Database, table: str) -> AsyncIterator[Fact]:
    for row in await database.rows(POSTGRES_COLUMNS, table):
        default = "generated" if row["generated"] else row["expression"]
        yield "column", row["attname"], row["type"], row["attnotnull"], default
    for row in await database.rows(POSTGRES_CONSTRAINTS, table):
        if row["contype"] == b"c":
            yield "check", row["conname"], expression(row["definition"].removeprefix("CHECK "))
        else:
            yield "constraint", row["definition"]
    for row in await database.rows(POSTGRES_INDEXES, table):
        yield "index", row["definition"]


def expression(text: str) -> str:
    """An expression without the outer brackets that PostgreSQL adds."""
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return text


async def test_updates_of_a_tally_have_room_to_stay_on_their_page(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        async with open_database(url) as database:
            await migrate(database)
            rows = await database.rows("SELECT relname FROM pg_class WHERE 'fillfactor=70' = ANY (reloptions)")
            assert {row["relname"] for row in rows} == {"tallies", "turnouts"}
