"""Does a URL open the database it names, set up as promised, and do values come back as they went in?"""

import asyncio
import contextvars
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import asyncpg  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tortoise.exceptions import IntegrityError, OperationalError

from api.storage.database.connection import Database, DatabaseUnavailable, as_date, as_moment, open_database
from api.storage.database.urls import DatabaseUrl, DatabaseUrlError, Dialect
from api.storage.models import Ballot, Campaign, District, Spending
from tests.databases import FAST, PostgresServer, running_postgres

PREPARED = "select name from pg_prepared_statements where statement like 'select $1%'"
MOMENT = datetime(2017, 11, 1, 4, 0, 0, 250000, tzinfo=UTC)


async def test_every_task_sees_the_database(database: Database) -> None:
    async def count() -> int:
        return await District.all().count()

    assert await asyncio.create_task(count(), context=contextvars.Context()) == 0


async def test_sqlite_is_set_up_for_ballots_that_must_not_be_lost(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/new/folder/test.sqlite3") as database:

        async def pragma(name: str) -> object:
            [row] = await database.rows(f"PRAGMA {name}")
            return next(iter(row.values()))

        assert await pragma("journal_mode") == "wal"
        assert await pragma("synchronous") == 2
        assert await pragma("foreign_keys") == 1
        assert await pragma("busy_timeout") == 10_000


async def test_more_rows_than_a_statement_of_sqlite_takes_are_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.storage.database.connection.MAX_PARAMETERS", 7)
    rows = [(f"{number:02}", number, 0) for number in range(20)]
    insert = "insert into spendings (id, period, spent) {} returning id"
    written = await database.write_rows(insert, ("text", "bigint", "integer"), rows)
    assert [row["id"] for row in written] == [key for key, _, _ in rows]
    assert await Spending.all().count() == 20


async def test_foreign_keys_are_enforced(database: Database) -> None:
    sql = "INSERT INTO turnouts (campaign_id, day, shard, channel, ballots) VALUES ('none', $1, 0, 'WEB', 0)"
    with pytest.raises(IntegrityError):
        await database.rows(sql, MOMENT.date())


async def create_campaign(opens_at: datetime) -> Campaign:
    texts = {key: {"translations": [["zh", "评选"]]} for key in ["title", "organizer"]}
    numbers = dict.fromkeys(["revision", "minimum_choices", "maximum_choices", "quota_limit"], 1)
    kinds = {"time_zone": "Asia/Shanghai", "quota_period": "DAY", "quota_per_channel": False, "visibility": "LIVE"}
    kinds |= {"state": "PRESENTED", "results_step": "SECOND"}
    names = [
        "criteria",
        "languages",
        "rules",
        "themes",
        "own_districts",
        "awards",
        "pauses",
        "extensions",
        "voided_votes",
    ]
    lists = {"stages": [{"code": "终审"}], **{name: [] for name in names}}
    return await Campaign.create(
        slug="city", opens_at=opens_at, closes_at=opens_at, **texts, **numbers, **kinds, **lists
    )


@pytest.mark.parametrize("moment", [MOMENT, MOMENT.replace(microsecond=0), MOMENT.replace(microsecond=1)])
async def test_days_moments_and_bytes_are_the_same_raw_and_through_the_models(
    database: Database, moment: datetime
) -> None:
    await create_campaign(moment.astimezone(timezone(timedelta(hours=8))))
    values = [moment.date(), moment.astimezone(timezone(timedelta(hours=-5))), b"\x00\xff\x80"]
    sql = "INSERT INTO ballots (id, campaign_id, day, cast_at, channel, choices) VALUES ($4, 'city', $1, $2, 'WEB', $3)"
    await database.rows(sql, *values, "raw")
    await Ballot.create(
        id="model", campaign_id="city", day=moment.date(), cast_at=moment, channel="WEB", choices=b"\x00\xff\x80"
    )
    rows = await database.rows("SELECT day, cast_at, choices FROM ballots")
    assert rows[0] == rows[1]
    assert (as_date(rows[0]["day"]), as_moment(rows[0]["cast_at"])) == (moment.date(), moment)
    for ballot in await Ballot.filter(cast_at=moment, day=moment.date()):
        assert (ballot.day, ballot.cast_at, bytes(ballot.choices)) == (moment.date(), moment, b"\x00\xff\x80")
    assert len(await database.rows("SELECT 1 FROM ballots WHERE cast_at = $2 AND day = $1", *values[:2])) == 2
    assert (await Campaign.get(slug="city")).opens_at == moment
    assert (await Campaign.get(slug="city")).stages == [{"code": "终审"}]


async def test_moments_without_a_zone_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await database.rows("SELECT 1 WHERE $1 IS NULL", MOMENT.replace(tzinfo=None))


async def test_moments_are_stored_in_an_order_that_sorts(database: Database) -> None:
    await create_campaign(MOMENT)
    moments = [
        MOMENT.replace(microsecond=micros) + timedelta(seconds=n) for n in range(2) for micros in (0, 1, 500_000)
    ]
    for n, moment in enumerate(moments):
        await Ballot.create(
            id=str(n), campaign_id="city", day=moment.date(), cast_at=moment, channel="WEB", choices=b""
        )
    rows = await database.rows("SELECT cast_at FROM ballots ORDER BY cast_at")
    assert [as_moment(row["cast_at"]) for row in rows] == moments


async def test_rows_returns_what_a_statement_returns(database: Database) -> None:
    sql = "INSERT INTO districts (code, name) VALUES ($1, '{}'), ($2, '{}') "
    sql += "ON CONFLICT DO NOTHING RETURNING code"
    assert await database.rows(sql, "a", "b") == [{"code": "a"}, {"code": "b"}]
    assert await database.rows(sql, "a", "c") == [{"code": "c"}]
    with pytest.raises(OperationalError):
        await database.rows("SELECT nothing FROM nowhere")


@pytest.mark.parametrize(
    ("url", "dialect", "place"),
    [
        ("sqlite://data/city.sqlite3", Dialect.SQLITE, "data/city.sqlite3"),
        ("sqlite:///var/city.sqlite3", Dialect.SQLITE, "/var/city.sqlite3"),
        ("postgres://u:p%40ss@db/city", Dialect.POSTGRES, "city on db:5432"),
        ("postgresql://db:6432/city?maxsize=20", Dialect.POSTGRES, "city on db:6432"),
        ("postgres://u@[::1]:6432/city?sslmode=verify-full", Dialect.POSTGRES, "city on [::1]:6432"),
        ("postgres:///city?host=/run/postgresql", Dialect.POSTGRES, "city on /run/postgresql:5432"),
        ("postgres://u@/city?host=db&port=1", Dialect.POSTGRES, "city on db:1"),
        ("postgres://u:p@%2Frun%2Fpostgresql:6432/city", Dialect.POSTGRES, "city on /run/postgresql:6432"),
    ],
)
def test_a_url_names_a_database(url: str, dialect: Dialect, place: str) -> None:
    where = DatabaseUrl.parse(url)
    assert (where.dialect, where.place) == (dialect, place)


def test_a_password_is_decoded_and_stays_out_of_sight() -> None:
    where = DatabaseUrl.parse("postgres://u:p%40ss@db/city?maxsize=20")
    assert (where.credentials["password"], where.credentials["maxsize"]) == ("p@ss", 20)
    assert "p@ss" not in repr(where)


async def test_behind_a_pooler_no_statement_stays_prepared(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        for option, kept in (("", 1), ("?statement_cache_size=0", 0)):
            async with open_database(url + option) as database, database.transaction() as transaction:
                assert await transaction.rows("select $1::int as one", 1) == [{"one": 1}]
                assert len(await transaction.rows(PREPARED)) == kept


async def test_no_two_connections_give_a_statement_the_same_name(postgres_server: PostgresServer) -> None:
    """Behind a pooler they share sessions, and would run each other's."""
    prepared: list[str] = []
    with postgres_server.fresh_database() as url:
        for _ in range(2):
            async with open_database(url) as database, database.transaction() as transaction:
                await transaction.rows("select $1::int as one", 1)
                prepared += [row["name"].split("__")[-1] for row in await transaction.rows(PREPARED)]
    assert len(set(prepared)) == 2


@pytest.mark.parametrize("password", ["p@ss", "a+b%25", "100%", "汉字", "a:b:c", "[x]", "a b"])
def test_a_password_may_have_any_signs_that_do_not_end_it(password: str) -> None:
    for url in (
        f"postgres://u:{password.replace('%', '%25')}@db/city",
        f"postgres://db/city?password={quote(password)}",
    ):
        assert DatabaseUrl.parse(url).credentials["password"] == password


def test_what_asyncpg_reads_from_urls_alone_is_handed_on_in_one(tmp_path: Path) -> None:
    certificate = tmp_path / "ca+file.pem"
    certificate.touch()
    options = f"?sslmode=verify-ca&sslrootcert={certificate}&ssl_min_protocol_version=TLSv1.3"
    given = DatabaseUrl.parse(f"postgres://u:p@db/city{options}").credentials
    assert given["ssl"] == "verify-ca"
    file = quote(str(certificate), "")
    assert given["dsn"] == f"postgres://?sslrootcert={file}&ssl_min_protocol_version=TLSv1.3"


@pytest.fixture(scope="module")
def socket_server() -> Iterator[tuple[PostgresServer, str]]:
    """A server that listens on a socket too, and the folder of it."""
    with TemporaryDirectory(prefix="pingxuan-socket-") as folder:
        Path(folder).chmod(0o777)
        with running_postgres(FAST | {"unix_socket_directories": folder}) as server:
            yield server, folder


@pytest.mark.parametrize(
    "url",
    [
        "postgres:///postgres?host={folder}&port={port}&user=postgres",
        "postgres://postgres@/postgres?host={escaped}&port={port}",
        "postgresql://postgres:unused@{escaped}:{port}/postgres?sslmode=prefer",
    ],
)
async def test_a_socket_is_connected_to(socket_server: tuple[PostgresServer, str], url: str) -> None:
    server, folder = socket_server
    async with open_database(url.format(folder=folder, escaped=quote(folder, ""), port=server.port)) as database:
        assert await database.rows("select inet_server_addr() as address") == [{"address": None}]


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
async def test_a_server_without_tls_is_connected_to_where_the_url_allows_it(
    postgres_server: PostgresServer, mode: str
) -> None:
    async with open_database(f"{postgres_server.url('postgres')}?sslmode={mode}") as database:
        assert await database.rows("select 1 as one") == [{"one": 1}]


@pytest.mark.parametrize("options", ["sslmode=require", "sslmode=verify-ca", "ssl=require"])
async def test_a_server_without_tls_is_refused_where_the_url_asks_for_it(
    postgres_server: PostgresServer, options: str
) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"^The database postgres on 127.0.0.1:\d+ cannot be opened: .*\.$"):
        async with open_database(f"{postgres_server.url('postgres')}?{options}"):
            pass


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("", "begins with"),
        ("city.sqlite3", "begins with"),
        ("mysql://u:secret@db/city", "begins with"),
        ("sqlite://", "names a file"),
        ("sqlite://data/", "names a file"),
        ("sqlite://:memory:", "path"),
        ("sqlite://city.sqlite3?mode=ro", "no options"),
        ("postgres://u:secret@db", "names a host and a database"),
        ("postgres:///city", "names a host and a database"),
        ("postgres://u:secret@db:port/city", "malformed"),
        ("postgres://u:secret@[db/city", "malformed"),
        ("postgres://u:secret@db/city?maxsize=many", "maxsize"),
        ("postgres://u:secret@db/city?size=3", "maxsize"),
        ("postgres://u:secret@db/city?sslmode=secret", "verify-full"),
        ("postgres://u:pass@db/city?sslrootcert=/secret", "sslrootcert names a file"),
        ("postgres://u:secret@db/city?sslmode=", "each with a value"),
        ("postgres://u:secret@db/city?maxsize=0", "maxsize"),
        ("postgres://u:secret@db:0/city", "malformed"),
        ("postgres://u:secret@db:99999/city", "malformed"),
        ("postgres://u:secret@db:/city", "malformed"),
        ("postgres://u:secret@d b/city", "malformed"),
        ("postgres://u:secret@/city", "names a host"),
        ("postgres://u:secret/city", "malformed"),
        ("postgres://u:p@ss/secret#rd@h/db", "%23"),
        ("postgres://u:12/secret@h", "%2F"),
        ("postgres://u:p@ss/w?password=secret@h/db", "%40"),
        ("postgres://u:secret%00@db/city", "control character"),
        ("postgres://u:secret\n@db/city", "control character"),
        ("postgres://u:secret\udc80@db/city", "UTF-8"),
        ("postgres://u:p@db/city?target_session_attrs=secret", "read-write"),
        ("postgres://u:p@db/city?sslnegotiation=secret", "direct"),
        ("postgres://u:p@db/city?ssl_min_protocol_version=secret", "TLSv1.2"),
        ("postgres://u:p@db/city?ssl_max_protocol_version=1.2", "TLSv1.2"),
        ("sqlite://u:secret@db/city", "no password"),
        ("sqlite:///u:secret@db/city", "no password"),
        ("sqlite:////u:secret@db:5432/city", "no password"),
        ("sqlite://city\0", "text in UTF-8"),
    ],
)
def test_a_url_that_names_no_database_is_refused_in_a_sentence(url: str, part: str) -> None:
    with pytest.raises(DatabaseUrlError, match=part) as refusal:
        DatabaseUrl.parse(url)
    assert str(refusal.value).endswith(".")
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["postgres://u:secret@127.0.0.1:1/city", "sqlite:///proc/city.sqlite3", "sqlite:///proc"]
)
async def test_a_database_that_cannot_be_opened_is_named_in_a_sentence(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"^The database .* cannot be opened: .*\.$") as refusal:
        async with open_database(url):
            pass
    assert refusal.value.__suppress_context__
    assert "secret" not in str(refusal.value)


async def test_a_file_that_is_no_database_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are notes, long enough to be no header of a database. " * 20)
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        async with open_database(f"sqlite://{tmp_path}/notes.txt"):
            pass


def test_a_day_reads_the_same_as_text_and_as_a_date() -> None:
    assert as_date("2017-11-01") == as_date(date(2017, 11, 1)) == date(2017, 11, 1)


async def test_a_snapshot_sees_one_view_while_another_process_writes(database: Database, database_url: str) -> None:
    async with open_elsewhere(database_url) as elsewhere, database.snapshot() as view:
        assert await count_districts(view) == 0
        await elsewhere("INSERT INTO districts (code, name) VALUES ('310115', '{}')")
        assert await count_districts(view) == 0
    assert await count_districts(database) == 1


async def count_districts(database: Database) -> int:
    [row] = await database.rows("SELECT count(*) AS found FROM districts")
    return int(row["found"])


@asynccontextmanager
async def open_elsewhere(url: str) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
    """What runs a statement on a connection of its own, as another process would."""
    if url.startswith("sqlite"):
        with closing(
            sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None, timeout=1, check_same_thread=False)
        ) as connection:
            yield lambda sql: asyncio.to_thread(connection.execute, sql)
    else:
        other = await asyncpg.connect(url)
        try:
            yield other.execute
        finally:
            await other.close()


async def test_a_connection_to_postgresql_notices_when_the_network_is_cut(postgres_server: PostgresServer) -> None:
    async with open_database(postgres_server.url("postgres")) as database:
        client: Any = database.client
        async with client.acquire_connection() as connection:
            wire = connection._transport.get_extra_info("socket")
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 5


@given(
    password=st.text(st.sampled_from("@:/?#%[]&=+ 1x.é") | st.characters(), min_size=1, max_size=12),
    form=st.sampled_from(
        [
            "postgres://u:{}@h/db",
            "postgres://u:{}@h",
            "postgres://u:{}",
            "postgres://u:{}@/db",
            "postgres://u:{}@h:port/db",
            "postgres://u:{}@h/db?size=1",
            "postgres://u@h/db?password={}",
            "postgres://u@h?password={}",
            "postgresql+asyncpg://u:{}@h/db",
            "postgres:/u:{}@h/db",
            "sqlite://u:{}@h/db",
            "{}",
        ]
    ),
)
@example(password="\n", form="sqlite://u:{}@h/db")
def test_no_part_of_a_password_is_ever_quoted_however_malformed_its_url(password: str, form: str) -> None:
    marked = f"Se9{password}cR7{password}eT5"
    try:
        shown = repr(DatabaseUrl.parse(form.format(marked)))
    except DatabaseUrlError as error:
        shown = str(error)
    assert not {part for part in ("Se9", "cR7", "eT5") if part in shown}
