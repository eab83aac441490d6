"""How a stage of a campaign is decided, as its record states it."""

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.stages import Stage
from api.domain.selection.record import AwardRule, RubricCriterion, StageRules


def rules_of(campaign: Campaign, stage: Stage) -> StageRules:
    """Return the rules of one of the campaign's stages; awards belong to the last one alone."""
    panel = campaign.panel
    is_last = stage.code == campaign.stages[-1].code
    rubric = (RubricCriterion(each.code, each.weight, each.counted) for each in campaign.criteria)
    return StageRules(
        kind=stage.kind,
        seats=stage.seats,
        places=stage.places,
        threshold=stage.threshold,
        quorum=panel.quorum if panel else None,
        inputs=stage.scored_by,
        ties=stage.ties,
        further_criteria=stage.further_criteria,
        rubric=tuple(rubric) if panel else (),
        aggregation=panel.aggregation if panel else None,
        awards=tuple(AwardRule(each.code, each.seats, each.threshold) for each in campaign.awards) if is_last else (),
        lot_digest=campaign.lot_digest,
    )
