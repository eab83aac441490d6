"""Can nobody link a ballot to its voter: not a thief with the database, and after forgetting not even the operator?"""

import asyncio
from collections.abc import Callable, Iterator
from hashlib import md5, sha1, sha256
from itertools import product
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import aiohttp
import asyncpg
import pytest

from api.addresses import network_prefixes
from api.domain.integrity.suspicions import SuspicionKind
from api.domain.voting.quota import (
    ballot_ids,
    pseudonym,
    retry_tag,
    sign_in_key,
    signal_key,
    trail_name,
    voter_secret,
)
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, as_moment, open_database
from tests.api.test_roles import A_SECOND, VIEWER
from tests.contracts.test_migrations import tables
from tests.job_worlds import until
from tests.servers import (
    MORNING,
    SECRET,
    SLUG,
    TEN,
    Client,
    assert_audit_agrees,
    codes,
    pingxuan,
    project_ids,
    refusals,
    serving,
)

pytestmark = pytest.mark.any_engine

AFTER = "2017-04-01T09:00:00+08:00"
NAMES = ("Wang Xiaoming", "方")
KEY = "an idempotency key"
ZONE = "Asia/Shanghai"
ADDRESS = "127.0.0.1"  # which the tests come from
OWN = "{ viewer { id roles ballots { id } allowance { canCast remaining nextAllowedAt } } }"
CHECK = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { code } }"


async def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Everything the database holds, by table."""
    return {table: await database.rows(f"select * from {table}") for table in await tables(database)}  # noqa: S608


def texts(value: object) -> Iterator[str]:
    """Every text in rows, those within JSON included."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif value is not None:
        yield str(value)


async def stolen(url: str) -> dict[str, list[dict[str, Any]]]:
    async with open_database(url) as database:
        return await rows(database)


async def forget(url: str, *words: str, clock: str = AFTER) -> "CompletedProcess[str]":
    return await asyncio.to_thread(pingxuan, url, "forget", *(words or (SLUG, "--yes")), clock=clock)


async def people_vote(api: Client) -> dict[str, str]:
    """Cast a ballot for each name; staff give everybody a role and revoke a session. The tokens by their names."""
    tokens = {name: await api.sign_in(name) for name in NAMES}
    for token in tokens.values():
        assert refusals(await api.cast(token, idempotencyKey=KEY)) == []
        assert refusals(await api.cast(token)) == ["QUOTA_EXHAUSTED"]
        viewer = (await api.data(VIEWER, token=token))["viewer"]["id"]
        for words in (("grant", "EXPERT", viewer), ("revoke", viewer)):
            done = await asyncio.to_thread(pingxuan, api.server.database_url, *words)
            assert done.returncode == 0, done.stderr
    return tokens


def derived(secrets: list[bytes], names: list[str], salts: list[str], days: list[Any]) -> set[str]:
    """Every value that somebody with these secrets could make of these names, as the program makes them."""
    found: set[str] = set()
    voters = {
        *names,
        *(pseudonym(secret, provider, n) for secret, n in product(secrets, names) for provider in ("guest", "")),
    }
    for secret, day in product(secrets, days):
        found |= {sign_in_key(secret, zone, day.isoformat(), voter) for zone in (ZONE, "") for voter in voters}
    for secret, salt in product(secrets, salts):
        for key in (secret, voter_secret(secret, SLUG, salt), voter_secret(secret, "", salt)):
            for voter in voters:
                found |= {trail_name(key, voter), retry_tag(key, voter, KEY)}
                found |= {name for day in days for name in ballot_ids(key, voter, day.isoformat(), range(3))}
            arrivals = product(SuspicionKind, days, [*(network_prefixes(ADDRESS) or ()), ADDRESS, ""])
            found |= {signal_key(key, kind.name, day.isoformat(), shared) for kind, day, shared in arrivals}
    return found


def digested(names: list[str]) -> set[str]:
    """What digests of the names without a key look like, whole and as ids are cut."""
    whole = {kind(name.encode()).hexdigest() for name in names for kind in (md5, sha1, sha256)}
    return whole | {text[:26] for text in whole}


async def test_a_stolen_database_links_nobody_to_a_ballot(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving(seeded_url) as server:
        tokens = await people_vote(Client(http, server))
        await asyncio.sleep(A_SECOND)
    database = await stolen(seeded_url)
    held = set(texts(list(database.values())))
    ballots = {row["id"] for row in database["ballots"]} | {row["tag"] for row in database["retries"]}
    assert len(ballots) == 2 * len(NAMES)
    viewers = [row["viewer"] for row in database["grants"]]
    salts = [row["voter_salt"] for row in database["campaigns"]] + [""]
    days = sorted({as_moment(row["cast_at"]).date() for row in database["ballots"]})
    parts = [part for token in tokens.values() for part in (token, *token.split("."))]
    known = [*NAMES, *viewers, *parts]
    guessed = [b"", SLUG.encode(), *(salt.encode() for salt in salts), *(name.encode() for name in known)]
    assert not held & (derived(guessed, known, salts, days) | digested(known) | set(parts) | set(NAMES))
    assert not any(SECRET in text for text in held), "nobody can make a token with it"
    assert not any(name in text or viewer in text for text in ballots for name in NAMES for viewer in viewers)
    with_the_secret = derived([SECRET.encode()], known, salts, days)
    assert {row["id"] for row in database["ballots"]} <= with_the_secret, "the attack does find what it looks for"
    assert {row["actor"] for row in database["trail"] if row["actor"]} <= with_the_secret
    assert {row["key"] for row in database["signals"]} & with_the_secret, "of the address there are signals"
    assert len(database["sign_ins"]) == len(NAMES)
    assert {row["key"] for row in database["sign_ins"]} <= with_the_secret


async def test_once_a_day_is_over_not_even_the_secret_tells_who_signed_in(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving(seeded_url) as server:
        for name in NAMES:
            await Client(http, server).sign_in(name)
    assert len((await stolen(seeded_url))["sign_ins"]) == len(NAMES), "a server that stops has written all"

    async def forgotten() -> bool:
        return not (await stolen(seeded_url))["sign_ins"]

    with serving(seeded_url, clock=AFTER):
        await until(forgotten)
    database = await stolen(seeded_url)
    [day] = database["sign_in_days"]
    assert (day["zone"], str(day["day"]), day["count"]) == (ZONE, MORNING[:10], len(NAMES))
    viewers = [pseudonym(SECRET.encode(), "guest", name) for name in NAMES]
    held, keys = (
        set(texts(list(database.values()))),
        {sign_in_key(SECRET.encode(), ZONE, MORNING[:10], v) for v in viewers},
    )
    assert not held & {*viewers, *keys}


async def test_after_forgetting_not_even_the_secret_does(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving(seeded_url) as server:
        await people_vote(Client(http, server))
        await asyncio.sleep(A_SECOND)
    salt = await salt_of(seeded_url)
    assert salt
    assert (await forget(seeded_url)).returncode == 0
    database = await stolen(seeded_url)
    assert salt not in set(texts(list(database.values())))
    days = sorted({as_moment(row["cast_at"]).date() for row in database["ballots"]})
    ballots = {row["id"] for row in database["ballots"]} | {row["tag"] for row in database["retries"]}
    assert database["signals"] == []
    actors = {row["actor"] for row in database["trail"] if row["campaign"] == SLUG and row["actor"]}
    assert (len(ballots), len(actors)) == (2 * len(NAMES), len(NAMES))
    voters = [*NAMES, *(row["viewer"] for row in database["grants"])]
    kept = [row["voter_salt"] for row in database["campaigns"] if row["voter_salt"]]
    attempt = derived([SECRET.encode()], voters, ["", "None", *kept], days)
    assert not (ballots | actors) & attempt
    assert ballots & derived([SECRET.encode()], voters, [salt], days), "with the salt it would have been found"
    assert_audit_agrees(seeded_url, len(NAMES))


async def salt_of(url: str) -> str | None:
    async with open_database(url) as database:
        [row] = await database.rows("select voter_salt from campaigns where slug = $1", SLUG)
        salt: str | None = row["voter_salt"]
        return salt


async def test_no_file_of_sqlite_holds_the_salt_any_more(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str], pingxuan_campaigns: tuple[Path, ...]
) -> None:
    """Not even while servers have the database open and campaigns have been loaded again and again."""
    url = new_sqlite()
    salt = (await salt_of(url) or "").encode()
    folder, name = Path(url.removeprefix("sqlite://")).parent, Path(url).name
    changed = folder / f"{name}.toml"
    with serving(url) as early, serving(url, clock=AFTER) as late:
        for server in (early, late):
            await Client(http, server).cast(await Client(http, early).sign_in())
        changed.write_text(
            pingxuan_campaigns[0].read_text("utf-8").replace("Third Shanghai", "The Third Shanghai"), "utf-8"
        )
        changed.with_name("districts.toml").write_text(
            pingxuan_campaigns[0].with_name("districts.toml").read_text("utf-8")
        )
        assert (await asyncio.to_thread(pingxuan, url, "load", str(changed))).returncode == 0
        assert salt in b"".join(file.read_bytes() for file in folder.glob(f"{name}*"))
        done = await forget(url)
        assert done.returncode == 0, done.stderr
        for file in folder.glob(f"{name}*"):
            assert salt not in file.read_bytes(), file
        assert (await asyncio.to_thread(pingxuan, url, "load", str(pingxuan_campaigns[0]))).returncode == 0
        assert await salt_of(url) is None, "loading makes no new secret"


@pytest.mark.parametrize("seeded_url", ["postgres"], indirect=True)
async def test_no_row_version_of_postgresql_holds_the_salt_any_more(seeded_url: str) -> None:
    salt = (await salt_of(seeded_url) or "").encode()
    assert salt in await table_bytes(seeded_url)
    assert (await forget(seeded_url)).returncode == 0
    assert salt not in await table_bytes(seeded_url)


async def table_bytes(url: str) -> bytes:
    """The pages of the table as they lie on the disk."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("checkpoint")
        raw: bytes = await connection.fetchval("select pg_read_binary_file(pg_relation_filepath('campaigns'))")
        return raw
    finally:
        await connection.close()


async def test_a_vote_that_is_open_is_not_forgotten(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    for clock in ("2017-03-01T00:00:00+08:00", "2017-03-31T11:59:59+08:00"):
        done = await forget(url, clock=clock)
        assert done.returncode == 2
        assert "2017-03-31T12:00:00+08:00" in done.stderr
    assert await salt_of(url)


async def test_what_cannot_be_undone_is_asked_first(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    done = await forget(url, SLUG)  # nobody answers
    assert done.returncode == 1
    assert "no ballot can be linked to its voter" in done.stdout
    assert await salt_of(url)
    done = await forget(url, "nowhere", "--yes")
    assert (done.returncode, SLUG in done.stderr) == (2, True)


async def test_forgetting_again_says_so(seeded_url: str) -> None:
    assert "is destroyed" in (await forget(seeded_url)).stdout
    again = await forget(seeded_url)
    assert (again.returncode, "was destroyed already" in again.stdout) == (0, True)
    kept = await asyncio.to_thread(pingxuan, seeded_url, "trail", "--kind", "CAMPAIGN_FORGOTTEN")
    assert kept.stdout.count(SLUG) == 1


async def test_every_question_about_a_forgotten_vote_has_a_clear_answer(
    http: aiohttp.ClientSession, seeded_url: str
) -> None:
    with serving(seeded_url) as during, serving(seeded_url, clock=AFTER) as after:
        voting, closed = Client(http, during), Client(http, after)
        token = await voting.sign_in("Lin")
        ballot = (await voting.cast(token, idempotencyKey=KEY))["ballot"]
        assert (await closed.data(OWN, token=token))["viewer"]["ballots"] == [{"id": ballot["id"]}]
        assert (await forget(seeded_url)).returncode == 0
        await asyncio.sleep(A_SECOND)
        answer = await closed.ask(OWN, token=token, language="en")
        assert codes(answer) == ["FORGOTTEN"]
        assert "By its id a ballot can still be looked up" in answer["errors"][0]["message"]
        found = await closed.data("query B($id: ID!) { ballot(id: $id) { id } }", {"id": ballot["id"]})
        assert found["ballot"] == {"id": ballot["id"]}
        allowance = "{ viewer { allowance { canCast remaining nextAllowedAt } } }"
        assert (await closed.data(allowance, token=token))["viewer"]["allowance"] == {
            "canCast": False,
            "remaining": 0,
            "nextAllowedAt": None,
        }
        given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": KEY}}
        assert (await closed.data(CHECK, given, token))["checkBallot"] == [{"code": "VOTING_CLOSED"}]
        cast = (
            "mutation C($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"
        )
        assert (await closed.data(cast, given, token))["castBallot"] == {
            "ballot": None,
            "violations": [{"code": "VOTING_CLOSED"}],
        }
        assert (await closed.data("{ results(first: 1) { nodes { votes } } }"))["results"]["nodes"] == [{"votes": 1}]
        again = await voting.ask(cast, given, token)  # a server whose clock still runs within the vote
        assert (codes(again), again["data"]) == (["FORGOTTEN"], {"castBallot": None})
    async with open_database(seeded_url) as database:
        assert (await SqlCampaigns(database).directory()).campaigns[SLUG].anonymised
