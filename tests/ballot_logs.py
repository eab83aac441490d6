"""How does a test have a ballot log that no server has sealed? Its entries are made up here, and stored as the sealer does."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.domain.campaigns.campaign import Campaign
from api.domain.log.bundles import NO_BALLOT, Bundle
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.entries import ballot_entry, ballot_nonce, commitment
from api.domain.log.merkle import leaf_hash
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import TILE_WIDTH, TileKey, append
from api.domain.voting.ballots import bitmap
from api.ports.log_reader import LogPlace, OpenedBallot
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.transparency.key_file import LOG, RECEIPTS, LogKey
from api.transparency.log_keys import LogKeys
from tests.campaigns import DURING, HUANGPU, LOADED, PUDONG, SLUG

DAY = DURING.date()
PREFIX = "vote.test/log"
SEEDS = {LOG: bytes(range(32)), RECEIPTS: bytes(range(32, 64))}


def _key(role: str) -> LogKey:
    private = Ed25519PrivateKey.from_private_bytes(SEEDS[role])
    return LogKey(role, private.public_key().public_bytes_raw(), private)


KEYS = LogKeys([_key(LOG), _key(RECEIPTS)])


@dataclass(frozen=True)
class MadeBallot:
    """A ballot with all that its entry commits to."""

    id: str
    numbers: tuple[int, ...]
    day: date = DAY
    tag: bytes | None = None

    @property
    def commitment(self) -> str:
        return commitment(SLUG, self.day, ballot_nonce(self.id), self.tag, self.numbers)


def a_ballot(number: int) -> MadeBallot:
    """One of many ballots, each with an id of its own; every other came with a key."""
    digits = "".join("abcdefghijklmnopqrstuvwxyz"[int(digit)] for digit in f"{number:026d}")
    tag = bytes([number % 256]) * 32 if number % 2 else None
    return MadeBallot(digits, tuple(range(number % 40 + 1, number % 40 + 11)), tag=tag)


@dataclass(frozen=True)
class MadeLog:
    """A log: what each entry is, a ballot or a line, and how much of it is published, the rest being sealed and no more."""

    entries: Sequence[MadeBallot | str]
    published: int
    generation: int = 1
    slug: str = SLUG

    @property
    def origin(self) -> str:
        return f"{PREFIX}/{self.slug}" + ("" if self.generation == 1 else f"/{self.generation}")

    @cached_property
    def lines(self) -> list[bytes]:
        return [
            each.encode() if isinstance(each, str) else ballot_entry(each.day, each.commitment) for each in self.entries
        ]

    @cached_property
    def tiles(self) -> Mapping[TileKey, bytes]:
        return append(0, {}, list(map(leaf_hash, self.lines))).tiles

    @cached_property
    def bundles(self) -> Mapping[int, Bundle]:
        framed = [len(line).to_bytes(2, "big") + line for line in self.lines]
        ids = [NO_BALLOT if isinstance(each, str) else each.id for each in self.entries]
        return {
            start // TILE_WIDTH: Bundle(
                b"".join(framed[start : start + TILE_WIDTH]), "".join(ids[start : start + TILE_WIDTH])
            )
            for start in range(0, len(framed), TILE_WIDTH)
        }

    def root(self, size: int) -> bytes:
        return append(0, {}, list(map(leaf_hash, self.lines[:size]))).root

    @cached_property
    def note(self) -> str | None:
        checkpoint = Checkpoint(self.origin, self.published, self.root(self.published))
        return KEYS.sign_checkpoint(checkpoint.text, self.origin) if self.published else None

    @property
    def closed(self) -> int | None:
        places = [n for n, each in enumerate(self.entries) if isinstance(each, str) and each.startswith("closed ")]
        return places[-1] if places else None

    def shown(self, number: int = 1) -> PublishedLog:
        """The log as everybody sees it, under this id."""
        at = DURING if self.published else None
        return PublishedLog(number, self.slug, self.generation, self.origin, self.published, self.note, at, self.closed)

    def up_to(self, published: int) -> "MadeLog":
        return replace(self, published=published)


LOG_ROW = """
    insert into logs (campaign_id, generation, origin, size, root, ballots, state, published_size, published_at, note)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id
"""
BALLOT_ROWS = "insert into ballots (id, campaign_id, day, cast_at, channel, choices, client_tag) {}"
BALLOT_TYPES = ("text", "text", "date", "timestamptz", "text", "bytea", "bytea")
BATCH_ROW = (
    "insert into log_batches (log_id, first_place, last_place, first_cast_at, last_cast_at) values ($1, $2, $3, $4, $4)"
)


async def store_campaign(database: Database, campaign: Campaign) -> None:
    """Store a campaign in a database that is open."""
    async with SqlCampaigns(database).locked(campaign.slug) as locked:
        await locked.save(campaign, (HUANGPU, PUDONG), replace(LOADED, campaign=campaign.slug))


async def store_log(database: Database, log: MadeLog, published_at: datetime = DURING) -> int:
    """Store a log with its ballots, and return its id."""
    closed = {} if log.closed is None else {"closed": {"count": 0, "index": log.closed}}
    ballots = [(place, each) for place, each in enumerate(log.entries) if isinstance(each, MadeBallot)]
    row = log.slug, log.generation, log.origin, len(log.entries), log.root(len(log.entries)), len(ballots)
    note = log.note, published_at if log.published else None
    [stored] = await database.rows(LOG_ROW, *row, json.dumps(closed), log.published, note[1], note[0])
    number: int = stored["id"]
    for (level, n), hashes in log.tiles.items():
        await database.rows(
            "insert into log_tiles (log_id, level, n, hashes) values ($1, $2, $3, $4)", number, level, n, hashes
        )
    for n, bundle in log.bundles.items():
        await database.rows(
            "insert into log_bundles (log_id, n, entries, ballots) values ($1, $2, $3, $4)", number, n, *bundle
        )
    stored_ballots = [
        (each.id, log.slug, each.day, published_at, "WEB", bitmap(each.numbers), each.tag) for _, each in ballots
    ]
    await database.write_rows(BALLOT_ROWS, BALLOT_TYPES, stored_ballots)
    await database.rows(BATCH_ROW, number, ballots[0][0], ballots[-1][0], published_at)
    return number


class MemoryLogs:
    """ports.log_reader.LogReader on one made-up log."""

    def __init__(self, log: MadeLog) -> None:
        self._log = log
        self.asked: list[Sequence[TileKey]] = []

    async def logs(self) -> Mapping[str, Sequence[PublishedLog]]:
        return {self._log.slug: (self._log.shown(),)}

    async def log(self, campaign: str, generation: int) -> PublishedLog | None:
        is_it = (campaign, generation) == (self._log.slug, self._log.generation)
        return self._log.shown() if is_it else None

    async def log_with_id(self, log: int) -> PublishedLog | None:
        return self._log.shown() if log == 1 else None

    async def tiles(self, log: int, keys: Sequence[TileKey]) -> Mapping[TileKey, bytes]:
        self.asked.append(keys)
        return {key: self._log.tiles[key] for key in keys if log == 1 and key in self._log.tiles}

    async def bundle(self, log: int, n: int) -> Bundle | None:
        return self._log.bundles.get(n) if log == 1 else None

    async def place(self, ballot: str) -> LogPlace | None:
        places = [n for n, each in enumerate(self._log.entries) if isinstance(each, MadeBallot) and each.id == ballot]
        return LogPlace(1, places[0]) if places else None

    async def ballots(self, ids: Sequence[str]) -> Mapping[str, OpenedBallot]:
        made = {each.id: each for each in self._log.entries if isinstance(each, MadeBallot)}
        return {each: OpenedBallot(made[each].tag, made[each].numbers) for each in ids if each in made}

    async def document(self, campaign: str, sha256: str) -> bytes | None:
        return b"{}" if campaign == self._log.slug else None

    async def waiting(self, campaign: str) -> int:
        return 3 if campaign == self._log.slug else 0
