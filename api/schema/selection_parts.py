"""The parts of what stages decide that stand for themselves."""

from decimal import Decimal

import strawberry

from api.domain.exact import plain
from api.domain.selection import outcome
from api.domain.selection.terms import InputSource


@strawberry.type(description="What one input is for a candidate, from the value as it came to its part of the score.")
class InputScore:
    """Shows domain.selection.outcome.InputScore."""

    source: InputSource = strawberry.field(description="Where the value comes from.")
    weight: Decimal = strawberry.field(description="The weight of the input.")
    value: Decimal = strawberry.field(
        description="The value: votes, what the experts' scores come to, or expert ballots."
    )
    normalised: Decimal = strawberry.field(description="The value made comparable with other inputs, rounded.")
    weighted: Decimal = strawberry.field(description="`weight` times `normalised`, not rounded.")

    @classmethod
    def of(cls, value: outcome.InputScore) -> "InputScore":
        return cls(
            source=value.stage_input.source,
            weight=plainly(value.stage_input.weight),
            value=plainly(value.value),
            normalised=plainly(value.normalised),
            weighted=plainly(value.weighted),
        )


def plainly(value: Decimal) -> Decimal:
    """Return a number without needless zeros, as the trace has it."""
    return Decimal(plain(value))


def optional_plainly(value: Decimal | None) -> Decimal | None:
    """Return the same of a number that may be missing."""
    return None if value is None else plainly(value)
