"""The rows of what is exported, in the order of their columns (domain.exchange.export_tables)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from api.domain.audit_trail import RecordedEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Project
from api.domain.exchange.tables import Row
from api.domain.exchange.turnout import TurnoutCell
from api.domain.results.ranking import Standings
from api.domain.results.vote_table import Standing
from api.domain.review.panel import Panel, Review, complete_total
from api.domain.rfc3339 import format_datetime
from api.domain.selection.versions import expert_scores, final_scores
from api.ports.exchange import ExportedBallot


def campaign_rows(tree: Mapping[str, Any]) -> Iterator[Row]:
    """Every value of a campaign's tree, with its place."""
    yield from _values((), tree)


def _values(place: tuple[str, ...], value: Any) -> Iterator[Row]:
    match value:
        case Mapping():
            for key, each in value.items():
                yield from _values((*place, key), each)
        case list() | tuple():
            for number, each in enumerate(value, 1):
                yield from _values((*place, str(number)), each)
        case bool():
            yield ".".join(place), str(value).lower()
        case datetime():
            yield ".".join(place), format_datetime(value)
        case date():
            yield ".".join(place), value.isoformat()
        case _:
            yield ".".join(place), str(value)


def project_row(project: Project) -> Row:
    return (
        project.number,
        project.code,
        project.title,
        project.summary,
        project.description,
        project.organization,
        project.level.name,
        project.district.code if project.district else None,
        project.district.name if project.district else None,
        [theme.code for theme in project.themes],
        project.start_year,
        project.cost,
        project.standing.name,
        project.standing_reason,
        project.outcome.name,
        project.award,
    )


def ballot_rows(ballots: Sequence[ExportedBallot], numbers: Mapping[int, int]) -> list[Row]:
    """The rows of ballots. numbers: of the projects, by position; which are in the same order."""
    return [
        (ballot.day, ballot.channel.name, [numbers[position] for position in ballot.positions]) for ballot in ballots
    ]


def result_rows(standings: Standings) -> Iterator[Row]:
    """What the query `results` shows of each project, by rank."""
    campaign = standings.campaign
    by_experts, final = expert_scores(campaign.selections), final_scores(campaign.selections)
    for standing in standings.ranked:
        project = campaign.by_number[standing.number]
        scores = by_experts.get(project.number), final.get(project.number)
        yield (standing.rank, project.number, project.code, project.title, *_result(standing, project, scores))


def _result(standing: Standing, project: Project, scores: tuple[Any, Any]) -> Row:
    return (
        project.district.code if project.district else None,
        standing.votes,
        standing.share,
        standing.district_rank,
        standing.tie_count,
        standing.gain,
        *scores,
        project.standing.name,
        project.outcome.name,
        project.award,
    )


def turnout_row(cell: TurnoutCell) -> Row:
    channel = None if cell.channel is None else cell.channel.name
    return (cell.day, cell.hour, channel, cell.ballots, cell.ballots is None)


def review_row(panel: Panel, review: Review) -> Row:
    campaign, at = panel.campaign, review.updated_at
    return (
        review.expert,
        panel.by_number[review.expert].name,
        review.project,
        campaign.by_number[review.project].title,
        review.state.name,
        review.assigned,
        {each.code: review.scores[each.code] for each in campaign.criteria if each.code in review.scores},
        complete_total(review, campaign.criteria),
        review.comment,
        review.reason,
        review.by_organizer,
        review.revision,
        None if at is None or not review.revision else campaign.calendar.local(at),
    )


def trail_row(recorded: RecordedEvent, campaign: Campaign) -> Row:
    event = recorded.event
    details = {name: detail_text(value) for name, value in event.details.items()}
    return (recorded.number, campaign.calendar.local(event.at), event.kind.name, event.actor, details)


def detail_text(value: object) -> str:
    """A particular of an entry of the trail as text; several values are separated by a comma and a space."""
    if isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value)
