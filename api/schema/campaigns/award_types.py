"""What projects can win."""

from decimal import Decimal
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns import campaign, parts
from api.schema.campaigns import LAZY, project_types
from api.schema.common.texts import own_text


def award_of(campaign: campaign.Campaign, code: str | None) -> "Award | None":
    """Return the award of a code; None for none."""
    found = (award for award in campaign.awards if award.code == code)
    return next((Award.of(award, campaign) for award in found), None)


@strawberry.type(description="What projects can win in a campaign, and how many of them.")
class Award:
    """Shows domain.campaigns.campaign.Award."""

    value: strawberry.Private[parts.Award]
    stands_in: strawberry.Private[campaign.Campaign]
    code: str = strawberry.field(description="Its name for programs, unique within the campaign.")
    name: str = own_text(lambda award: award.value.name, "Its name for people.")
    seats: int = strawberry.field(description="How many projects can win it at most.")
    threshold: Decimal | None = strawberry.field(
        description="The lowest score of the last stage that wins it; null where every score does."
    )

    @classmethod
    def of(cls, award: parts.Award, stands_in: campaign.Campaign) -> "Award":
        return cls(value=award, stands_in=stands_in, code=award.code, seats=award.seats, threshold=award.threshold)

    @strawberry.field(description="Those that have won it, by number; none until that is published.")
    def projects(self, info: Info) -> list[Annotated["project_types.Project", LAZY]]:
        project = project_types.projects_by_number(self.stands_in, info.context.snapshot)
        return [project(each.number) for each in self.stands_in.projects if each.award == self.code]
