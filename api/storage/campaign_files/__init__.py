"""What a campaign file says, and everything that is wrong with it."""

from api.storage.campaign_files.mistakes import CampaignFileError, Mistake
from api.storage.campaign_files.reading import mistakes_in, read_campaign_file

__all__ = ["CampaignFileError", "Mistake", "mistakes_in", "read_campaign_file"]
