"""A second round of voting: a campaign of its own, made of another one's outcome."""

from dataclasses import replace

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Outcome


def second_round(campaign: Campaign, stage: str) -> Campaign | None:
    """Return the campaign with those projects alone that passed a stage, and nothing announced.

    None where no outcome of the stage is announced. A project that no longer stands is not among them. The seed for lots is
    left out: it may have been shown.
    """
    selection = campaign.selection(stage)
    if selection is None:
        return None
    passed = selection.current.outcome.selected
    return replace(
        campaign,
        projects=tuple(
            replace(each, position=position, outcome=Outcome.CANDIDATE, award=None)
            for position, each in enumerate(
                (each for each in campaign.projects if each.number in passed and each.stands), 1
            )
        ),
        stages=tuple(
            each if campaign.selection(each.code) is None else replace(each, decided=False, decided_at=None)
            for each in campaign.stages
        ),
        published_at=None,
        lot_digest=None,
    )
