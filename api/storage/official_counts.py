"""The official counts of one campaign by channel: the tallies, less what is held or voided and votes that do not count."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date

from api.domain.selection.official_counts import OfficialCounts
from api.domain.voting.channels import Channel
from api.storage.database.connection import Database, as_date

# project 0 stands for the ballots themselves; under negative positions are voided votes on ballots that count (withdrawals).
SUMS = """
    select day, channel, 0 as project, cast(sum(ballots) as bigint) as total, 0 as held
    from turnouts where campaign_id = $1 group by day, channel
    union all
    select day, channel, project, cast(sum(votes) as bigint), 0
    from tallies where campaign_id = $1 group by day, channel, project
    union all
    select day, channel, project, case when project < 0 then voided - held else -held - voided end, held
    from withdrawals where campaign_id = $1
"""


async def official_counts(database: Database, campaign: str, days: Collection[date]) -> OfficialCounts:
    """Count the ballots of these voting days, which are those of the campaign."""
    held, ballots = 0, Counter[Channel]()
    votes: defaultdict[int, Counter[Channel]] = defaultdict(Counter)
    for row in await database.rows(SUMS, campaign):
        if as_date(row["day"]) not in days:
            continue
        project, channel = row["project"], Channel[row["channel"]]
        if project == 0:
            ballots[channel] += row["total"]
            held += row["held"]
        else:
            votes[abs(project)][channel] += row["total"] if project > 0 else -row["total"]
    counting = {position: +by_channel for position, by_channel in votes.items()}
    return OfficialCounts(+ballots, {position: each for position, each in counting.items() if each}, held)
