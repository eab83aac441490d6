"""The counts of a campaign as of an earlier moment: found out once, and stored for every process and for a restart.

They are the present counts without the ballots that were cast since, and with the rulings undone that were made since. A
ballot that was cast before the moment and committed after somebody has asked is in the next counts.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.rulings import BallotStatus, RulingKind, status_after
from api.domain.results.tallies import NOTHING, Counts
from api.domain.voting.ballots import positions_in
from api.domain.voting.channels import Channel
from api.storage.database.connection import Database, as_date, as_moment
from api.storage.rulings_sql import latest_ruling
from api.storage.tallies import SqlTallies

KEPT_FOR = timedelta(days=1)  # of counts that later ones have replaced
FIND = "select counts from earlier_counts where campaign_id = $1 and moment = $2"
KEEP = "insert into earlier_counts (campaign_id, moment, counts) values ($1, $2, $3) on conflict do nothing"
DELETE = "delete from earlier_counts where campaign_id = $1 and moment < $2"
# Where every ballot stands whose cast or whose latest ruling is not before the moment, now and then. No index: every ballot
# would pay for it, and this reads through them once a moment.
SINCE = f"""
    select ballots.day, ballots.cast_at, ballots.channel, ballots.choices, latest.kind as kind, earlier.kind as earlier_kind
    from ballots left join {latest_ruling("ballots.id")}
    left join rulings as earlier on earlier.ballot_id = ballots.id and earlier.ruled_at < $2 and not exists (
        select 1 from rulings as between_them where between_them.ballot_id = earlier.ballot_id
            and between_them.ruled_at < $2 and between_them.step > earlier.step
    )
    where ballots.campaign_id = $1 and (ballots.cast_at >= $2 or latest.ruled_at >= $2)
"""  # noqa: S608 - columns only
DAYS = ("ballots", "held", "voided")
COUNTED_IN = dict(zip((BallotStatus.COUNTED, BallotStatus.HELD, BallotStatus.VOIDED), DAYS, strict=True))


class SqlTalliesOverTime(SqlTallies):
    """ports.Tallies on a database."""

    async def counts_until(self, campaign: Campaign, moment: datetime) -> Counts:
        """Return the counts of the ballots cast before a moment; whoever asks first finds them out for all."""
        found = await self._database.rows(FIND, campaign.slug, moment)
        if not found:
            async with self._database.snapshot() as view:
                counts = await _find_out(view, campaign, moment)
            await self._database.rows(KEEP, campaign.slug, moment, _packed(counts))
            await self._database.rows(DELETE, campaign.slug, moment - KEPT_FOR)
            found = await self._database.rows(FIND, campaign.slug, moment)
        return _unpacked(bytes(found[0]["counts"]))


async def _find_out(view: Database, campaign: Campaign, moment: datetime) -> Counts:
    present = (await SqlTallies(view).counts()).get(campaign.slug, NOTHING)
    days: dict[str, Counter[date]] = {name: Counter(getattr(present, name)) for name in DAYS}
    votes: defaultdict[date, Counter[int]] = defaultdict(Counter)
    for day, by_position in present.votes.items():
        votes[day].update(by_position)
    channels: defaultdict[date, Counter[Channel]] = defaultdict(Counter)
    for day, by_channel in present.channels.items():
        channels[day].update(by_channel)
    for row in await view.rows(SINCE, campaign.slug, moment):
        ballot = _Ballot.of(row, campaign)
        ballot.add(-1, row["kind"], days, votes, channels)
        if ballot.cast_at < moment:
            ballot.add(1, row["earlier_kind"], days, votes, channels)
    return Counts(days["ballots"], votes, days["held"], days["voided"], channels)


@dataclass(frozen=True, slots=True)
class _Ballot:
    """A ballot, and the positions of the projects that it gives a vote while it counts, negative for a voided one."""

    day: date
    cast_at: datetime
    channel: Channel
    positions: Collection[int]

    @classmethod
    def of(cls, row: Mapping[str, Any], campaign: Campaign) -> "_Ballot":
        cast_at = as_moment(row["cast_at"])
        voided = {
            v.position for v in campaign.voided_votes if v.start <= cast_at and (v.end is None or cast_at < v.end)
        }
        named = positions_in(bytes(row["choices"]))
        positions = [-each if each in voided else each for each in named]
        return cls(as_date(row["day"]), cast_at, Channel[row["channel"]], positions)

    def add(
        self,
        times: int,
        kind: str | None,
        days: Mapping[str, Counter[date]],
        votes: Mapping[date, Counter[int]],
        channels: Mapping[date, Counter[Channel]],
    ) -> None:
        """Count it so many times more where its latest ruling, of this kind, puts it."""
        status = BallotStatus.COUNTED if kind is None else status_after(RulingKind[kind])
        days[COUNTED_IN[status]][self.day] += times
        if status is BallotStatus.COUNTED:
            votes[self.day].update(dict.fromkeys(self.positions, times))
            channels[self.day][self.channel] += times


def _packed(counts: Counts) -> bytes:
    days = {name: {day.isoformat(): n for day, n in getattr(counts, name).items() if n} for name in DAYS}
    votes = {
        day.isoformat(): {str(position): n for position, n in by_position.items() if n}
        for day, by_position in counts.votes.items()
    }
    channels = {
        day.isoformat(): {channel.name: n for channel, n in by_channel.items() if n}
        for day, by_channel in counts.channels.items()
    }
    return zlib.compress(orjson.dumps({**days, "votes": votes, "channels": channels}))


def _unpacked(packed: bytes) -> Counts:
    stored = orjson.loads(zlib.decompress(packed))
    ballots, held, voided = ({date.fromisoformat(day): n for day, n in stored[name].items()} for name in DAYS)
    votes = {
        date.fromisoformat(day): {int(position): n for position, n in by_position.items()}
        for day, by_position in stored["votes"].items()
    }
    channels = {
        date.fromisoformat(day): {Channel[name]: n for name, n in by_channel.items()}
        for day, by_channel in stored["channels"].items()
    }
    return Counts(ballots, votes, held, voided, channels)
