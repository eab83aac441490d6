"""A campaign as the tree of its file: the inverse of reading one. Keys that have their defaults are left out."""

from typing import Any

from api.domain.campaigns.campaign import Campaign, ResultsStep
from api.domain.campaigns.projects import Figure, Image, Outcome, Project, ProjectLevel
from api.domain.campaigns.stages import Stage
from api.domain.texts import LocalizedText
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule

Tree = dict[str, Any]


def campaign_tree(campaign: Campaign) -> Tree:
    """The tree of a campaign, its projects included."""
    window = campaign.window
    source = campaign.source
    return _given(
        slug=campaign.slug,
        title=_text(campaign.title),
        edition=campaign.edition,
        organizer=_text(campaign.organizer),
        time_zone=campaign.time_zone,
        languages=None if campaign.languages == ("zh", "en") else list(campaign.languages),
        candidate_term=_text(campaign.candidate_term),
        currency=campaign.currency,
        cover=_image(campaign.cover) if campaign.cover else None,
        source=source and _given(publisher=source.publisher, published=source.published, url=source.url),
        published_at=campaign.published_at,
        results_visibility=campaign.visibility.name,
        results_at=campaign.results_at and f"{campaign.results_at:%H:%M}",
        results_step=None if campaign.results_step is ResultsStep.SECOND else campaign.results_step.name,
        own_districts=[{"code": each.code, "name": _text(each.name)} for each in campaign.own_districts],
        themes=[
            _given(code=each.code, name=_text(each.name), description=_text(each.description))
            for each in campaign.themes
        ],
        awards=[{"code": each.code, "name": _text(each.name), "seats": each.seats} for each in campaign.awards],
        voting_window={"opens_at": window.opens_at, "closes_at": window.closes_at},
        rules=_rules(campaign),
        stages=[_stage(stage) for stage in campaign.stages],
        criteria=[{"code": each.code, "name": _text(each.name)} for each in campaign.criteria],
    ) | {"projects": [project_tree(project) for project in campaign.projects]}


def project_tree(project: Project) -> Tree:
    """The tree of a project."""
    return _given(
        number=project.number,
        code=project.code,
        title=_text(project.title),
        summary=_text(project.summary),
        description=_text(project.description),
        organization=_text(project.organization),
        level=None if project.level is ProjectLevel.UNSTATED else project.level.name,
        district=project.district and project.district.code,
        themes=[theme.code for theme in project.themes],
        start_year=project.start_year,
        figures=[_figure(figure) for figure in project.figures],
        images=[_image(image) for image in project.images],
        links=[{"title": _text(link.title), "url": link.url} for link in project.links],
        cost=None if project.cost is None else f"{project.cost:f}",
        outcome=None if project.outcome is Outcome.CANDIDATE else project.outcome.name,
        award=project.award,
    )


def _rules(campaign: Campaign) -> Tree:
    choices, quota, rules = campaign.choices, campaign.quota, campaign.rules
    budget = next((rule for rule in rules if isinstance(rule, BudgetRule)), None)
    votes = next((rule for rule in rules if isinstance(rule, VoteQuotaRule)), None)
    hours = next((rule for rule in rules if isinstance(rule, VotingHoursRule)), None)
    eligibility = next((rule for rule in rules if isinstance(rule, EligibilityRule)), None)
    return _given(
        choices=None if votes else {"minimum": choices.minimum, "maximum": choices.maximum},
        quota=None
        if votes
        else _given(limit=quota.limit, period=quota.period.name, per_channel=quota.per_channel or None),
        groups=[
            _given(group_by=rule.group_by.name, group=rule.group, minimum=rule.minimum, maximum=rule.maximum)
            for rule in rules
            if isinstance(rule, GroupChoiceRule)
        ],
        budget=budget and {"limit": f"{budget.limit:f}"},
        votes=votes and {"limit": votes.limit, "per_project": votes.per_project, "period": votes.period.name},
        hours=hours and {"from": f"{hours.start:%H:%M}", "until": f"{hours.end:%H:%M}"},
        eligibility=eligibility and _eligibility(eligibility),
    )


def _eligibility(rule: EligibilityRule) -> Tree:
    claims = [_given(claim=claim.claim, values=list(claim.values)) for claim in rule.claims]
    return _given(claims=claims, description=_text(rule.described))


def _stage(stage: Stage) -> Tree:
    return _given(
        code=stage.code,
        name=_text(stage.name),
        seats=stage.seats,
        decided=stage.decided,
        decided_at=stage.decided_at,
        formula=stage.formula,
        ties=[step.name for step in stage.ties],
    )


def _figure(figure: Figure) -> Tree:
    return _given(
        label=_text(figure.label),
        value=figure.value,
        value_en=figure.value_en,
        unit=_text(figure.unit),
        year=figure.year,
    )


def _image(image: Image) -> Tree:
    return {"url": image.url, "width": image.width, "height": image.height, "alternative": _text(image.alternative)}


def _text(text: LocalizedText | None) -> dict[str, str] | None:
    return None if text is None else dict(text.translations)


def _given(**values: Any) -> Tree:
    """The values that say something."""
    return {name: value for name, value in values.items() if value is not None and value != []}
