"""Who can be selected in a stage: the projects that have passed the stage before."""

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Outcome, Project, Replacement
from api.domain.campaigns.stages import Stage
from api.domain.selection.terms import StageKind


def earlier_stages(campaign: Campaign, stage: Stage) -> tuple[Stage, ...]:
    """Return the stages before this one, but for those before the vote."""
    before = campaign.stages[: [each.code for each in campaign.stages].index(stage.code)]
    return tuple(each for each in before if each.kind is not StageKind.SUBMISSION)


def later_stages(campaign: Campaign, stage: Stage) -> tuple[str, ...]:
    """Return the codes of the stages after this one."""
    codes = [each.code for each in campaign.stages]
    return tuple(codes[codes.index(stage.code) + 1 :])


def candidates(campaign: Campaign, stage: Stage) -> tuple[Project, ...]:
    """Return the projects that passed the stage before, by number; the first that is decided here takes all that are left.

    Where a project no longer stands and the next in rank moves up, it is none of them; where its seat stays vacant, it is.
    """
    passed = _passed(campaign, stage)
    return tuple(
        project
        for project in campaign.projects
        if project.number in passed and project.replacement is not Replacement.REFILL
    )


def _passed(campaign: Campaign, stage: Stage) -> frozenset[int]:
    for earlier in reversed(earlier_stages(campaign, stage)):
        if (selection := campaign.selection(earlier.code)) is not None:
            return selection.current.outcome.selected
    if (own := campaign.selection(stage.code)) is not None:  # a correction: outcomes are those of this stage already
        return frozenset(row.number for row in own.versions[0].outcome.rows)
    return frozenset(each.number for each in campaign.projects if each.outcome is not Outcome.NOT_SELECTED)
