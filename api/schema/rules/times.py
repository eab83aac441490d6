"""The rules about when voting is open, their violations, and what organizers say of them."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from api.domain.voting.rules import base, hours, window
from api.schema.common.texts import text
from api.schema.rules.base import BallotRule, RuleViolation

FROM = "The first minute of a day in which a ballot is accepted, on the clocks of the campaign's zone, such as `09:00`."
UNTIL = (
    "The first minute in which no ballot is accepted any more, such as `22:00`; of the next day where it is not later."
)


@strawberry.type(description="A ballot is cast while voting is open: `opensAt <= t < closesAt`, and not in a pause.")
class VotingWindowRule(BallotRule):
    """Shows domain.voting.rules.window.VotingWindowRule."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(description="The first instant at which no ballot is accepted any more.")


@strawberry.type(description="Voting has not opened yet.")
class VotingNotOpen(RuleViolation):
    """Shows domain.voting.rules.window.VotingNotOpen."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")


@strawberry.type(description="Voting has closed.")
class VotingClosed(RuleViolation):
    """Shows domain.voting.rules.window.VotingClosed."""

    closed_at: datetime = strawberry.field(description="The instant at which voting closed.")


@strawberry.type(description="The organizer has paused voting.")
class VotingPaused(RuleViolation):
    """Shows domain.voting.rules.window.VotingPaused."""

    since: datetime = strawberry.field(description="When the pause began.")
    until: datetime | None = strawberry.field(description="When voting goes on; null while nobody has said.")
    reason: str = text(lambda violation: violation.value.reason, "Why, in the organizer's words.")


@strawberry.type(description="Ballots are accepted at certain hours of the day only.")
class VotingHoursRule(BallotRule):
    """Shows domain.voting.rules.hours.VotingHoursRule."""

    @strawberry.field(name="from", description=FROM)
    def start(self) -> str:
        return f"{self.value.start:%H:%M}"

    @strawberry.field(name="until", description=UNTIL)
    def end(self) -> str:
        return f"{self.value.end:%H:%M}"


@strawberry.type(description="Voting is not open at this hour.")
class OutsideVotingHours(RuleViolation):
    """Shows domain.voting.rules.hours.OutsideVotingHours."""

    opens_at: datetime | None = strawberry.field(
        description="The next instant at which a ballot is accepted; null when voting closes before that."
    )

    @strawberry.field(name="from", description=FROM)
    def start(self) -> str:
        return f"{self.value.start:%H:%M}"

    @strawberry.field(name="until", description=UNTIL)
    def end(self) -> str:
        return f"{self.value.end:%H:%M}"


@strawberry.input(description="The hours of the day in which ballots are accepted, on the campaign's clocks.")
class VotingHoursInput:
    """Becomes domain.voting.rules.hours.VotingHoursRule."""

    from_: str = strawberry.field(name="from", description="The first minute of them, `HH:MM`.")
    until: str = strawberry.field(
        description="The first minute after them, `HH:MM`; not after `from` means on the next day."
    )


@strawberry.input(description="When voting is open.")
class TimeRulesInput:
    """The part of RulesInput that is about it."""

    hours: VotingHoursInput | None = strawberry.field(default=UNSET, description="Hours of the day.")


RULES: dict[type[base.Rule], type[BallotRule]] = {
    window.VotingWindowRule: VotingWindowRule,
    hours.VotingHoursRule: VotingHoursRule,
}
VIOLATIONS: dict[type[base.Violation], type[RuleViolation]] = {
    window.VotingNotOpen: VotingNotOpen,
    window.VotingClosed: VotingClosed,
    window.VotingPaused: VotingPaused,
    hours.OutsideVotingHours: OutsideVotingHours,
}
