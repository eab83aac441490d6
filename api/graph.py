"""Assemble the schema from its queries, mutations and subscriptions."""

from collections.abc import Mapping
from functools import cache

import strawberry
from graphql import GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from api.resolvers.audit_trail import TrailQueries
from api.resolvers.ballots import BallotQueries
from api.resolvers.campaigns import CampaignQueries
from api.resolvers.cast_ballot import CastBallotMutation
from api.resolvers.moderate_ballots import ModerateBallotsMutations
from api.resolvers.results import ResultQueries
from api.resolvers.results_changed import ResultSubscriptions
from api.resolvers.sign_in import SignInMutation
from api.resolvers.suspicions import SuspicionQueries
from api.resolvers.viewer import ViewerQueries
from api.schema.rules import RULES
from api.schema.scalars import SCALARS
from api.schema.violations import VIOLATIONS

# How long the lists are that no page bounds, by what decides it or as they may be expected: what an operation costs.
LIST_SIZES: Mapping[str, int | str] = {
    "Ballot.projects": 30,
    "Campaign.criteria": 8,
    "Campaign.districts": 20,
    "Campaign.rules": 6,
    "Campaign.stages": 5,
    "CastBallotPayload.violations": 5,
    "Project.figures": 6,
    "Query.checkBallot": 5,
    "Query.districts": 20,
    "Query.nodes": "ids",
    "Query.signInMethods": 4,
    "Result.byDay": 15,
    "Result.tiedWith": 50,  # all of a campaign, while nobody has voted
    "RulingPayload.ballots": 100,
    "RulingPayload.problems": 5,
    "TrailEntry.details": 8,
    "Turnout.byDay": 15,
    "Viewer.ballots": 15,
}


@strawberry.type(description="Everything that can be read.")
class Query(CampaignQueries, ResultQueries, BallotQueries, ViewerQueries, TrailQueries, SuspicionQueries):
    """All queries."""


@strawberry.type(description="Everything that can be changed. Mutations of one request run one after the other.")
class Mutation(SignInMutation, CastBallotMutation, ModerateBallotsMutations):
    """All mutations."""


@strawberry.type(
    description="Everything that can be watched, over a WebSocket (`graphql-transport-ws`) or server-sent events "
    "(`graphql-sse`) at the same address."
)
class Subscription(ResultSubscriptions):
    """All subscriptions."""


@cache
def schema() -> strawberry.Schema:
    """The schema, with the types that only an interface leads to. It never changes, so it is made once."""
    config = StrawberryConfig(scalar_map=dict(SCALARS))
    made = strawberry.Schema(
        Query, Mutation, Subscription, types=[*RULES.values(), *VIOLATIONS.values()], config=config
    )
    _drop_null_defaults(made._schema)
    return made


def sdl() -> str:
    """The schema as its language writes it: what schema.graphql holds."""
    return schema().as_str() + "\n"


def _drop_null_defaults(built: GraphQLSchema) -> None:
    """Optional arguments are left out, not null by default: the schema says no more than is meant."""
    for published in built.type_map.values():
        for field in getattr(published, "fields", {}).values():
            for optional in (field, *getattr(field, "args", {}).values()):
                if getattr(optional, "default_value", Undefined) is None:
                    optional.default_value = Undefined
