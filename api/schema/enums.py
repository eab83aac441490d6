"""How the domain's enums are published: under their own names, each value described by what it means there."""

import inspect
from enum import EnumMeta
from typing import Any

import strawberry

from api.domain import (
    campaigns,
    filtering,
    paging,
    people,
    projects,
    quota,
    ranking,
    rulings,
    suspicions,
    texts,
    trail,
    violations,
)


def publish(enum: EnumMeta, name: str | None = None) -> None:
    """Make a domain enum a GraphQL enum; its docstring and its members' values become the descriptions."""
    published: Any = strawberry.enum(enum, name=name, description=inspect.getdoc(enum))
    for value, member in zip(published.__strawberry_definition__.values, published, strict=True):
        value.description = member.value


for domain_enum in (
    texts.Language,
    campaigns.CampaignPhase,
    campaigns.ResultsVisibility,
    campaigns.StageStatus,
    violations.RuleCode,
    violations.ViolationCode,
    quota.QuotaPeriod,
    projects.ProjectLevel,
    projects.Theme,
    projects.Outcome,
    filtering.ProjectOrderField,
    ranking.ResultOrderField,
    people.Role,
    people.SignInDoor,
    trail.TrailKind,
    rulings.BallotStatus,
    rulings.RulingProblemCode,
    suspicions.SuspicionKind,
):
    publish(domain_enum)
publish(paging.Direction, "OrderDirection")
