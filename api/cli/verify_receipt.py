"""The command that checks a receipt that a voter has saved, and finds its ballot in the log."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.errors import CommandError
from api.cli.verify import BROKEN, AsJson, Keys, folder_of, parse_keys, say
from api.clock import system_clock
from api.domain.integrity.rulings import BallotStatus
from api.domain.log.merkle import leaf_hash
from api.domain.log.notes import VerifierKey
from api.domain.log.receipts import KEY_SUFFIX
from api.verifier.findings import Finding, LogBroken, Verdict
from api.verifier.log_files import FolderFiles
from api.verifier.log_head import Trust
from api.verifier.receipts import FoundBallot, SavedReceipt, check_proof, check_receipt, find_ballot, read_receipt
from api.verifier.verification import Verification

FORMAT = "pingxuan/receipt-verification/v1"
File = Annotated[Path, typer.Argument(help="A receipt in JSON, as the page saves it.", show_default=False)]
Log = Annotated[
    str | None,
    typer.Option("--log", help="The address or the folder of the log to find the ballot in.", show_default=False),
]
STATUSES = {
    BallotStatus.COUNTED: "it counts",
    BallotStatus.HELD: "it is held, and does not count until it is released",
    BallotStatus.VOIDED: "it is voided, and does not count",
}


def verify_receipt(file: File, log: Log = None, key: Keys = None, as_json: AsJson = False) -> None:
    """Check a receipt: that it is of this ballot, and signed. With --log, verify the log and find the ballot in it.

    Exit 0 where all is right, or the ballot is not due yet; 1 where something is wrong; 2 where it cannot be read. --key takes
    the key of receipts and, with --log, the log's own.
    """
    receipt, keys = read_receipt(file.read_bytes(), str(file)), parse_keys(key or ())
    said: list[str] = []
    finding, found = None, None
    try:
        if log is None:
            said += _check(receipt, keys, str(file), ())
        else:
            found = _find(receipt, keys, str(file), log, said)
            said += _sentences(receipt, found)
    except LogBroken as broken:
        finding = broken.finding
    _print(receipt, said, finding, found, as_json=as_json)
    if finding is not None:
        raise typer.Exit(BROKEN)


def _check(
    receipt: SavedReceipt, keys: tuple[VerifierKey, ...], place: str, published: tuple[VerifierKey, ...]
) -> list[str]:
    """Check the receipt by the best keys that there are; return what came of it, in sentences."""
    own = (receipt.receipt_key,) if receipt.receipt_key is not None else ()
    of_log = [each for each in published if each.name == f"{receipt.head.origin}{KEY_SUFFIX}"]  # of this generation
    trusted = [each for each in keys if each.name.endswith(KEY_SUFFIX)] or of_log or list(own)
    if not trusted:
        raise CommandError("The receipt does not say by which key it is signed; give the organizer's with --key.")
    by = check_receipt(receipt, trusted, place)
    said = [f"It is of the ballot {receipt.ballot} of {receipt.day}, and signed by {by.name}+{by.key_id.hex()}."]
    if by not in keys:
        whose = "the log publishes" if of_log else "the receipt itself names"
        said.append(f"Note: that key is the one that {whose}; nobody else vouches for it (--key).")
    return said + _proof(receipt, (*keys, *published), place)


def _proof(receipt: SavedReceipt, keys: tuple[VerifierKey, ...], place: str) -> list[str]:
    """Check the proof that lies with a receipt; return what came of it, in sentences."""
    by, proof = check_proof(receipt, keys, place), receipt.proof
    if proof is None:
        return []
    signed = "whose signature was not checked (--key)" if by is None else f"signed by {by.name}+{by.key_id.hex()}"
    return [
        f"Its proof leads to the head of a log of {proof.checkpoint.size} entries, as entry {proof.index}, {signed}."
    ]


def _find(
    receipt: SavedReceipt, keys: tuple[VerifierKey, ...], place: str, source: str, said: list[str]
) -> FoundBallot | None:
    log_keys = tuple(each for each in keys if not each.name.endswith(KEY_SUFFIX))
    with folder_of(source) as folder:
        verification = Verification(FolderFiles(folder), Trust(log_keys), [leaf_hash(receipt.entry)])
        report = verification.run()
    if report.verdict is Verdict.BROKEN and report.finding is not None:
        raise LogBroken.of(report.finding)
    published = verification.head.published_keys if verification.head is not None else ()
    said += _check(receipt, keys, place, published)
    return find_ballot(receipt, verification, system_clock(), place)


def _sentences(receipt: SavedReceipt, found: FoundBallot | None) -> list[str]:
    if found is None:
        return [f"It is not in the log yet; it has to be by {receipt.head.seal_by.isoformat()}."]
    said = f"It is entry {found.index} of the log, and {STATUSES[found.status]}."
    if found.numbers is None:
        return [said, "It is not open yet; once it is, the log says what is on it."]
    return [said, f"It is open, and says: {', '.join(map(str, found.numbers))}."]


def _print(
    receipt: SavedReceipt, said: list[str], finding: Finding | None, found: FoundBallot | None, *, as_json: bool
) -> None:
    if not as_json:
        for sentence in said:
            say(sentence)
        if finding is not None:
            say(f"{finding.code.name} in {finding}", err=True)
        return
    tree: dict[str, Any] = {
        "format": FORMAT,
        "sound": finding is None,
        "finding": None if finding is None else finding.tree(),
        "leafHash": leaf_hash(receipt.entry).hex(),
        "sealBy": receipt.head.seal_by.isoformat().replace("+00:00", "Z"),
        "entry": None if found is None else found.index,
        "status": None if found is None else found.status.name,
        "open": found is not None and found.numbers is not None,
        "said": said,
    }
    typer.echo(json.dumps(tree, ensure_ascii=False, indent=2))
