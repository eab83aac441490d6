"""Campaigns that organizers send, and the ones stored, as trees with the keys of campaign files."""

from collections.abc import Mapping
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import FormError, FormErrors
from api.domain.campaigns.projects import District
from api.domain.texts import Text
from api.formats.campaign_toml.consistency import campaign_findings
from api.formats.campaign_toml.errors import Finding
from api.formats.campaign_toml.messages import validate
from api.formats.campaign_toml.reader import campaign_of
from api.formats.campaign_toml.schema import CampaignShape
from api.formats.campaign_tree import campaign_tree

DRAFT_MAY_LACK = ("rules", "choices", "maximum")


class CampaignTrees:
    """ports.CampaignForms by the rules of campaign files."""

    def tree(self, campaign: Campaign) -> dict[str, Any]:
        """What an organizer would have to send for this campaign to be made, its projects included."""
        return campaign_tree(campaign)

    def read(self, tree: Mapping[str, Any], districts: Mapping[str, District], *, draft: bool) -> Campaign | FormErrors:
        """Make the campaign, or find everything that is wrong."""
        whole = {"districts": "districts.toml", **tree}
        shape, findings = validate(whole, CampaignShape)
        findings += campaign_findings(whole, sorted(districts))
        if draft:
            findings = [finding for finding in findings if finding.place != DRAFT_MAY_LACK]
        if findings or shape is None:
            return tuple(map(_error, findings))
        return campaign_of(shape, districts)


def _error(finding: Finding) -> FormError:
    where = ".".join(map(str, finding.place))
    message = f"{where} {finding.problem}. {finding.remedy}"
    return FormError(finding.place, Text(message, message))
