"""The part of the command `import` that brings a CSV into a campaign: its projects, or ballots of a polling place."""

from dataclasses import replace
from datetime import date
from typing import Annotated, NamedTuple

import typer

from api.bootstrap.services import Services
from api.cli.errors import CommandError
from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms
from api.domain.exchange.paper import CHANNELS
from api.domain.texts import Language
from api.domain.voting.channels import Channel
from api.services.campaign_acts import unknown_campaign
from api.services.jobs.attempt import Show
from api.services.jobs.operator_imports import Imported, OperatorFile, OperatorImports
from api.storage.campaigns import SqlCampaigns
from api.storage.imports import SqlImports

NAMES = ", ".join(channel.name for channel in CHANNELS)
Place = Annotated[
    str | None, typer.Option(help="The polling place that ballots in a CSV come from.", show_default=False)
]
Day = Annotated[
    str | None,
    typer.Option(
        help="The day on which they were cast, YYYY-MM-DD; left out, the last that has begun.", show_default=False
    ),
]
ChannelName = Annotated[str, typer.Option(help=f"How they were cast: {NAMES}.")]
SkipRefused = Annotated[bool, typer.Option("--skip-refused", help="Bring in the rows of a CSV that are in order.")]


class SheetOptions(NamedTuple):
    """What was said of a sheet."""

    place: str | None
    day: str | None
    channel: str
    skips: bool


def sheet_terms(terms: ImportTerms, slug: str | None, options: SheetOptions) -> ImportTerms | None:
    """What a CSV brings: ballots where a polling place is named, else projects; None for other formats."""
    if terms.format is not FileFormat.CSV:
        if options.place is not None or options.day is not None:
            raise CommandError("--place and --day are of a CSV of ballots")
        return None
    if slug is None:
        raise CommandError("name the campaign that the CSV is for: --campaign SLUG")
    policy = ErrorPolicy.SKIP_REFUSED if options.skips else ErrorPolicy.ALL_OR_NOTHING
    if options.place is None:
        if options.day is not None:
            raise CommandError("name the polling place of the ballots: --place NAME")
        return replace(terms, content=ImportContent.PROJECTS, policy=policy)
    channel = options.channel.upper().replace("-", "_")
    if channel not in Channel.__members__ or Channel[channel] not in CHANNELS:
        raise CommandError(f"--channel is {options.channel!r}; there are {NAMES}")
    return replace(
        terms,
        content=ImportContent.BALLOTS,
        policy=policy,
        place=options.place,
        day=_day(options.day),
        channel=Channel[channel],
    )


async def import_sheet(
    services: Services, file: OperatorFile, terms: ImportTerms, slug: str, language: Language, show: Show
) -> Imported:
    """Bring a sheet into the campaign of this slug. Raises ActFailed, and ApiError NOT_FOUND."""
    campaign = await SqlCampaigns(services.database).campaign(slug)
    if campaign is None:
        raise unknown_campaign(slug)
    imports = OperatorImports(services.jobs, SqlImports(services.database))
    return await imports.sheet(file, terms, campaign, language, show)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--day is {text!r}; write it as 2017-03-24") from None
