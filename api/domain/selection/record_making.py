"""Make the record of a stage of what is stored of its campaign."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.stages import Stage
from api.domain.review.aggregation import Scored
from api.domain.selection.candidates import candidates
from api.domain.selection.expert_ballots import CastExpertBallot
from api.domain.selection.official_counts import OfficialCounts
from api.domain.selection.organizer_inputs import OrganizerInputs
from api.domain.selection.record import Candidate, ExpertBallot, Record
from api.domain.selection.sources import needs_expert_ballots, needs_reviews
from api.domain.selection.stage_rules import rules_of


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """What is stored of the vote and of the experts: those who were not dropped, and how many were.

    uncounted: how many ballots there are in approved batches of polling places that are not wholly counted.
    """

    counts: OfficialCounts
    reviews: Sequence[Scored] = ()
    expert_ballots: Sequence[CastExpertBallot] = ()
    dropped: int = 0
    uncounted: int = 0


def record_of_stage(campaign: Campaign, stage: Stage, inputs: StoredInputs, given: OrganizerInputs) -> Record:
    """Make the record, with those reviews and expert ballots alone that the stage goes by."""
    rules, votes = rules_of(campaign, stage), inputs.counts.votes
    named = {
        each.number: Candidate(each.number, votes.get(each.position, {}), vacates=not each.stands)
        for each in candidates(campaign, stage)
    }
    reviews = inputs.reviews if needs_reviews(rules) else ()
    ballots = inputs.expert_ballots if needs_expert_ballots(rules) else ()
    return Record(
        campaign=campaign.slug,
        stage=stage.code,
        rules=rules,
        candidates=tuple(named.values()),
        ballots=inputs.counts.ballots,
        reviews=tuple(each for each in reviews if each.project in named),
        expert_ballots=tuple(
            ExpertBallot(each.expert, frozenset(each.projects).intersection(named)) for each in ballots
        ),
        decisions=given.decisions,
        decision=given.decision,
        seed=given.seed,
        dropped=inputs.dropped,
    )
