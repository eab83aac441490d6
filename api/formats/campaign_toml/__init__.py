"""What a campaign file says, and everything that is wrong with it."""

from api.formats.campaign_toml.errors import CampaignFileError, Mistake
from api.formats.campaign_toml.reader import mistakes_in, read_campaign_file

__all__ = ["CampaignFileError", "Mistake", "mistakes_in", "read_campaign_file"]
