"""What is counted of one campaign's ballots, for its log."""

from collections import Counter
from datetime import date

from api.domain.log.results_document import DayCounts, LogCounts
from api.storage.database.connection import Database, as_date

DAYS = """
    select day, cast(sum(ballots) as bigint) as total, 0 as held, 0 as voided
    from turnouts where campaign_id = $1 group by day
    union all
    select day, 0, cast(sum(held) as bigint), cast(sum(voided) as bigint)
    from withdrawals where campaign_id = $1 and project = 0 group by day
"""
# Under a negative position: the votes that are voided whatever the ballot is, as withdrawals.py has them.
VOTES = """
    select project, cast(sum(votes) as bigint) as votes from tallies where campaign_id = $1 group by project
    union all
    select project, cast(sum(case when project > 0 then -held - voided else voided - held end) as bigint)
    from withdrawals where campaign_id = $1 and project <> 0 group by project
"""


async def log_counts(view: Database, campaign: str, *, with_votes: bool) -> LogCounts:
    """Count the ballots of a campaign, and its votes if they are wanted. view: a transaction or a snapshot."""
    days: dict[date, DayCounts] = {}
    for row in await view.rows(DAYS, campaign):
        day = as_date(row["day"])
        before = days.get(day, DayCounts())
        days[day] = DayCounts(before.cast + row["total"], before.held + row["held"], before.voided + row["voided"])
    votes = Counter[int]()
    for row in await view.rows(VOTES, campaign) if with_votes else ():
        votes[row["project"]] += row["votes"]
    counted = {position: number for position, number in votes.items() if position > 0}
    voided = {-position: number for position, number in votes.items() if position < 0}
    return LogCounts({day: counts for day, counts in days.items() if counts.cast}, counted, voided)
