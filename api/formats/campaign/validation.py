"""From the tree of a campaign to the campaign, or to everything that is wrong with it."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.formats.campaign.campaigns import CampaignMaker
from api.formats.campaign.consistency import campaign_findings
from api.formats.campaign.findings import Finding, Tree, in_order
from api.formats.campaign.messages import validate
from api.formats.campaign.raw_values import value_at
from api.formats.campaign.shapes import CampaignShape


class CheckedCampaign(NamedTuple):
    """A campaign and no findings, or no campaign and the findings, in the order of their places."""

    campaign: Campaign | None
    findings: list[Finding]


def validate_campaign(
    tree: Tree,
    districts: Mapping[str, District] | None,
    codes: Collection[str] | None = None,
    *,
    announced: bool = False,
) -> CheckedCampaign:
    """Check the tree of a campaign. It may have no projects yet.

    districts: the shared gazetteer; where it is not known there is no campaign, and codes may be what is known of it.
    announced: whether a selection has made its outcomes: they are no matter of the tree then.
    """
    shape, findings = validate(tree, CampaignShape)
    known = codes if districts is None else districts
    findings = in_order([*findings, *campaign_findings(tree, known, announced=announced)])
    if shape is None or findings or districts is None:
        return CheckedCampaign(None, findings)
    return CheckedCampaign(CampaignMaker(shape, districts).campaign(), [])


def viewers_of(tree: Tree) -> tuple[str, ...]:
    """Return the pseudonyms of those who may vote, as a tree without mistakes lists them; () where it lists nobody."""
    viewers = value_at(tree, list, "rules", "eligibility", "viewers") or []
    return tuple(sorted({str(viewer).removeprefix("viewer/") for viewer in viewers}))
