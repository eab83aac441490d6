"""Write a campaign of the domain as the tree that it is read from: the inverse of campaigns."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Figure, Image, Project, ProjectLevel
from api.domain.campaigns.stages import Stage
from api.domain.texts import LocalizedText
from api.domain.voting.rules import FurtherRule
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.eligibility import EligibilityRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import VotingHoursRule
from api.domain.voting.rules.votes import VoteQuotaRule

Tree = dict[str, Any]


def tree_of(campaign: Campaign, viewers: tuple[str, ...] = ()) -> Tree:
    """Return the tree of a campaign. viewers: the pseudonyms on its list of voters, where it has one."""
    return _given(
        {
            "slug": campaign.slug,
            "edition": campaign.edition,
            "time_zone": campaign.time_zone,
            "languages": list(campaign.languages),
            "candidate_term": _text(campaign.candidate_term),
            "title": _text(campaign.title),
            "organizer": _text(campaign.organizer),
            "currency": campaign.currency,
            "cover": _image(campaign.cover) if campaign.cover else None,
            "results_visibility": campaign.visibility.name,
            "results_at": f"{campaign.results_at:%H:%M}" if campaign.results_at else None,
            "results_step": campaign.results_step.name if campaign.visibility.name == "LIVE" else None,
            "published_at": campaign.published_at,
            "voting_window": {"opens_at": campaign.window.opens_at, "closes_at": campaign.window.closes_at},
            "rules": _rules(campaign, viewers),
            "source": _source(campaign),
            "stages": [_stage(stage) for stage in campaign.stages],
            "themes": [
                _given({"code": t.code, "name": _text(t.name), "description": _text(t.description)})
                for t in campaign.themes
            ],
            "own_districts": [{"code": d.code, "name": _text(d.name)} for d in campaign.own_districts],
            "awards": [{"code": a.code, "name": _text(a.name), "seats": a.seats} for a in campaign.awards],
            "criteria": [{"code": c.code, "name": _text(c.name)} for c in campaign.criteria],
            "projects": [project_tree(project) for project in campaign.projects],
        }
    )


def project_tree(project: Project) -> Tree:
    """Return the tree of one project."""
    return _given(
        {
            "number": project.number,
            "code": project.code,
            "title": _text(project.title),
            "summary": _text(project.summary),
            "description": _text(project.description),
            "organization": _text(project.organization),
            "level": None if project.level is ProjectLevel.UNSTATED else project.level.name,
            "district": project.district.code if project.district else None,
            "themes": [theme.code for theme in project.themes],
            "start_year": project.start_year,
            "figures": [_figure(figure) for figure in project.figures],
            "images": [_image(image) for image in project.images],
            "links": [{"title": _text(link.title), "url": link.url} for link in project.links],
            "cost": _amount(project.cost),
            "outcome": project.outcome.name,
            "award": project.award,
        }
    )


def _rules(campaign: Campaign, viewers: tuple[str, ...]) -> Tree:
    groups = [_rule(rule, viewers) for rule in campaign.rules if isinstance(rule, GroupChoiceRule)]
    others = {_key(rule): _rule(rule, viewers) for rule in campaign.rules if not isinstance(rule, GroupChoiceRule)}
    quota = campaign.quota
    if "votes" not in others:
        others["choices"] = {"minimum": campaign.choices.minimum, "maximum": campaign.choices.maximum}
        others["quota"] = {"limit": quota.limit, "period": quota.period.name, "per_channel": quota.per_channel}
    return _given({**others, "groups": groups})


def _key(rule: FurtherRule) -> str:
    keys = {"BUDGET": "budget", "VOTE_QUOTA": "votes", "VOTING_HOURS": "hours", "ELIGIBILITY": "eligibility"}
    return keys[rule.kind]


def _rule(rule: FurtherRule, viewers: tuple[str, ...]) -> Tree:
    match rule:
        case GroupChoiceRule():
            bounds = {"minimum": rule.minimum, "maximum": rule.maximum}
            return _given({"group_by": rule.group_by.name, "group": rule.group, **bounds})
        case BudgetRule():
            return {"limit": _amount(rule.limit)}
        case VoteQuotaRule():
            return {"limit": rule.limit, "per_project": rule.per_project, "period": rule.period.name}
        case VotingHoursRule():
            return {"from": f"{rule.start:%H:%M}", "until": f"{rule.end:%H:%M}"}
        case EligibilityRule():
            claims = [_given({"claim": claim.claim, "values": list(claim.values)}) for claim in rule.claims]
            named = [f"viewer/{viewer}" for viewer in viewers] if rule.listed else []
            return _given({"claims": claims, "viewers": named, "description": _text(rule.described)})


def _source(campaign: Campaign) -> Tree | None:
    source = campaign.source
    if source is None:
        return None
    return _given({"publisher": source.publisher, "published": source.published, "url": source.url})


def _stage(stage: Stage) -> Tree:
    return _given(
        {
            "code": stage.code,
            "name": _text(stage.name),
            "seats": stage.seats,
            "decided": stage.decided,
            "decided_at": stage.decided_at,
            "formula": stage.formula,
            "ties": [step.name for step in stage.ties],
        }
    )


def _figure(figure: Figure) -> Tree:
    words = {"label": _text(figure.label), "value": figure.value, "value_en": figure.value_en}
    return _given({**words, "unit": _text(figure.unit), "year": figure.year})


def _image(image: Image) -> Tree:
    size = {"width": image.width, "height": image.height}
    return {"url": image.url, **size, "alternative": _text(image.alternative)}


def _text(text: LocalizedText | None) -> dict[str, str] | None:
    return None if text is None else dict(text.translations)


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _given(values: Mapping[str, Any]) -> Tree:
    """Leave out what a campaign does not have."""
    return {key: value for key, value in values.items() if value is not None and value != []}
