"""Suspicions, and the input and payload of rulings on ballots."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Context, Info
from api.domain.errors import bad_input
from api.domain.ids import BallotId, parse_id, suspicion_id, suspicion_key
from api.domain.integrity import suspicions
from api.domain.integrity.rulings import MAX_REASON_LENGTH, MESSAGES, MIN_REASON_LENGTH, RulingProblemCode
from api.domain.integrity.suspicions import SuspicionKind
from api.domain.paging import MAX_PAGE_SIZE, page_size
from api.domain.texts import Text
from api.schema.ballots import Ballot
from api.schema.common.scalars import SafeInt
from api.schema.common.texts import text
from api.schema.inputs import ExactlyOne
from api.services.moderation import MAX_RULED_AT_ONCE

FirstBallots = Annotated[int, strawberry.argument(description=f"How many, 0 to {MAX_PAGE_SIZE}.")]


@strawberry.type(
    description="Ballots of one voting day that have something in common and came within a short time. It says what was seen, "
    "not that anything is wrong, and not whose ballots they are: nothing is stored from which that could be told."
)
class Suspicion:
    """Shows domain.integrity.suspicions.Suspicion."""

    value: strawberry.Private[suspicions.Suspicion]
    id: strawberry.ID = strawberry.field(description="Its name for `holdBallots` and the like.")
    kind: SuspicionKind = strawberry.field(description="What the ballots have in common.")
    first_at: datetime = strawberry.field(description="When the first of the ballots was cast.")
    last_at: datetime = strawberry.field(
        description="When the last of them was cast. A suspicion grows while it goes on."
    )
    kept_until: datetime = strawberry.field(
        description="When the suspicion is forgotten at the earliest. The ballots stay, with every ruling on them."
    )
    ballot_count: SafeInt = strawberry.field(
        description="All ballots that have this in common, cast from `firstAt` to `lastAt`, whatever their status."
    )
    held: SafeInt = strawberry.field(description="How many of them are held.")
    voided: SafeInt = strawberry.field(description="How many of them are voided.")

    @classmethod
    def of(cls, value: suspicions.Suspicion, context: Context) -> "Suspicion":
        local = context.snapshot.directory.campaigns[value.campaign].calendar.local
        return cls(
            value=value,
            id=strawberry.ID(suspicion_id(value.key)),
            kind=value.kind,
            first_at=local(value.first_at),
            last_at=local(value.last_at),
            kept_until=local(context.suspicion_detector.kept_until(value)),
            ballot_count=SafeInt(value.ballots),
            held=SafeInt(value.held),
            voided=SafeInt(value.voided),
        )

    @strawberry.field(description="The first of its ballots, by the time they were cast.")
    async def ballots(self, info: Info, first: FirstBallots = 20) -> list[Ballot] | None:
        context = info.context
        ids = await context.suspicion_detector.ballot_ids(self.value, page_size(first, "first"))
        return [Ballot.of(ballot, context) for ballot in await context.casting.find(ids)]


@strawberry.input(directives=[ExactlyOne()], description="Which ballots a ruling is made on: exactly one of these.")
class BallotsRuledOn:
    """Names the ballots one by one, or by a suspicion."""

    ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description=f"Ids of ballots, at most {MAX_PAGE_SIZE}."
    )
    suspicion: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"The id of a suspicion: its first {MAX_RULED_AT_ONCE} ballots that are open to the ruling. Ask again "
        "while the payload says `more`.",
    )


@strawberry.input(description="A decision about ballots.")
class RulingInput:
    """Becomes domain.integrity.rulings.Ruling."""

    ballots: BallotsRuledOn = strawberry.field(description="Which ballots it is about.")
    reason: str = strawberry.field(
        description=f"Why, in {MIN_REASON_LENGTH} to {MAX_REASON_LENGTH} characters. Whoever holds the id of one of the "
        "ballots reads it, the voter above all: say what was seen, and no more than they may know. It stays on record."
    )


@strawberry.type(description="Why a ruling was not made on one of the ballots.")
class RulingProblem:
    """Shows one of services.moderation.Decision.problems."""

    ballot_id: strawberry.ID = strawberry.field(description="The id as it was sent.")
    code: RulingProblemCode = strawberry.field(description="What stood in the way; stable, made for programs.")
    message: str = text(lambda problem: MESSAGES[problem.code], "What stood in the way, for people.")

    @classmethod
    def of(cls, ballot_id: str, code: RulingProblemCode) -> "RulingProblem":
        return cls(ballot_id=strawberry.ID(ballot_id), code=code)


@strawberry.type(description="What came of a ruling.")
class RulingPayload:
    """Shows services.moderation.Decision."""

    ballots: list[Ballot] = strawberry.field(description="The ballots that it was made on, as they now are.")
    problems: list[RulingProblem] = strawberry.field(
        description="The ballots among `ids` that it was not made on, each with the reason."
    )
    more: bool = strawberry.field(
        description="Whether further ballots of the suspicion are open to this ruling: send the same request again."
    )


def ballot_keys(ids: Iterable[str]) -> dict[str, str | None]:
    """Map each id to its ballot's key, None for an id of anything else. Raises ApiError BAD_INPUT for too many."""
    names = dict.fromkeys(ids)
    if len(names) > MAX_PAGE_SIZE:
        raise bad_input(
            Text(
                "ids最多{max_page_size}个，收到{names}个。",
                "ids takes at most {max_page_size} ids; it had {names}.",
                max_page_size=MAX_PAGE_SIZE,
                names=len(names),
            ),
            argument="input.ballots.ids",
        )
    return {name: node.key if isinstance(node := parse_id(name), BallotId) else None for name in names}


def key_of_suspicion(name: str) -> str:
    """Return the key in a suspicion's id. Raises ApiError BAD_INPUT for a text of another form."""
    if (key := suspicion_key(name)) is not None:
        return key
    raise bad_input(
        Text(
            "“{name}”不是可疑情况的id，其形如suspicion/后接26个字符。",
            "“{name}” is no suspicion's id; those are `suspicion/` and 26 characters.",
            name=name[:80],
        ),
        argument="input.ballots.suspicion",
    )
