"""The writer of exports: which class implements which port."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.domain.exchange.formats import FileFormat
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml.writer import campaign_file
from api.formats.exports import CsvTables, JsonLines
from api.formats.pabulib import PabulibWriter
from api.formats.report import render_report
from api.ports.exports import TableWriter
from api.services.exchange.export_contents import ExportContents
from api.services.exchange.exporting import Exports, FileWriters
from api.services.reports import CampaignReports
from api.storage.ballot_records import SqlBallotRecords
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.exports import SqlExportSource
from api.storage.imports import SqlImports
from api.storage.reviews import SqlPanels
from api.storage.selections import SqlSelections


def open_exports(database: Database, reports: CampaignReports | None = None) -> Exports:
    """What writes files of what is stored in a database, however long that takes. reports: those that are kept already."""
    patient = replace(database, time_limit=None)
    panels, campaigns = SqlPanels(patient), SqlCampaigns(patient)
    own = CampaignReports(SqlBallotRecords(patient), panels, SqlSelections(patient), render_report)
    contents = ExportContents(SqlExportSource(patient), campaigns, panels, CampaignTrees())
    tables: dict[FileFormat, TableWriter] = {FileFormat.CSV: CsvTables(), FileFormat.JSON_LINES: JsonLines()}
    writers = FileWriters(tables, PabulibWriter, campaign_file)
    imports = SqlImports(patient)

    async def extras(slug: str) -> Mapping[str, Any] | None:
        file = await imports.imported_file(slug)
        return None if file is None else file.extras

    return Exports(contents, writers, reports or own, extras)
