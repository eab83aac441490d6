"""The services that run campaigns and their panels: which class implements which port."""

import secrets
from dataclasses import replace
from functools import partial
from typing import Any

from api.clock import Clock
from api.context import PanelServices
from api.domain.review.invitations import CODE_LENGTH, new_code
from api.formats.campaign.inputs import CampaignTrees
from api.formats.report import render_report
from api.ports import PanelStore
from api.services.audit_trail import AuditRecorder
from api.services.campaign_life import CampaignLife
from api.services.expert_balloting import ExpertBalloting
from api.services.invitations import Invitations
from api.services.panel_management import PanelManagement
from api.services.panel_scores import PanelScores
from api.services.publication import Publishing
from api.services.reports import CampaignReports
from api.services.reviewing import Reviewing
from api.services.selection import Selecting
from api.services.snapshots import Snapshots
from api.storage.ballot_records import SqlBallotRecords
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.reviews import SqlPanels
from api.storage.selections import SqlSelections


def organizers_services(database: Database, audit: AuditRecorder, snapshots: Snapshots, clock: Clock) -> dict[str, Any]:
    """What runs campaigns and their panels, by the names that Services has for it."""
    acts = (SqlCampaigns(database), CampaignTrees(), audit, snapshots, clock, partial(secrets.token_hex, 32))
    panels = SqlPanels(database)
    return {
        "campaign_life": CampaignLife(*acts),
        "selecting": Selecting(*acts),
        "publishing": Publishing(*acts),
        "expert_balloting": ExpertBalloting(*acts),
        "panel_store": panels,
        "panel_scores": PanelScores(panels),
        "panel_services": _panel_services(panels, audit, clock),
        "reports": _reports(database),
    }


def _reports(database: Database) -> CampaignReports:
    """Reports read every ballot, which may take longer than callers wait for other things."""
    patient = replace(database, time_limit=None)
    return CampaignReports(SqlBallotRecords(patient), SqlPanels(database), SqlSelections(database), render_report)


def _panel_services(panels: PanelStore, audit: AuditRecorder, clock: Clock) -> PanelServices:
    parts = (panels, audit, clock, lambda: new_code(secrets.token_bytes(CODE_LENGTH)))
    return PanelServices(Invitations(*parts), PanelManagement(*parts), Reviewing(*parts))
