"""What becomes of a campaign when a stage's outcome is announced, corrected or confirmed."""

from dataclasses import replace
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement
from api.domain.campaigns.projects import Outcome, Project
from api.domain.campaigns.stages import Stage
from api.domain.selection.versions import SelectionVersion

PASSED = (Outcome.WINNER, Outcome.FINALIST)  # by how many stages follow; before those, whoever passes stays a candidate


def announced(campaign: Campaign, version: SelectionVersion, now: datetime, objections_until: datetime) -> Campaign:
    """The outcome is everybody's from now on, and objections to it are heard."""
    announcement = Announcement(version.stage, now, objections_until)
    places = {stage.code: place for place, stage in enumerate(campaign.stages)}
    announcements = sorted((*campaign.announcements, announcement), key=lambda each: places[each.stage])
    stages = (
        replace(stage, decided=True, decided_at=version.decided_at) if stage.code == version.stage else stage
        for stage in campaign.stages
    )
    return replace(
        with_outcomes(campaign, version),
        stages=tuple(stages),
        announcements=tuple(announcements),
        published_at=now,
    )


def with_outcomes(campaign: Campaign, version: SelectionVersion) -> Campaign:
    """Return the campaign with the outcomes and awards that a version of what a stage has decided gives its projects."""
    codes = [stage.code for stage in campaign.stages]
    following = len(codes) - 1 - codes.index(version.stage)
    passed = PASSED[following] if following < len(PASSED) else Outcome.CANDIDATE
    return replace(campaign, projects=tuple(_with_outcome(each, version, passed) for each in campaign.projects))


def _with_outcome(project: Project, version: SelectionVersion, passed: Outcome) -> Project:
    row = version.by_number.get(project.number)
    if row is None or not row.selected:
        return replace(project, outcome=Outcome.NOT_SELECTED, award=None)
    return replace(project, outcome=passed, award=row.award)


def confirmed(campaign: Campaign, stage: Stage, now: datetime) -> Campaign:
    """The outcome of a stage is final."""
    announcements = (
        replace(each, confirmed_at=now) if each.stage == stage.code else each for each in campaign.announcements
    )
    return replace(campaign, announcements=tuple(announcements))
