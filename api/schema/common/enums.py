"""Makes the domain's enums GraphQL enums, described by their docstrings and the values of their members."""

import inspect
from enum import EnumMeta
from typing import Any

import strawberry

from api.domain import audit_trail, paging, texts
from api.domain.campaigns import groups, problems, projects, search, stages, states
from api.domain.exchange import formats, jobs
from api.domain.integrity import rulings, suspicions
from api.domain.people import identity, reminders
from api.domain.results import ranking
from api.domain.review import terms as review_terms
from api.domain.selection import terms as selection_terms
from api.domain.selection import versions as selection_versions
from api.domain.voting import channels, quota, rules


def publish(enum: EnumMeta, name: str | None = None) -> None:
    """Make a domain enum a GraphQL enum, under its own name or another."""
    graphql_enum: Any = strawberry.enum(enum, name=name, description=inspect.getdoc(enum))
    for value, member in zip(graphql_enum.__strawberry_definition__.values, graphql_enum, strict=True):
        value.description = member.value


for domain_enum in (
    texts.Language,
    states.CampaignPhase,
    states.CampaignState,
    states.ResultsVisibility,
    states.ResultsStep,
    stages.StageStatus,
    stages.TieStep,
    selection_terms.StageKind,
    selection_terms.InputSource,
    selection_terms.Normalisation,
    selection_terms.CriterionSource,
    selection_versions.PublicationState,
    review_terms.AggregationMethod,
    review_terms.ExpertState,
    review_terms.ReviewState,
    problems.ProblemCode,
    rules.RuleCode,
    rules.ViolationCode,
    quota.QuotaPeriod,
    channels.Channel,
    groups.Grouping,
    projects.ProjectLevel,
    projects.Standing,
    projects.Outcome,
    projects.Replacement,
    projects.ProjectOrderField,
    search.SearchedField,
    ranking.ResultOrderField,
    identity.Role,
    identity.SignInProvider,
    reminders.ReminderKind,
    reminders.ReminderProblemCode,
    audit_trail.TrailKind,
    rulings.BallotStatus,
    rulings.RulingProblemCode,
    suspicions.SuspicionKind,
    problems.ErrorPolicy,
    jobs.JobKind,
    jobs.JobState,
    formats.FileFormat,
    formats.ExportContent,
    formats.ImportContent,
):
    publish(domain_enum)
publish(paging.Direction, "OrderDirection")
