"""The services of jobs and files: which class implements which port, and which handler does which jobs."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from api.bootstrap.exports import open_exports
from api.clock import Clock, system_clock
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import JobKind
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml.uploaded import CampaignFileParser
from api.formats.pabulib import PabulibParser
from api.formats.paper_ballots import read_paper_ballots
from api.formats.project_sheets import read_project_sheet
from api.instrumentation import Gauge, Instrumentation
from api.limits import Limits
from api.ports.jobs import JobStore
from api.services.audit_trail import AuditRecorder
from api.services.campaign_life import CampaignLife
from api.services.casting import BallotCasting
from api.services.exchange.authorized_import import AuthorizedImport
from api.services.exchange.campaign_import import CampaignImportHandler, Readers
from api.services.exchange.exporting import ExportHandler
from api.services.exchange.paper import PaperHandler
from api.services.exchange.paper_approval import PaperApproval
from api.services.exchange.project_import import ProjectImportHandler
from api.services.exchange.views import ExportViews
from api.services.jobs.audit_trail import JobRecorder
from api.services.jobs.endings import Endings
from api.services.jobs.management import JobManagement
from api.services.jobs.runner import JobRunner
from api.services.jobs.work import JobHandler
from api.services.reports import CampaignReports
from api.services.snapshots import Snapshots
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.imports import SqlImports
from api.storage.jobs import SqlJobs

Handlers = dict[tuple[JobKind, ExportContent | ImportContent], JobHandler]


class ExchangeParts(NamedTuple):
    """What handlers are made of. database: without a limit on time. clock: that of the campaigns."""

    database: Database
    jobs: JobStore
    views: ExportViews
    reports: CampaignReports
    snapshots: Snapshots
    casting: BallotCasting
    campaign_life: CampaignLife
    audit: AuditRecorder
    clock: Clock


class Foundation(NamedTuple):
    """What the services of jobs stand on. secret: of the server."""

    database: Database
    snapshots: Snapshots
    casting: BallotCasting
    audit: AuditRecorder
    clock: Clock
    secret: bytes
    limits: Limits
    instrumentation: Instrumentation


def job_handlers(parts: ExchangeParts) -> Handlers:
    """Who does the jobs of each kind and content."""
    exporting = ExportHandler(open_exports(parts.database, parts.reports), parts.views)
    campaigns = SqlCampaigns(parts.database)
    imports: dict[ImportContent, JobHandler] = {
        ImportContent.CAMPAIGN: _campaign_import(parts),
        ImportContent.BALLOTS: PaperHandler(campaigns, parts.casting, read_paper_ballots, parts.clock),
        ImportContent.PROJECTS: ProjectImportHandler(campaigns, parts.campaign_life, read_project_sheet),
    }
    return {
        **{(JobKind.EXPORT, content): exporting for content in ExportContent},
        **{(JobKind.IMPORT, content): AuthorizedImport(each, parts.views) for content, each in imports.items()},
    }


def _campaign_import(parts: ExchangeParts) -> CampaignImportHandler:
    readers: Readers = {FileFormat.PABULIB: PabulibParser, FileFormat.TOML: CampaignFileParser}
    stores = (CampaignTrees(), SqlCampaigns(parts.database), SqlImports(parts.database))
    return CampaignImportHandler(
        readers, *stores, parts.casting, parts.audit, parts.clock, partial(secrets.token_hex, 32)
    )


def job_services(on: Foundation, organizing: Mapping[str, Any]) -> dict[str, Any]:
    """What manages and runs jobs, by the machine's clock, by the names that Services has for it.

    organizing: what runs campaigns and panels, by name.
    """
    views = ExportViews(
        on.snapshots, on.casting, organizing["panel_store"], organizing["panel_scores"], on.audit, on.clock
    )
    parts = ExchangeParts(
        database=replace(on.database, time_limit=None),
        jobs=SqlJobs(on.database),
        views=views,
        reports=organizing["reports"],
        snapshots=on.snapshots,
        casting=on.casting,
        campaign_life=organizing["campaign_life"],
        audit=on.audit,
        clock=on.clock,
    )
    recorder, kept_for = JobRecorder(on.audit, on.snapshots, on.clock), timedelta(hours=on.limits.job_hours)
    endings = Endings(parts.jobs, job_handlers(parts), recorder, system_clock, kept_for, on.instrumentation)
    runner = JobRunner(parts.jobs, endings, system_clock, on.limits.job_seconds)
    on.instrumentation.register_gauge(Gauge.JOBS_RUNNING, lambda: runner.running)
    on.instrumentation.register_gauge(Gauge.JOBS_WAITING, lambda: runner.waiting)
    paper = PaperApproval(SqlCampaigns(on.database), on.audit, on.clock)
    access = parts.jobs, runner, views, parts.reports, recorder, paper, on.limits, on.secret, system_clock
    return {"jobs": JobManagement(*access), "job_runner": runner}
