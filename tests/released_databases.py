"""Databases as each version of the schema left them, with ballots: texts in tests/released, and how the next ones are made.

`python -m tests.released_databases` writes those of the newest version: once, when it is released. The README.md there says how
the others came about.
"""

import asyncio
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from api.storage.database.migrator import available
from api.storage.database.urls import Dialect
from tests.commands import SEED, succeeded
from tests.databases import PostgresServer, running_postgres
from tests.logged_servers import client_of, log_settings, published
from tests.servers import SECRET, serving

FOLDER = Path(__file__).with_name("released")
NUMBERS = sorted({file.name[:4] for file in FOLDER.glob("*.sql")})
BALLOTS = 12
SMALL = {
    "seats = 117": "seats = 6",
    "seats = 50": "seats = 4",
    "seats = 30": "seats = 2",
    "seats = 10": "seats = 1",
    "minimum = 10, maximum = 30": "minimum = 1, maximum = 3",
}
# What pg_dump says for programs that load it, and that differs from one dump to the next.
UNNEEDED = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)?\n", re.MULTILINE)


def small_campaign(folder: Path) -> Path:
    """The campaign of 2017 with its first four candidates."""
    head, *projects = SEED.read_text("utf-8").split("[[projects]]")
    for there, instead in SMALL.items():
        assert there in head, there
        head = head.replace(there, instead)
    (folder / "districts.toml").write_bytes(SEED.with_name("districts.toml").read_bytes())
    file = folder / "small.toml"
    file.write_text("[[projects]]".join([head, *projects[:4]]), "utf-8")
    return file


async def load(url: str, number: str) -> None:
    """Make a database as a version left it, in an empty one."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite://"))
        await asyncio.to_thread(_load_file, file, (FOLDER / f"{number}.sqlite.sql").read_text("utf-8"))
        return
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((FOLDER / f"{number}.postgres.sql").read_text("utf-8"))
    finally:
        await connection.close()


def _load_file(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)


def dump_file(file: Path) -> str:
    """A SQLite database as SQL."""
    with closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def dump_postgres(server: PostgresServer, url: str) -> str:
    """A PostgreSQL database as SQL."""
    command = [server.binaries / "pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", url]
    return UNNEEDED.sub("", subprocess.run(command, capture_output=True, text=True, check=True).stdout)


async def _fill(url: str, folder: Path) -> None:
    """Have a campaign, ballots of which one is held, a role, and a log of them."""
    ours = {"DATABASE_URL": url, "SECRET": SECRET}
    during = ours | {"CLOCK": "2017-03-25T09:00:00+08:00"}
    succeeded(folder, "migrate", **ours)
    succeeded(folder, "load", str(small_campaign(folder)), **ours, CLOCK="2017-03-01T00:00:00+08:00")
    succeeded(folder, "simulate", str(BALLOTS - 1), "--acknowledged", "ids", **during)
    succeeded(folder, "grant", "EXPERT", f"viewer/{'a' * 26}", **during)
    first = (folder / "ids").read_text().split()[0]
    succeeded(folder, "ballots", "hold", first, "--reason", "They are all alike.", **during)
    with serving(url, clock=during["CLOCK"], **log_settings(folder)) as server:
        async with client_of(server) as client:
            token = await client.sign_in()
            assert (await client.cast(token, [1, 3]))["violations"] == []
            await published(client, BALLOTS)


def main() -> None:
    """Write the texts of the newest version."""
    number = available(Dialect.SQLITE)[-1].name[:4]
    with TemporaryDirectory(prefix="pingxuan-released-") as name:
        file = Path(name) / "vote.sqlite3"
        asyncio.run(_fill(f"sqlite://{file}", Path(name)))
        (FOLDER / f"{number}.sqlite.sql").write_text(dump_file(file), "utf-8")
    with (
        TemporaryDirectory(prefix="pingxuan-released-") as name,
        running_postgres() as server,
        server.fresh_database() as url,
    ):
        asyncio.run(_fill(url, Path(name)))
        (FOLDER / f"{number}.postgres.sql").write_text(dump_postgres(server, url), "utf-8")


if __name__ == "__main__":
    main()
