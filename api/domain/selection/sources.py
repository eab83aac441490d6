"""What a stage goes by, in its inputs or to break ties."""

from api.domain.selection.record import StageRules
from api.domain.selection.terms import CriterionSource, InputSource

REVIEWED = (CriterionSource.EXPERT_SCORES, CriterionSource.CRITERION)


def needs_reviews(rules: StageRules) -> bool:
    """Whether it goes by what experts make of the projects."""
    return rules.has_input(InputSource.EXPERT_SCORES) or any(each.source in REVIEWED for each in rules.further_criteria)


def needs_expert_ballots(rules: StageRules) -> bool:
    """Whether it goes by the ballots of the experts."""
    further = CriterionSource.EXPERT_BALLOT
    return rules.has_input(InputSource.EXPERT_BALLOT) or any(each.source is further for each in rules.further_criteria)
