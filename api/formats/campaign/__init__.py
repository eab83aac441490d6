"""Check a campaign as its organizer has written it, in a file or over GraphQL, and make it a value of the domain."""

from api.formats.campaign.findings import Finding
from api.formats.campaign.trees import project_tree, tree_of
from api.formats.campaign.validation import CheckedCampaign, validate_campaign, viewers_of

__all__ = ["CheckedCampaign", "Finding", "project_tree", "tree_of", "validate_campaign", "viewers_of"]
