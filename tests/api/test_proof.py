"""Can a voter prove with strangers' tools that a ballot is in the log, and anybody that the log only grows?"""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from tlog_scales.backend import HttpBackend
from tlog_scales.reader import TilesReader

from api.transparency.key_file import make_key_file
from tests.proof_checks import ballot_leaf, is_consistent, opened_note, root_of_path, sha, split_entries
from tests.servers import SLUG, TEN, Client, Json, Response, Server, codes, pingxuan, project_ids, serving

T = TypeVar("T")
pytestmark = pytest.mark.any_engine
AFTER = "2017-04-20T09:00:00+08:00"
PROMPTLY = {"LOG_SEAL_INTERVAL": "1", "LOG_SEAL_MINIMUM": "1", "LOG_SEAL_DEADLINE": "60", "LOG_ANCHOR": "off"}
RECEIPT = """receipt {
  ballotId leafHash signature keyId batchIndex batchSize batchHashes note sealBy proofFile
  inclusion { index hashes checkpoint { size rootHash sealedAt note } } }"""
CAST = f"""mutation Cast($input: CastBallotInput!) {{
  castBallot(input: $input) {{ ballot {{ id day castAt {RECEIPT} }} violations {{ code }} }} }}"""
BALLOT = f"query Ballot($id: ID!) {{ ballot(id: $id) {{ id day castAt {RECEIPT} }} }}"
LOG = """query Log($slug: String) { campaign(slug: $slug) { log {
  origin url verifierKey receiptKey waiting countable witnesses { name } checkpoint { size rootHash note } } } }"""
CONSISTENCY = """query Grown($from: SafeInt!, $to: SafeInt!) {
  consistency(from: $from, to: $to) { from to hashes } }"""
KEY = "0123456789abcdef"


@contextmanager
def logging(url: str, folder: Path, **more: str) -> Iterator[Server]:
    """A server with keys, which seals each second. The same folder has the same keys."""
    keys = folder / "logkeys"
    if not keys.exists():
        make_key_file(keys)
    with serving(url, LOG_KEYS=str(keys), LOG_ORIGIN="vote.test/log", **{**PROMPTLY, **more}) as server:
        yield server


async def until(look: Callable[[], Awaitable[T | None]]) -> T:
    """What there is as soon as there is something."""
    for _ in range(600):
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("there was nothing within half a minute")


async def cast(client: Client, token: str, key: str | None = KEY, numbers: tuple[int, ...] = TEN) -> Json:
    given = {"projectIds": project_ids(numbers)} | ({} if key is None else {"idempotencyKey": key})
    payload = (await client.data(CAST, {"input": given}, token))["castBallot"]
    assert payload["violations"] == []
    ballot: Json = payload["ballot"]
    return ballot


async def sealed(client: Client, ballot: str) -> Json:
    """The ballot's receipt once it is in the log."""

    async def look() -> Json | None:
        receipt: Json = (await client.data(BALLOT, {"id": ballot}))["ballot"]["receipt"]
        return receipt if receipt["inclusion"] else None

    return await until(look)


async def log_of(client: Client) -> Json:
    log: Json = (await client.data(LOG, {"slug": SLUG}))["campaign"]["log"]
    return log


def assert_receipt(receipt: Json, ballot: Json, log: Json, key: str | None, numbers: tuple[int, ...] = TEN) -> bytes:
    """It is for this ballot and signed by the log's key. Returns the leaf hash."""
    leaf = ballot_leaf(ballot["id"], SLUG, ballot["day"], numbers, key)
    note = opened_note(receipt["note"], log["receiptKey"])
    root, size = b64decode(note.lines[2]), int(note.lines[3])
    path = [bytes.fromhex(each) for each in receipt["batchHashes"]]
    assert (receipt["ballotId"], receipt["leafHash"]) == (ballot["id"], leaf.hex())
    assert note.lines[:2] == ["pingxuan/receipts/v1", log["origin"]]
    assert (receipt["batchSize"], receipt["keyId"]) == (size, note.key_id)
    assert root_of_path(receipt["batchIndex"], size, leaf, path) == root
    assert b64decode(receipt["signature"]) == b64decode(receipt["note"].split(" ")[-1])[4:]
    assert receipt["sealBy"] > ballot["castAt"]
    return leaf


def assert_included(receipt: Json, leaf: bytes, log: Json) -> None:
    """Its proof leads to a checkpoint that the log's key has signed, and so does its proof file."""
    proof, checkpoint = receipt["inclusion"], receipt["inclusion"]["checkpoint"]
    note = opened_note(checkpoint["note"], log["verifierKey"])
    assert note.lines[:2] == [log["origin"], str(checkpoint["size"])]
    root = b64decode(note.lines[2])
    assert root.hex() == checkpoint["rootHash"]
    path = [bytes.fromhex(each) for each in proof["hashes"]]
    assert root_of_path(proof["index"], checkpoint["size"], leaf, path) == root
    head, _, filed = receipt["proofFile"].partition("\n\n")
    assert filed == checkpoint["note"], "both are of one moment"
    first, index, *hashes = head.split("\n")
    size = int(opened_note(filed, log["verifierKey"]).lines[1])
    assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {proof['index']}")
    root = b64decode(filed.split("\n")[2])
    assert root_of_path(proof["index"], size, leaf, [b64decode(each) for each in hashes]) == root


async def test_a_voter_proves_with_strangers_tools_that_the_ballot_is_in_the_log(
    http: aiohttp.ClientSession, seeded_url: str, tmp_path: Path
) -> None:
    with logging(seeded_url, tmp_path) as server:
        client = Client(http, server)
        token = await client.sign_in("lin")
        ballot, log = await cast(client, token), await log_of(client)
        assert log["origin"] == f"vote.test/log/{SLUG}"
        leaf = assert_receipt(ballot["receipt"], ballot, log, KEY)
        receipt = await sealed(client, ballot["id"])
        assert assert_receipt(receipt, ballot, log, KEY) == leaf
        assert_included(receipt, leaf, log)
        again = await cast(client, token)  # the same request once more, as after a lost answer
        assert again["id"] == ballot["id"]
        assert assert_receipt(again["receipt"], again, log, KEY) == leaf
        assert_included(again["receipt"], leaf, log)
        keyless = await cast(client, await client.sign_in("wang"), key=None, numbers=tuple(range(5, 20)))
        leaf = assert_receipt(keyless["receipt"], keyless, log, None, tuple(range(5, 20)))
        assert_included(await sealed(client, keyless["id"]), leaf, log)
        assert (await log_of(client))["waiting"] == 0
        # Nothing of it depends on the voter secret.
        assert (await asyncio.to_thread(pingxuan, seeded_url, "forget", SLUG, "--yes", clock=AFTER)).returncode == 0
        assert_included(
            (await client.data(BALLOT, {"id": ballot["id"]}))["ballot"]["receipt"],
            bytes.fromhex(receipt["leafHash"]),
            log,
        )


async def test_an_answer_about_the_log_is_another_as_soon_as_more_is_published(
    http: aiohttp.ClientSession, seeded_url: str, tmp_path: Path
) -> None:
    with logging(seeded_url, tmp_path) as server:
        client = Client(http, server)
        asked = "/graphql?query={checkpoint{size}campaign{log{checkpoint{note}}}}"
        await sealed(client, (await cast(client, await client.sign_in("lin")))["id"])
        first = await client.get(asked)
        size = first.json["data"]["checkpoint"]["size"]
        await sealed(client, (await cast(client, await client.sign_in("wang")))["id"])

        async def again() -> Response | None:
            response = await client.get(asked, headers={"If-None-Match": first.headers["ETag"]})
            return None if response.status == 304 else response

        second = await until(again)
        assert second.json["data"]["checkpoint"]["size"] > size
        assert (
            f"\n{second.json['data']['checkpoint']['size']}\n"
            in second.json["data"]["campaign"]["log"]["checkpoint"]["note"]
        )


async def test_every_published_size_is_proved_to_continue_every_earlier_one(
    http: aiohttp.ClientSession, seeded_url: str, tmp_path: Path
) -> None:
    heads: dict[int, bytes] = {}
    with logging(seeded_url, tmp_path) as server, logging(seeded_url, tmp_path) as other:
        client = Client(http, server)
        for name in ("lin", "wang", "chen", "zhao"):
            ballot = await cast(client, await client.sign_in(name))
            checkpoint = (await sealed(client, ballot["id"]))["inclusion"]["checkpoint"]
            heads[checkpoint["size"]] = bytes.fromhex(checkpoint["rootHash"])
            served = (await client.at(other).get(f"/log/{SLUG}/checkpoint")).body.decode().split("\n")
            heads[int(served[1])] = b64decode(served[2])
        assert len(heads) >= 4
        sizes = sorted(heads)
        for old in sizes:
            for new in (size for size in sizes if size >= old):
                proof = (await client.at(other).data(CONSISTENCY, {"from": old, "to": new}))["consistency"]
                path = [bytes.fromhex(each) for each in proof.pop("hashes")]
                assert proof == {"from": old, "to": new}
                assert is_consistent(old, new, (heads[old], heads[new]), path)
        most = sizes[-1]
        for old, new in ((2, 1), (-1, 1), (1, most + 1)):
            answer = await client.ask(CONSISTENCY, {"from": old, "to": new}, language="en")
            assert codes(answer) == ["BAD_INPUT"]
            assert "0 ≤ from ≤ to ≤ " in answer["errors"][0]["message"]
        assert f"≤ {most}," in answer["errors"][0]["message"]
        assert (await client.data(CONSISTENCY, {"from": 0, "to": most}))["consistency"]["hashes"] == []


async def test_ballots_are_opened_after_the_close_and_equal_to_what_was_committed(
    http: aiohttp.ClientSession, seeded_url: str, tmp_path: Path
) -> None:
    chosen = {"lin": TEN, "wang": tuple(range(3, 17)), "chen": tuple(range(30, 45))}
    with logging(seeded_url, tmp_path) as server:
        client = Client(http, server)
        ballots = {name: await cast(client, await client.sign_in(name), KEY + name, chosen[name]) for name in chosen}
        for ballot in ballots.values():
            await sealed(client, ballot["id"])
        size = (await log_of(client))["checkpoint"]["size"]
        assert (await client.get(f"/log/{SLUG}/openings/000.p/{size}")).status == 404
        assert not (await log_of(client))["countable"]
    with logging(seeded_url, tmp_path, clock=AFTER) as server:
        client = Client(http, server)

        async def countable() -> Json | None:
            log = await log_of(client)
            return log if log["countable"] else None

        size = (await until(countable))["checkpoint"]["size"]
        entries = split_entries((await client.get(f"/log/{SLUG}/tile/entries/000.p/{size}")).body)
        openings = (await client.get(f"/log/{SLUG}/openings/000.p/{size}")).body.decode().splitlines()
        assert len(entries) == len(openings) == size
        opened = {}
        for entry, opening in zip(entries, openings, strict=True):
            if opening == "-":
                assert not entry.startswith(b"ballot ")
                continue
            _, day, commitment = entry.decode().split(" ")
            nonce, tag, numbers = opening.split(" ")
            said = f"pingxuan/ballot/v1\n{SLUG}\n{day}\n{nonce}\n{tag}\n{numbers}\n"
            assert sha(said.encode()).hex() == commitment
            opened[sha(b"\x00" + entry).hex()] = tuple(map(int, numbers.split(",")))
        assert opened == {ballots[name]["receipt"]["leafHash"]: chosen[name] for name in chosen}
        lines = [entry.decode().split(" ") for entry in entries]
        for digest in (words[1] for words in lines if words[0] in ("rules", "result")):
            document = await client.get(f"/log/{SLUG}/documents/{digest}")
            assert (document.status, sha(document.body).hex()) == (200, digest)
        assert ["closed", "3"] in lines


@pytest.mark.check
async def test_a_strangers_library_reads_the_log_over_http(
    http: aiohttp.ClientSession, seeded_url: str, tmp_path: Path
) -> None:
    with logging(seeded_url, tmp_path) as server:
        client = Client(http, server)
        receipts = []
        for name in ("lin", "wang", "chen"):
            receipts.append(await sealed(client, (await cast(client, await client.sign_in(name)))["id"]))

        def read() -> None:
            reader = TilesReader(HttpBackend(f"{server.origin}/log/{SLUG}"))
            checkpoint: Any = reader.get_checkpoint()
            assert reader.calculate_root_hash() == checkpoint.root_hash
            for receipt in receipts:
                index = receipt["inclusion"]["index"]
                assert sha(b"\x00" + reader.get_entry(index)).hex() == receipt["leafHash"]
                proof: Any = reader.get_inclusion_proof(index, checkpoint.size)
                assert (
                    root_of_path(index, checkpoint.size, bytes.fromhex(receipt["leafHash"]), proof.node_hashes)
                    == checkpoint.root_hash
                )

        await asyncio.to_thread(read)


async def test_without_keys_there_is_neither_log_nor_receipt(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving(seeded_url, LOG_KEYS="off") as server:
        client = Client(http, server)
        ballot = await cast(client, await client.sign_in("lin"))
        assert ballot["receipt"] is None
        answer = await client.data("{ campaign { log { origin } } checkpoint { size } }")
        assert answer == {"campaign": {"log": None}, "checkpoint": None}
        assert codes(await client.ask(CONSISTENCY, {"from": 0, "to": 0})) == ["NOT_FOUND"]
        for path in ("checkpoint", "keys", "policy", "tile/0/000"):
            assert (await client.get(f"/log/{SLUG}/{path}")).status == 404
