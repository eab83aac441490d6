"""Which campaign do tests export? One with texts of every kind, ballots by several channels, and a panel that is closed."""

import asyncio
import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

from api.bootstrap.database import open_snapshots
from api.bootstrap.exports import open_exports
from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.export_tables import TABLES, table_of
from api.domain.exchange.formats import ExportContent, FileFormat
from api.domain.exchange.tables import Column, ColumnKind
from api.domain.review.panel import Expert, Review
from api.domain.review.terms import PanelTerms, ReviewState
from api.domain.texts import Language
from api.domain.voting.ballots import Admission
from api.domain.voting.channels import Channel
from api.formats.exports import json_schema
from api.formats.spreadsheets import undefused
from api.services.exchange.export_contents import CampaignView
from api.services.exchange.exporting import campaign_view
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.reviews import SqlPanels
from tests.campaigns import CLOSES, DAYS, LOADED, OPENS, SLUG, a_campaign, a_project, both
from tests.contracts.test_ballot_box import admission
from tests.contracts.test_panels import RUBRIC

AFTER = CLOSES + timedelta(days=30)
TITLES = ('=HYPERLINK("x"), "y"', "two;-lines; =3", "👩 🇨🇳 עברית", "1-2")
DESCRIPTION = 'Some, "quoted":\n\n- =one\n- two; +three'


def the_campaign(**changes: Any) -> Campaign:
    """Fifty candidates, the first of which have titles that spreadsheets and programs may stumble over."""
    nasty = [
        a_project(
            number,
            title=both(text, f"{text} in English"),
            code=f"00{number}",
            cost=Decimal("1.50"),
            description=both(DESCRIPTION, DESCRIPTION),
        )
        for number, text in enumerate(TITLES, 1)
    ]
    projects = (*nasty, *(a_project(number) for number in range(len(nasty) + 1, 51)))
    panel = PanelTerms(OPENS, CLOSES, quorum=1)
    return replace(a_campaign(projects=projects, criteria=RUBRIC, panel=panel, currency="CNY"), **changes)


async def keep(database: Database, campaign: Campaign, ballots: int = 0) -> None:
    """Store a campaign with ballots on its first days."""
    await SqlCampaigns(database).save(campaign, campaign.districts, LOADED)
    box, channels = SqlBallotBox(database), list(Channel)

    def ballot(number: int) -> Admission:
        day, channel = number % 3, channels[number % len(channels)]
        positions = frozenset({number % 50 + 1, (number + 7) % 50 + 1})
        at = OPENS + timedelta(days=day, hours=number % 20)
        return admission(number, positions=positions, day=DAYS[day], cast_at=at, channel=channel)

    await asyncio.gather(*(box.admit(ballot(number)) for number in range(ballots)))


async def review(database: Database) -> None:
    """Have an expert submit a review, and abstain from another."""
    expert = Expert(1, "=Lu", "A bureau", OPENS, CLOSES)
    scores = {"CRAFT": Decimal(80), "IDEA": Decimal("9.5")}
    given = Review(1, 1, ReviewState.SUBMITTED, scores=scores, comment="Good;\n-but", revision=1, updated_at=OPENS)
    none = Review(1, 2, ReviewState.ABSTAINED, reason="Not my field", revision=1, updated_at=OPENS)
    async with SqlPanels(database).locked(SLUG) as locked:
        await locked.invite([expert], {}, [], LOADED)
        await locked.put([given, none], None)


async def view(database: Database, now=AFTER, language: Language = Language.ZH) -> CampaignView:
    """The campaign as its staff see it."""
    snapshot = await open_snapshots(database).refresh(now)
    return campaign_view(snapshot, snapshot.directory.campaigns[SLUG], now, language, for_staff=True)


async def whole(database: Database, content: ExportContent, format: FileFormat, seen: CampaignView) -> bytes:
    """The file."""

    async def progress(done: int, total: int | None) -> None:
        assert total is None or done <= total

    return b"".join([piece async for piece in open_exports(database).write(content, format, seen, progress)])


def lines(file: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The head and the rows of JSON Lines."""
    head, *rows = [json.loads(line) for line in file.decode().split("\n")[:-1]]
    return head, rows


def schema(content: ExportContent) -> Mapping[str, Any]:
    return json_schema(TABLES[content])


def records(file: bytes) -> list[list[str]]:
    """The rows of CSV, without headings, as the texts were before they were defused."""
    [_, *rows] = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""))
    return [[undefused(cell) for cell in row] for row in rows]


def as_cells(content: ExportContent, campaign: Campaign, row: Mapping[str, Any], language: Language) -> list[str]:
    """What CSV shows of a row of JSON Lines."""
    return [
        cell for column in table_of(content, campaign).columns for cell in _cells(column, row[column.key], language)
    ]


def _cells(column: Column, value: Any, language: Language) -> list[str]:
    if column.parts:
        return [(value or {}).get(part, "") for part in column.parts]
    if value is None:
        return [""]
    written = {
        ColumnKind.OWN_TEXT: lambda: value[language.name.lower()],
        ColumnKind.TRUTH: lambda: "是" if value else "否",
        ColumnKind.NUMBERS: lambda: ";".join(map(str, value)),
        ColumnKind.TEXTS: lambda: ";".join(value),
        ColumnKind.PAIRS: lambda: "; ".join(f"{name}={text}" for name, text in value.items()),
    }
    return [written.get(column.kind, lambda: str(value))()]
