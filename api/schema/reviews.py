"""Find experts and reviews, for those who may see them."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.ids import ExpertId, ReviewId
from api.schema.campaigns.review_types import Review
from api.schema.experts import Expert

ReviewsCampaign = Annotated[
    str | None, strawberry.argument(description="The campaign's slug; left out, all that the viewer is an expert of.")
]


async def find_expert(info: Info, name: ExpertId) -> Expert | None:
    """Find an expert by their id; None for whoever may not see them, as where there is none."""
    info.context.keep_private()
    campaign = info.context.snapshot.directory.campaigns.get(name.campaign)
    found = None if campaign is None else await info.context.panels.expert(campaign, name.number)
    return None if campaign is None or found is None else Expert.of(found, campaign)


async def find_review(info: Info, name: ReviewId) -> Review | None:
    """Find a review by its id; None for whoever may not see it, as where there is none."""
    info.context.keep_private()
    campaign = info.context.snapshot.directory.campaigns.get(name.campaign)
    if campaign is None or name.project not in campaign.by_number:
        return None
    found = await info.context.panels.review(campaign, name.expert, name.project)
    return None if found is None else Review.of(found[1], found[0])


async def own_reviews(info: Info, campaign: str | None) -> list[Review]:
    """The viewer's own reviews. Raises ApiError NOT_FOUND for an unknown campaign."""
    context = info.context
    context.keep_private()
    slugs = await context.panels.campaigns() if campaign is None else [context.campaign(campaign).slug]
    found = []
    for slug in slugs:
        known = context.snapshot.directory.campaigns.get(slug)
        own = None if known is None else await context.panels.own(known)
        if own is not None:
            panel, expert = own
            found += [Review.of(each, panel) for each in panel.reviews_of(expert)]
    return found
