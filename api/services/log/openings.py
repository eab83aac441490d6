"""Open the commitments of a log: what each of its ballots says, from the ballots' own rows."""

from api.domain.campaigns.campaign import Campaign
from api.domain.log.bundles import NO_BALLOT, ids_in
from api.domain.log.entries import ballot_nonce
from api.domain.log.openings import Opening, write_openings
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import Tile
from api.ports.log_reader import LogReader, OpenedBallot
from api.services.log.published_logs import size_with


class LogOpenings:
    """The openings of what is published. Whether they may be seen is for the caller to ask of the log (is_countable)."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader

    async def bundle(self, log: PublishedLog, campaign: Campaign, tile: Tile) -> str | None:
        """The openings of a bundle of entries; None where the log does not have it, or not as full."""
        if log.size < size_with(tile):
            return None
        bundle = await self._reader.bundle(log.id, tile.n)
        if bundle is None:
            return None
        ids = ids_in(bundle.ballots)[: tile.width]
        ballots = await self._reader.ballots([each for each in ids if each != NO_BALLOT])
        return write_openings(_opening(each, ballots[each], campaign) if each in ballots else None for each in ids)


def _opening(ballot: str, opened: OpenedBallot, campaign: Campaign) -> Opening:
    projects = campaign.by_position
    numbers = sorted(projects[position].number for position in opened.positions if position in projects)
    return Opening(ballot_nonce(ballot), opened.client_tag, tuple(numbers))
