"""Is a saved receipt checked offline, and its ballot found in the log, or its promise said to be broken?"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.domain.integrity.rulings import BallotStatus
from api.domain.log.merkle import inclusion_path, leaf_hash
from api.domain.log.notes import VerifierKey
from api.verifier.findings import FindingCode, LogBroken, UnreadableLog
from api.verifier.log_head import Trust
from api.verifier.receipts import FoundBallot, check_proof, check_receipt, find_ballot, read_receipt
from api.verifier.verification import Verification
from tests.log_maker import LogMaker, MemoryFiles, Signer, b64, sha, small_log

PLACE = "receipt.json"
OTHERS = [sha(b"%d" % n) for n in range(5)]
BEFORE, AFTER = datetime(2026, 5, 2, 4, tzinfo=UTC), datetime(2026, 5, 2, 6, tzinfo=UTC)
FIRST, VOIDED, WITH_KEY = 2, 4, 9  # entries of small_log: a ballot, one that is voided, one with an idempotency key


def a_receipt(index: int = FIRST, **changes: Any) -> dict[str, Any]:
    return small_log().receipt(index, index, batch=OTHERS) | changes


def check(tree: dict[str, Any], *keys: VerifierKey) -> str:
    receipt = read_receipt(json.dumps(tree).encode(), PLACE)
    return check_receipt(receipt, keys or (VerifierKey.parse(a_receipt()["receiptKey"]),), PLACE).name


def find(tree: dict[str, Any], log: LogMaker, now: datetime = AFTER, **files: Any) -> FoundBallot | None:
    receipt = read_receipt(json.dumps(tree).encode(), PLACE)
    verification = Verification(MemoryFiles(log.files(**files)), Trust(), [leaf_hash(receipt.entry)])
    assert verification.run().finding is None
    return find_ballot(receipt, verification, now, PLACE)


def test_a_receipt_is_of_its_ballot_and_signed() -> None:
    assert check(a_receipt()) == "vote.example/log/town-2026/receipts"
    bare = a_receipt(ballotId=a_receipt()["ballotId"].removeprefix("ballot/"), projects=[2, 1])
    assert check(bare | {"proofFile": None, "unknown": 1})
    assert check(small_log().receipt(WITH_KEY, WITH_KEY, key="0123456789"))


CHANGES: list[tuple[dict[str, Any], FindingCode]] = [
    ({"ballotId": "ballot/" + "a" * 26}, FindingCode.RECEIPT_WRONG),
    ({"campaign": "elsewhere"}, FindingCode.RECEIPT_WRONG),
    ({"day": "2026-05-03"}, FindingCode.RECEIPT_WRONG),
    ({"projects": [1, 3]}, FindingCode.RECEIPT_WRONG),
    ({"idempotencyKey": "0123456789"}, FindingCode.RECEIPT_WRONG),
    ({"projects": [1, 3], "leafHash": None}, FindingCode.RECEIPT_WRONG),
    ({"leafHash": "0" * 64}, FindingCode.RECEIPT_WRONG),
    ({"batchIndex": 1}, FindingCode.RECEIPT_WRONG),
    ({"batchSize": 7}, FindingCode.RECEIPT_WRONG),
    ({"batchHashes": ["0" * 64] * 3}, FindingCode.RECEIPT_WRONG),
    ({"batchHashes": []}, FindingCode.RECEIPT_WRONG),
    ({"sealBy": "2026-05-02T05:00:01Z"}, FindingCode.RECEIPT_WRONG),
    ({"note": a_receipt()["note"].replace("05:00:00Z", "05:00:01Z"), "sealBy": None}, FindingCode.SIGNATURE_WRONG),
]


@pytest.mark.parametrize(("changes", "code"), CHANGES)
def test_whatever_is_changed_in_a_receipt_is_found(changes: dict[str, Any], code: FindingCode) -> None:
    with pytest.raises(LogBroken) as broken:
        check(a_receipt(**changes))
    assert (broken.value.finding.code, broken.value.finding.place) == (code, PLACE)


def proof_file(log: LogMaker, index: int, proved: int) -> str:
    """A tlog-proof of the entry at `proved`, as if it were at `index`."""
    hashes = [sha(b"\x00" + entry) for entry in log.entries]
    path = "".join(f"{b64(each)}\n" for each in inclusion_path(hashes, proved))
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{path}\n{log.note()}"


def prove(proof: str, *keys: str) -> VerifierKey | None:
    receipt = read_receipt(json.dumps(a_receipt(proofFile=proof)).encode(), PLACE)
    return check_proof(receipt, [VerifierKey.parse(key) for key in keys], PLACE)


def test_a_proof_that_lies_with_a_receipt_leads_to_a_signed_head() -> None:
    log = small_log()
    assert prove(proof_file(log, FIRST, FIRST)) is None  # nobody's key is known
    signed = prove(proof_file(log, FIRST, FIRST), log.signer.vkey)
    assert signed is not None
    assert str(signed) == log.signer.vkey
    elsewhere = small_log()
    elsewhere.origin = "vote.example/log/elsewhere"
    for proof, words in (
        (proof_file(log, FIRST + 1, FIRST), "does not lead from this ballot, as entry 3"),
        (proof_file(log, FIRST + 1, FIRST + 1), "does not lead from this ballot"),
        (proof_file(elsewhere, FIRST, FIRST), "proofFile is of the log vote.example/log/elsewhere"),
    ):
        with pytest.raises(LogBroken) as broken:
            prove(proof, log.signer.vkey)
        assert words in str(broken.value)
    forged = VerifierKey.of(log.origin, 1, Signer("another").public)
    with pytest.raises(LogBroken) as broken:
        prove(proof_file(log, FIRST, FIRST), str(forged))
    assert broken.value.finding.code is FindingCode.SIGNATURE_MISSING


def test_a_receipt_that_another_key_signed_is_refused() -> None:
    other = VerifierKey.of("vote.example/log/town-2026/receipts", 1, Signer("another").public)
    with pytest.raises(LogBroken) as broken:
        check(a_receipt(), other)
    assert broken.value.finding.code is FindingCode.SIGNATURE_MISSING


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda tree: tree.pop("note"), "note is missing"),
        (lambda tree: tree.update(note="no note"), "no blank line"),
        (lambda tree: tree.update(format="pingxuan/receipt/v2"), "pingxuan/receipt/v1"),
        (lambda tree: tree.update(ballotId="ballot/short"), "the id of a ballot"),
        (lambda tree: tree.update(day="2026-02-30"), "a day such as"),
        (lambda tree: tree.update(projects="1,2"), "a list"),
        (lambda tree: tree.update(leafHash="xyz"), "non-hexadecimal"),
        (lambda tree: tree.update(receiptKey="a+b"), "NAME+ID+BASE64"),
    ],
)
def test_what_is_no_receipt_is_told_why(spoil: Callable[[dict[str, Any]], object], words: str) -> None:
    tree = a_receipt()
    spoil(tree)
    with pytest.raises(UnreadableLog, match=r"receipt\.json") as unreadable:
        check(tree)
    assert words in str(unreadable.value)


def test_its_ballot_is_found_with_what_it_says_and_whether_it_counts() -> None:
    log = small_log()
    assert find(a_receipt(), log) == FoundBallot(FIRST, BallotStatus.COUNTED, (1, 2))
    assert find(a_receipt(VOIDED), log) == FoundBallot(VOIDED, BallotStatus.VOIDED, (2, 5))
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot([1, 2])
    assert find(a_receipt(), log, is_open=False) == FoundBallot(FIRST, BallotStatus.COUNTED, None)


def test_a_ballot_that_is_not_in_the_log_breaks_a_promise_once_it_is_due() -> None:
    log = LogMaker()
    log.rules()
    log.window()
    assert find(a_receipt(), log, now=BEFORE, is_open=False) is None
    with pytest.raises(LogBroken) as broken:
        find(a_receipt(), log, is_open=False)
    assert broken.value.finding.code is FindingCode.PROMISE_BROKEN
    assert "by 2026-05-02T05:00:00+00:00; none of the 2 entries is it" in str(broken.value)


def test_a_receipt_of_another_log_is_told_so() -> None:
    with pytest.raises(LogBroken, match=r"the log is .*elsewhere"):
        find(a_receipt(), LogMaker(origin="vote.example/log/elsewhere"), is_open=False)
