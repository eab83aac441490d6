"""Read campaign files in TOML and report every mistake in them."""

from api.formats.campaign_toml.errors import CampaignFileError, Mistake
from api.formats.campaign_toml.reader import mistakes_in, read_campaign_file, read_voters
from api.formats.campaign_toml.summary import summarised
from api.formats.campaign_toml.warnings import warnings_of

__all__ = [
    "CampaignFileError",
    "Mistake",
    "mistakes_in",
    "read_campaign_file",
    "read_voters",
    "summarised",
    "warnings_of",
]
