"""Does every ballot get a receipt that holds, one signature for all of a commit, and none while nothing may be signed?"""

import gc
import weakref
from base64 import b64decode
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import ProjectLevel
from api.domain.log.entries import ballot_entry, ballot_nonce, client_tag, commitment
from api.domain.log.merkle import leaf_hash
from api.domain.log.notes import SignedNote, VerifierKey
from api.domain.log.receipts import Receipt, ReceiptHead, seal_by
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot
from api.services.log.directory import LogDirectory
from api.services.log.receipts import Receipts
from api.storage.ballots.ballot_batch import BatchAttempt, admit_all
from api.storage.ballots.lookup import find
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys
from tests.campaigns import LOADED, SLUG, a_campaign, a_project
from tests.contracts.test_ballot_box import DAY, MOMENT, admission, key, prepare

ELSEWHERE, PREFIX, DEADLINE = "elsewhere", "vote.example.cn/log", timedelta(minutes=30)
KEY = "a key of mine"


class Counted(LogKeys):
    """Keys that count what they sign."""

    signed = 0

    def sign_receipt(self, text: str) -> bytes:
        self.signed += 1
        return super().sign_receipt(text)


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    file = tmp_path_factory.mktemp("keys") / "keys"
    make_key_file(file)
    return Counted(read_keys(file))


@pytest.fixture
def directory() -> LogDirectory:
    return LogDirectory(PREFIX)


@pytest.fixture
def receipts(keys: Counted, directory: LogDirectory) -> Receipts:
    return Receipts(keys, directory, DEADLINE)


@pytest.fixture
async def campaigns(database: Database) -> dict[str, Campaign]:
    """Two, in the second of which numbers are not positions."""
    await prepare(database)
    projects = tuple(
        a_project(100 - n, campaign=ELSEWHERE, position=n, district=None, level=ProjectLevel.UNSTATED)
        for n in range(1, 13)
    )
    await SqlCampaigns(database).save(a_campaign(slug=ELSEWHERE, projects=projects), (), LOADED)
    return dict((await SqlCampaigns(database).directory()).campaigns)


async def stored(database: Database, *admissions: Admission) -> list[Ballot]:
    results = await admit_all(database, BatchAttempt(admissions, 3))
    return [result.ballot for result in results if isinstance(result, AdmissionResult)]


def shown(receipts: Receipts, ballots: Sequence[Ballot], campaigns: dict[str, Campaign]) -> list[Receipt]:
    found = [receipts.of(ballot, campaigns[ballot.campaign]) for ballot in ballots]
    return [receipt for receipt in found if receipt is not None]


def checked(receipt: Receipt, keys: LogKeys, slug: str, leaf: bytes) -> ReceiptHead:
    """What the receipt says, once all that a voter can check of it was checked."""
    note = SignedNote.parse(receipt.batch.note)
    head, [signature] = ReceiptHead.parse(note.text), note.signatures
    verifier = VerifierKey.parse(keys.receipt_keys(f"{PREFIX}/{slug}")[0])
    assert (signature.name, signature.key_id) == (verifier.name, verifier.key_id)
    assert verifier.name == f"{PREFIX}/{slug}/receipts"
    Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature.blob, note.text.encode())
    batch, path = receipt.batch, list(map(bytes.fromhex, receipt.batch_hashes))
    assert (bytes.fromhex(batch.key_id), b64decode(batch.signature)) == (signature.key_id, signature.blob)
    assert (head.origin, head.size, head.seal_by) == (f"{PREFIX}/{slug}", batch.size, batch.seal_by)
    assert receipt.leaf_hash == leaf.hex()
    assert head.covers(leaf, receipt.batch_index, path)
    return head


def leaf_of(ballot_id: str, slug: str, numbers: Sequence[int], tag: bytes | None) -> bytes:
    """What the voter recomputes from what only they know."""
    return leaf_hash(ballot_entry(DAY, commitment(slug, DAY, ballot_nonce(ballot_id), tag, numbers)))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_one_signature_is_for_all_ballots_of_a_commit_and_each_has_its_path(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts, keys: Counted, size: int
) -> None:
    wanted = [
        admission(n, client_tag=client_tag(KEY) if n % 2 else None, cast_at=MOMENT + timedelta(seconds=n))
        for n in range(size)
    ]
    found = shown(receipts, await stored(database, *wanted), campaigns)
    assert [each.batch_index for each in found] == [2 * number for number in range(size)]
    for number, receipt in enumerate(found):
        leaf = leaf_of(key(number), SLUG, range(1, 13), client_tag(KEY) if number % 2 else None)
        head = checked(receipt, keys, SLUG, leaf)
        assert head.size == (1 if size == 1 else 2 * size)
        assert head.seal_by == seal_by(MOMENT + timedelta(seconds=size - 1), DEADLINE)
    assert keys.signed == 1


async def test_no_receipt_names_a_leaf_of_another_ballot_or_the_same_twice(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts
) -> None:
    """By that leaf anybody could find the ballot in the log and, once it is opened, read it."""
    found = shown(receipts, await stored(database, *(admission(n) for n in range(5))), campaigns)
    siblings = [each.batch_hashes[0] for each in found]
    assert not {*siblings} & {each.leaf_hash for each in found}
    assert len({*siblings}) == 5
    for one in found:
        for other in found:
            assert other is one or other.leaf_hash not in one.batch_hashes


async def test_ballots_of_two_campaigns_in_one_commit_are_signed_for_under_their_own_logs(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts, keys: Counted
) -> None:
    choices = frozenset({1, 2, 12})
    ballots = await stored(database, admission(1), admission(2, campaign=ELSEWHERE, positions=choices), admission(3))
    ours, theirs, ours_too = shown(receipts, ballots, campaigns)
    assert [(each.batch_index, each.batch.size) for each in (ours, theirs, ours_too)] == [(0, 4), (0, 1), (2, 4)]
    checked(ours, keys, SLUG, leaf_of(key(1), SLUG, range(1, 13), None))
    checked(theirs, keys, ELSEWHERE, leaf_of(key(2), ELSEWHERE, (88, 98, 99), None))
    assert keys.signed == 2


async def test_a_receipt_that_is_asked_for_later_is_a_batch_of_one(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts, keys: Counted
) -> None:
    tagged = admission(1, client_tag=client_tag(KEY))
    [now, _] = shown(receipts, await stored(database, tagged, admission(2)), campaigns)
    [later] = shown(receipts, await find(database, [key(1)]), campaigns)
    assert (later.batch_index, later.batch.size, later.batch_hashes) == (0, 1, [])
    head = checked(later, keys, SLUG, bytes.fromhex(now.leaf_hash))
    assert (head.root, head.seal_by) == (bytes.fromhex(now.leaf_hash), seal_by(MOMENT, DEADLINE))


async def test_ballots_of_which_nobody_asks_for_a_receipt_are_not_signed_for(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts, keys: Counted
) -> None:
    await stored(database, *(admission(n) for n in range(8)))
    assert keys.signed == 0


async def test_there_is_none_without_keys_and_none_while_the_log_is_behind(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts, directory: LogDirectory, keys: Counted
) -> None:
    [ballot] = await stored(database, admission(1))
    assert Receipts(None, directory, DEADLINE).of(ballot, campaigns[SLUG]) is None
    directory.behind[SLUG] = "the anchor has a larger checkpoint"
    assert receipts.of(ballot, campaigns[SLUG]) is None
    assert keys.signed == 0
    directory.behind.clear()
    assert receipts.of(ballot, campaigns[SLUG]) is not None


async def test_what_receipts_are_made_of_is_gone_with_the_last_of_them_without_the_garbage_collector(
    database: Database, campaigns: dict[str, Campaign], receipts: Receipts
) -> None:
    gc.disable()
    try:
        ballots = await stored(database, admission(1), admission(2))
        made: Any = shown(receipts, ballots, campaigns)
        batch = weakref.ref(made[0].batch)
        del ballots, made
        assert batch() is None
    finally:
        gc.enable()
