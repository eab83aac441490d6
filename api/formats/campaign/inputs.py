"""Campaigns that organizers send, and the ones stored, as trees with the keys of campaign files."""

from collections.abc import Mapping
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import FormError, FormErrors
from api.domain.campaigns.projects import District
from api.formats.campaign.campaigns import CampaignMaker
from api.formats.campaign.findings import Tree
from api.formats.campaign.messages import validate
from api.formats.campaign.shapes import CampaignShape
from api.formats.campaign.trees import tree_of
from api.formats.campaign.validation import validate_campaign, viewers_of


class CampaignTrees:
    """ports.CampaignForms by the rules of campaign files."""

    def tree(self, campaign: Campaign, electors: tuple[str, ...]) -> dict[str, Any]:
        """What an organizer would have to send for this campaign to be made, its projects and its list of voters included."""
        return {"projects": [], **tree_of(campaign, electors)}

    def electors(self, tree: Tree) -> tuple[str, ...]:
        """The list of voters of a tree without mistakes, by pseudonym."""
        return viewers_of(tree)

    def read(
        self, tree: Tree, districts: Mapping[str, District], *, draft: bool, announced: bool = False
    ) -> Campaign | FormErrors:
        """Make the campaign, or find everything that is wrong.

        draft: whether rules may go by more projects than there are yet. announced: whether a selection has made its outcomes.
        """
        campaign, findings = validate_campaign(tree, districts, announced=announced)
        if draft and findings:
            of_rules = validate_campaign({**tree, "projects": []}, districts).findings
            findings = [*of_rules, *(finding for finding in findings if finding.place[0] == "projects")]
            shape, _ = validate(tree, CampaignShape)
            campaign = CampaignMaker(shape, districts).campaign() if shape is not None and not findings else None
        if campaign is not None:
            return campaign
        return tuple(FormError(finding.place, tuple(finding.path), finding.message(tree)) for finding in findings)
