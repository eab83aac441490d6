"""The counts of a campaign as of an earlier moment: found out once, and stored for every process and for a restart.

They are the present counts without the ballots that were cast since, and with the rulings undone that were made since. A
ballot that was cast before the moment and committed after somebody has asked is in the next counts.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from api.domain.campaigns.voided_votes import positions_voided_at
from api.domain.integrity.rulings import BallotStatus, RulingKind, status_after
from api.domain.results.tallies import NOTHING, Counts
from api.domain.voting.ballots import positions_in
from api.domain.voting.channels import Channel
from api.storage.campaign_rows import VOIDED_VOTES
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

    async def counts_until(self, campaign: str, moment: datetime) -> Counts:
        """Return the counts of the ballots cast before a moment; whoever asks first finds them out for all."""
        found = await self._database.rows(FIND, campaign, moment)
        if not found:
            async with self._database.snapshot() as view:
                counts = await _find_out(view, campaign, moment)
            await self._database.rows(KEEP, campaign, moment, _packed(counts))
            await self._database.rows(DELETE, campaign, moment - KEPT_FOR)
            found = await self._database.rows(FIND, campaign, moment)
        return _unpacked(bytes(found[0]["counts"]))


async def _find_out(view: Database, campaign: str, moment: datetime) -> Counts:
    counts = _Counting((await SqlTallies(view).counts()).get(campaign, NOTHING))
    [stored] = await view.rows("select voided_votes from campaigns where slug = $1", campaign)
    voided_votes = VOIDED_VOTES.read(stored["voided_votes"])
    for row in await view.rows(SINCE, campaign, moment):
        cast_at = as_moment(row["cast_at"])
        voided = positions_voided_at(voided_votes, cast_at)
        positions = [-each if each in voided else each for each in positions_in(bytes(row["choices"]))]
        counts.add(-1, row, row["kind"], positions)
        if cast_at < moment:
            counts.add(1, row, row["earlier_kind"], positions)
    return counts.counts


class _Counting:
    """Counts that ballots are taken off or added to."""

    def __init__(self, present: Counts) -> None:
        self._days = {name: Counter(getattr(present, name)) for name in DAYS}
        self._votes = {day: Counter(votes) for day, votes in present.votes.items()}
        self._channels = {day: Counter(ballots) for day, ballots in present.channels.items()}

    def add(self, times: int, ballot: Mapping[str, Any], kind: str | None, positions: Iterable[int]) -> None:
        """Count a ballot so many times more where its latest ruling, of this kind, puts it."""
        day, status = as_date(ballot["day"]), BallotStatus.COUNTED if kind is None else status_after(RulingKind[kind])
        self._days[COUNTED_IN[status]][day] += times
        if status is BallotStatus.COUNTED:
            self._channels.setdefault(day, Counter())[Channel[ballot["channel"]]] += times
            self._votes.setdefault(day, Counter()).update(dict.fromkeys(positions, times))

    @property
    def counts(self) -> Counts:
        return Counts(self._days["ballots"], self._votes, self._days["held"], self._days["voided"], self._channels)


def _packed(counts: Counts) -> bytes:
    days = {name: {day.isoformat(): n for day, n in getattr(counts, name).items() if n} for name in DAYS}
    votes = {day.isoformat(): {str(p): n for p, n in each.items() if n} for day, each in counts.votes.items()}
    channels = {day.isoformat(): {c.name: n for c, n in each.items() if n} for day, each in counts.channels.items()}
    return zlib.compress(orjson.dumps({**days, "votes": votes, "channels": channels}))


def _unpacked(packed: bytes) -> Counts:
    stored = orjson.loads(zlib.decompress(packed))
    ballots, held, voided = ({date.fromisoformat(day): n for day, n in stored[name].items()} for name in DAYS)
    votes = {date.fromisoformat(day): {int(p): n for p, n in each.items()} for day, each in stored["votes"].items()}
    channels = {
        date.fromisoformat(day): {Channel[c]: n for c, n in each.items()} for day, each in stored["channels"].items()
    }
    return Counts(ballots, votes, held, voided, channels)
