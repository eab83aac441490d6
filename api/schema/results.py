"""The parts of results: votes by day, the cut line, turnout, and the words and the argument of their fields."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from api.domain.results import cut_line, ranking
from api.domain.voting.channels import Channel
from api.schema.common.scalars import SafeInt

AS_OF = (
    "The moment that this is as of, at most one second ago; where the campaign's standings are seen in steps, or daily, the "
    "moment before which a ballot had to be cast to be counted here."
)
RESULTS = (
    "Its projects by rank, or in another order. Ranks are those of the whole campaign, whatever the filter keeps. Null, "
    "with an error `RESULTS_HIDDEN`, while the viewer may not see them."
)
DayArgument = Annotated[
    date | None,
    strawberry.argument(description="Count and rank the votes of this voting day alone; left out, of all days."),
]


@strawberry.type(description="A project's votes on one voting day.")
class DailyVotes:
    """Shows one entry of domain.results.vote_table.Standing.by_day."""

    day: date = strawberry.field(description="A voting day, in the campaign's zone.")
    votes: SafeInt = strawberry.field(description="Ballots cast on that day that chose the project.")


@strawberry.type(description="Where the next stage would cut if it went by votes alone.")
class CutLine:
    """Shows domain.results.cut_line.CutLine."""

    seats: int = strawberry.field(description="How many projects would pass.")
    votes: SafeInt = strawberry.field(description="The votes of the last project that would pass.")
    crosses_tie: bool = strawberry.field(
        description="Whether the first project that would not pass has just as many votes, so that votes alone cannot decide."
    )

    @classmethod
    def of(cls, line: cut_line.CutLine) -> "CutLine":
        return cls(seats=line.seats, votes=SafeInt(line.votes), crosses_tie=line.crosses_tie)


@strawberry.type(description="The ballots of one voting day.")
class DailyTurnout:
    """Shows one entry of domain.results.ranking.Standings.turnout."""

    day: date = strawberry.field(description="A voting day, in the campaign's zone.")
    ballots: SafeInt = strawberry.field(description="Ballots cast on that day, less those held or voided.")


@strawberry.type(description="The ballots of one channel.")
class ChannelTurnout:
    """Shows one entry of domain.results.ranking.Standings.by_channel."""

    channel: Channel = strawberry.field(description="The way they came by.")
    ballots: SafeInt = strawberry.field(description="Ballots that came by it, less those held or voided.")


@strawberry.type(
    description="How many ballots were cast. It tells nothing about any project and is always public. `ballots`, `held` and "
    "`voided` together are all that were ever cast: none is deleted."
)
class Turnout:
    """Shows the totals of domain.results.ranking.Standings."""

    ballots: SafeInt = strawberry.field(description="Ballots that count: cast so far, less those held or voided.")
    held: SafeInt = strawberry.field(
        description="Ballots that the organizer has set aside while looking into them. They do not count until released."
    )
    voided: SafeInt = strawberry.field(description="Ballots that the organizer has voided. They never count.")
    choices: SafeInt = strawberry.field(description="All projects named on all ballots that count.")
    mean_choices: float = strawberry.field(description="Projects per ballot; 0 while there is no ballot.")
    by_day: list[DailyTurnout] = strawberry.field(description="Ballots on every voting day that has begun.")
    by_channel: list[ChannelTurnout] = strawberry.field(
        description="Ballots by the channel that they came by; channels by which none came are left out."
    )
    as_of: datetime = strawberry.field(description=AS_OF)

    @classmethod
    def of(cls, standings: ranking.Standings) -> "Turnout":
        ballots, choices = standings.ballots, standings.choices
        return cls(
            ballots=SafeInt(ballots),
            held=SafeInt(standings.held),
            voided=SafeInt(standings.voided),
            choices=SafeInt(choices),
            mean_choices=choices / ballots if ballots else 0.0,
            by_day=[DailyTurnout(day=day, ballots=SafeInt(count)) for day, count in standings.turnout],
            by_channel=[
                ChannelTurnout(channel=channel, ballots=SafeInt(count)) for channel, count in standings.by_channel
            ],
            as_of=standings.as_of,
        )
