"""The command that begins a campaign file."""

import re
from pathlib import Path
from typing import Annotated

import typer

from api.cli.errors import CommandError
from api.clock import system_clock
from api.domain.ids import SLUG
from api.formats.campaign_toml.template import new_campaign_file

File = Annotated[Path, typer.Argument(help="The file to write; its name becomes the campaign's slug.")]


def new(file: File = Path("my-campaign.toml")) -> None:
    """Write a commented campaign file, which `pingxuan check` accepts as it is. Never writes over a file."""
    slug = file.stem.lower()
    if not re.fullmatch(SLUG, slug) or len(slug) > 64:
        raise CommandError(
            f"{file.name}: the name becomes the campaign's slug. Use at most 64 small letters and digits, joined by single "
            "hyphens, such as volunteers-2026.toml."
        )
    try:
        with file.open("x", encoding="utf-8") as new_file:
            new_file.write(new_campaign_file(slug, system_clock()))
    except FileExistsError:
        raise CommandError(f"{file} exists already, and stays as it is. Name another file.") from None
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
    typer.echo(f"{file}: written. Change it, then run: pingxuan check {file}")
