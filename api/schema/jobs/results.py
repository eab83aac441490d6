"""What came of an import."""

from collections.abc import Iterable

import strawberry

from api.domain.exchange import jobs
from api.domain.voting.rules import ViolationCode
from api.schema.common.scalars import SafeInt


@strawberry.type(description="Ballots of a file that were refused for the same reason.")
class RefusedBallots:
    """One pair of domain.exchange.jobs.ImportResult.refused."""

    code: ViolationCode = strawberry.field(
        description="Why. A ballot that breaks several rules is counted under the first of its violations alone."
    )
    count: SafeInt = strawberry.field(description="How many ballots.")


@strawberry.type(description="The votes of a project, as the file states them and as its ballots say.")
class ProjectTotal:
    """One project of domain.exchange.jobs.ImportResult."""

    code: str = strawberry.field(description="The project as the file writes it; in a campaign it is `Project.code`.")
    official: SafeInt | None = strawberry.field(
        description="The votes that the file itself states; null where it states none."
    )
    counted: SafeInt = strawberry.field(description="The votes of its ballots that were accepted.")


@strawberry.type(
    description="What came of an import. Of ballots that wait for an approval: what will come of it, for whoever approves to "
    "compare with the paper."
)
class ImportResult:
    """Shows domain.exchange.jobs.ImportResult."""

    value: strawberry.Private[jobs.ImportResult]
    projects: int = strawberry.field(description="How many projects were stored.")
    accepted: SafeInt = strawberry.field(description="How many ballots were accepted.")

    @classmethod
    def of(cls, value: jobs.ImportResult) -> "ImportResult":
        return cls(value=value, projects=value.projects, accepted=SafeInt(value.accepted))

    @strawberry.field(description="The ballots that the rules refuse, by the reason; empty where there is none.")
    def refused(self) -> list[RefusedBallots]:
        return [
            RefusedBallots(code=ViolationCode[code], count=SafeInt(count)) for code, count in self.value.refused.items()
        ]

    @strawberry.field(description="The votes of every project that has any, in the order of the file.")
    def totals(self) -> list[ProjectTotal]:
        return self._totals(dict.fromkeys([*(self.value.official or ()), *self.value.counted]))

    @strawberry.field(
        description="Those of the totals in which the file disagrees with its own ballots; real files do. The ballots count."
    )
    def differences(self) -> list[ProjectTotal]:
        return self._totals(each.code for each in self.value.differences)

    def _totals(self, codes: Iterable[str]) -> list[ProjectTotal]:
        official, counted = self.value.official, self.value.counted
        return [
            ProjectTotal(
                code=code,
                official=None if official is None or code not in official else SafeInt(official[code]),
                counted=SafeInt(counted.get(code, 0)),
            )
            for code in codes
        ]
