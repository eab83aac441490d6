"""The command that verifies a published ballot log, trusting nobody."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

import aiohttp
import typer

from api.cli.errors import CommandError
from api.cli.log_download import AT_ONCE, LogDownload
from api.domain.log.notes import NoteError, VerifierKey
from api.domain.log.policies import Policy
from api.domain.texts import counted
from api.verifier.findings import LogBroken, Verdict
from api.verifier.log_files import FolderFiles
from api.verifier.log_head import SEEN, Trust
from api.verifier.note_signatures import read_policy
from api.verifier.report import Report
from api.verifier.verification import Verification

BROKEN = 1
Source = Annotated[
    str,
    typer.Argument(
        help="The address of a log, such as https://vote.example.cn/log/shanghai-2017, or a folder with its files.",
        show_default=False,
    ),
]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", help="The log's key, as you have it from the organizer; may be repeated.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, one object (docs/verifier.md).")]
Save = Annotated[
    Path | None, typer.Option(help="The folder to keep the files in, for another time.", show_default=False)
]
OwnPolicy = Annotated[
    Path | None, typer.Option(help="Your own tlog-policy: which witnesses have to have signed.", show_default=False)
]
Seen = Annotated[
    Path | None,
    typer.Option(help="A folder of checkpoints: those in it have to agree, this one is added.", show_default=False),
]


def verify(
    source: Source,
    as_json: AsJson = False,
    save: Save = None,
    key: Keys = None,
    policy: OwnPolicy = None,
    seen: Seen = None,
) -> None:
    """Verify a published ballot log: every signature, hash, entry, opened ballot and number in it. Exit 1 if it is broken.

    Exit 0 where it is sound, countable or not yet; 2 where there is nothing to verify.
    """
    trust = Trust(
        keys=parse_keys(key or ()),
        policy=None if policy is None else _own_policy(policy),
        seen={} if seen is None else _checkpoints(seen),
    )
    with folder_of(source, save) as folder:
        report = Verification(FolderFiles(folder), trust).run()
        if seen is not None and report.verdict is not Verdict.BROKEN:
            _remember(seen, report, (folder / "checkpoint").read_bytes())
    if as_json:
        typer.echo(json.dumps(report.tree(), ensure_ascii=False, indent=2))
    else:
        print_report(report)
    if report.verdict is Verdict.BROKEN:
        raise typer.Exit(BROKEN)


@contextmanager
def folder_of(source: str, save: Path | None = None) -> Iterator[Path]:
    """Give a folder with the files of a log: itself, or what is fetched from its address."""
    if "://" not in source:
        if save is not None:
            raise CommandError("--save belongs to an address; a folder has been saved already.")
        if not Path(source).is_dir():
            raise CommandError(f"{source} is no folder; name one, or an address that begins with https://")
        yield Path(source)
    elif save is not None:
        save.mkdir(parents=True, exist_ok=True)
        asyncio.run(_download(source, save))
        yield save
    else:
        with TemporaryDirectory(prefix="pingxuan-log-") as folder:
            asyncio.run(_download(source, Path(folder)))
            yield Path(folder)


def parse_keys(texts: Sequence[str]) -> tuple[VerifierKey, ...]:
    """Read keys from the command line."""
    try:
        return tuple(map(VerifierKey.parse, texts))
    except NoteError as error:
        raise CommandError(f"--key: {error}") from error


def print_report(report: Report) -> None:
    """Print a report for people, the finding to standard error."""
    if report.origin is not None:
        say(f"{report.origin}: {report.size or 0:,} entries")
    say(report.verdict.value)
    for line in _figures(report):
        say(line)
    for title, sentences in (
        ("Waiting for", report.waiting_for),
        ("Note", report.notes),
        ("Nobody can check", report.unchecked),
    ):
        for sentence in sentences:
            say(f"{title}: {sentence}")
    if report.finding is not None:
        say(f"{report.finding.code.name} in {report.finding}", err=True)


def say(text: str, *, err: bool = False) -> None:
    """Print a line, in which whatever a log has written stands for itself, and can neither move a cursor nor colour a word."""
    typer.echo("".join(each if each.isprintable() else ascii(each)[1:-1] for each in text), err=err)


def _figures(report: Report) -> Iterator[str]:
    total = report.total
    yield f"ballots: {total.cast} cast, {total.counted} count, {total.held} held, {total.voided} voided"
    for day, each in report.days.items():
        sign_ins = "" if each.sign_ins is None else f", {each.sign_ins} signed in"
        yield f"{day}: {each.counts.cast} cast, {each.counts.counted} count{sign_ins}"
    for number, votes in sorted((report.votes or {}).items(), key=lambda item: (-item[1], item[0])):
        yield f"project {number}: {counted(votes, 'vote')}"
    yield f"selections replayed: {report.selections}; earlier checkpoints that agree: {report.earlier}"
    for witness in report.witnesses:
        yield f"witness {witness.name}" + ("" if witness.at is None else f", at {witness.at.isoformat()}")


async def _download(url: str, folder: Path) -> None:
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:
        await LogDownload(session, url, folder).run()


def _checkpoints(folder: Path) -> dict[str, bytes]:
    """Read the checkpoints that were seen before; no folder yet is none."""
    if not folder.exists():
        return {}
    return {str(file): file.read_bytes() for file in sorted(folder.glob(f"{SEEN}*")) if file.is_file()}


def _remember(folder: Path, report: Report, checkpoint: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SEEN}{quote(report.origin or '', safe='')}.{report.size}").write_bytes(checkpoint)


def _own_policy(file: Path) -> Policy:
    """Read a policy that the caller brings along: what is wrong with it is no finding about the log."""
    try:
        return read_policy(file.read_bytes(), str(file))
    except LogBroken as error:
        raise CommandError(str(error)) from error
