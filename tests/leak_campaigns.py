"""Which campaigns are in two worlds that differ only in what nobody may see, and in which databases do they begin?"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange, Pause
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import CampaignState, ResultsStep, ResultsVisibility
from api.sandbox.sandbox import SEEDED
from api.storage.audit_trail import write
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.testing.sandbox import SandboxServer
from tests.campaigns import LOADED, a_campaign, a_project, at, both

PUBLISHED = at("2017-04-10 10:00")
PAUSE = Pause(at("2017-03-26 12:30:30"), at("2017-03-26 13:00"), both("停电", "A power cut"))
LIVE, CASTING, DAILY = ResultsVisibility.LIVE, ResultsVisibility.AFTER_CASTING, ResultsVisibility.DAILY
CAMPAIGNS: Mapping[str, Mapping[str, Any]] = {
    "live": {"visibility": LIVE},
    "live-minute": {"visibility": LIVE, "results_step": ResultsStep.MINUTE},
    "live-hour": {"visibility": LIVE, "results_step": ResultsStep.HOUR},
    "daily": {"visibility": DAILY, "results_at": at("2017-03-22 09:00").time()},
    "casting": {"visibility": CASTING},
    "casting-minute": {"visibility": CASTING, "results_step": ResultsStep.MINUTE},
    "close": {"visibility": ResultsVisibility.AFTER_CLOSE},
    "publication": {"visibility": ResultsVisibility.AFTER_PUBLICATION, "published_at": PUBLISHED},
    "unpublished": {"visibility": ResultsVisibility.AFTER_PUBLICATION},
}
DRAFT, SECRET_PLAN = "draft", "草案".encode()
PROJECTS = 6
LONG = 300  # candidates of the draft, more than lists may have that are no ballot
CHEN_RUNS = "live"  # the campaign that chen is an organizer of


def campaign(slug: str, **more: Any) -> Campaign:
    """One of six candidates, of which a ballot names up to three."""
    projects = tuple(a_project(number, campaign=slug) for number in range(21, 21 + PROJECTS))
    renumbered = tuple(replace(project, number=n, position=n) for n, project in enumerate(projects, 1))
    values = {"choices": ChoiceRange(1, 3), "projects": renumbered, "pauses": (PAUSE,), **more}
    return a_campaign(slug=slug, **values)


def draft() -> Campaign:
    """One that would be featured, has most candidates, a district of its own, and moments that no other campaign has."""
    own = District("north", both("北片", "The North"), DRAFT)
    projects = tuple(a_project(number, campaign=DRAFT, district=own) for number in range(1, LONG))
    return campaign(
        DRAFT,
        title=both("草案", "A secret plan"),
        window=replace(a_campaign().window, opens_at=at("2017-03-22 00:00:01")),
        visibility=DAILY,
        results_at=at("2017-03-22 07:07").time(),
        projects=projects,
        own_districts=(own,),
        state=CampaignState.DRAFT,
    )


def path_of(sandbox: SandboxServer) -> Path:
    return Path(sandbox.database_url.removeprefix("sqlite://"))


def seeded(sandbox: SandboxServer) -> Path:
    """The database that a reset of the sandbox returns to."""
    return path_of(sandbox).with_name(SEEDED)


async def prepare(folder: Path, empty: Path, chen: str) -> dict[str, Path]:
    """Make the databases that worlds begin with: one with all campaigns, and one with a draft besides.

    Each has an entry in the trail for the draft, whose entries are numbered across campaigns.
    """
    files = {name: folder / f"{name}.sqlite3" for name in ("without", "with")}
    shutil.copyfile(empty, files["without"])
    async with open_database(f"sqlite://{files['without']}") as database:
        for statement in ("delete from projects", "delete from campaigns", "delete from districts"):
            await database.rows(statement)
        grant = "insert into grants (viewer, role, campaign) values ($1, 'ORGANIZER', $2)"
        await database.rows(grant, chen.removeprefix("viewer/"), CHEN_RUNS)
        campaigns = SqlCampaigns(database)
        for slug, more in CAMPAIGNS.items():
            made = campaign(slug, **more)
            await campaigns.save(made, made.districts, replace(LOADED, campaign=slug))
    shutil.copyfile(files["without"], files["with"])
    loaded = replace(LOADED, campaign=DRAFT)
    async with open_database(f"sqlite://{files['with']}") as database:
        await SqlCampaigns(database).save(draft(), (), loaded)
    async with open_database(f"sqlite://{files['without']}") as database, database.transaction() as transaction:
        await write(transaction, [loaded])
    return files
