"""Assemble the schema from its queries, mutations and subscriptions."""

from collections.abc import Mapping
from functools import cache

import strawberry
from graphql import GraphQLSchema, Undefined
from graphql.utilities.print_schema import print_description
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from api.resolvers.audit_trail import TrailQueries
from api.resolvers.ballots import BallotQueries
from api.resolvers.campaigns import CampaignQueries
from api.resolvers.cast_ballot import CastBallotMutation
from api.resolvers.cast_expert_ballot import CastExpertBallotMutation
from api.resolvers.check_campaigns import CheckCampaignQueries
from api.resolvers.edit_campaigns import EditCampaignsMutations
from api.resolvers.grants import GrantMutations, GrantQueries
from api.resolvers.jobs import JobQueries, JobSubscriptions
from api.resolvers.log import LogQueries
from api.resolvers.manage_jobs import ManageJobsMutations
from api.resolvers.manage_panel import ManagePanelMutations
from api.resolvers.moderate_ballots import ModerateBallotsMutations
from api.resolvers.publish import PublishMutations
from api.resolvers.reminders import ReminderMutations
from api.resolvers.results import ResultQueries
from api.resolvers.results_changed import ResultSubscriptions
from api.resolvers.review_projects import ReviewProjectsMutations
from api.resolvers.run_campaigns import RunCampaignsMutations
from api.resolvers.select import SelectMutations
from api.resolvers.sign_in import SignInMutation
from api.resolvers.suspicions import SuspicionQueries
from api.resolvers.viewer import ViewerQueries
from api.schema.common.description import DESCRIPTION
from api.schema.common.scalars import SCALARS
from api.schema.organisers.problems import PROBLEM_TYPES
from api.schema.rules import RULES, VIOLATIONS

# The expected length of each list that is not paged, or the argument that decides it, for the cost of operations.
LIST_SIZES: Mapping[str, int | str] = {
    "Ballot.projects": 30,
    "Award.projects": 10,
    "BallotLog.witnesses": 3,
    "Campaign.awards": 3,
    "Campaign.criteria": 8,
    "Campaign.districts": 20,
    "Campaign.extensions": 2,
    "Campaign.pauses": 2,
    "Campaign.reminderTemplates": 3,
    "Campaign.rules": 8,
    "Campaign.stages": 5,
    "Campaign.themes": 15,
    "CampaignPayload.problems": 5,
    "CastBallotPayload.violations": 5,
    "EligibilityRule.claims": 3,
    "Facets.districts": 20,
    "Facets.levels": 3,
    "Facets.themes": 15,
    "AssignmentPayload.assignments": 30,
    "AssignmentPayload.problems": 5,
    "ExpertAssignment.projects": 20,
    "ExpertPayload.problems": 2,
    "Invitation.conflicts": 2,
    "InvitationsPayload.invitations": 30,
    "InvitationsPayload.problems": 5,
    "Panel.experts": 30,
    "Panel.reviews": 300,
    "Panel.rubric": 8,
    "Panel.scores": 50,
    "PanelProgress.behind": 30,
    "PanelProgress.byExpert": 30,
    "PanelProgress.byProject": 50,
    "PanelProgress.reviews": 6,
    "Review.history": 5,
    "Review.scores": 8,
    "ReviewPayload.problems": 5,
    "ReviewRevision.scores": 8,
    "Project.figures": 6,
    "Project.images": 2,
    "Project.links": 2,
    "Project.themes": 3,
    "Project.voidedVotes": 2,
    "ProjectEdge.matches": 3,
    "GrantPayload.problems": 2,
    "ProjectPayload.problems": 5,
    "ProjectsNotStanding.standings": 3,
    "ProjectsPayload.problems": 5,
    "ProjectsPayload.projects": 50,
    "Query.checkBallot": 5,
    "Query.checkCampaign": 5,
    "Query.districts": 20,
    "Query.grants": 10,
    "Query.nodes": "ids",
    "Query.signInMethods": 4,
    "Result.byDay": 15,
    "Result.tiedWith": 50,  # all of a campaign of fifty, while nobody has voted
    "ResultConnection.byDistrict": 20,
    "RubricCriterion.anchors": 5,
    "ReminderPayload.problems": 1,
    "RulingPayload.ballots": 100,
    "RulingPayload.problems": 5,
    "Stage.furtherCriteria": 3,
    "Stage.inputs": 3,
    "StageInput.bands": 10,
    "StageInput.channels": 5,
    "TrailEntry.details": 8,
    "Turnout.byChannel": 2,
    "Turnout.byDay": 15,
    "ExpertBallot.projects": 10,
    "ExpertBallotPayload.problems": 3,
    "ImportResult.differences": 10,
    "ImportResult.refused": 5,
    "ImportResult.totals": 50,
    "JobPayload.problems": 3,
    "Viewer.ballots": 15,
    "Viewer.expertBallots": 2,
    "Viewer.campaigns": 5,
    "Viewer.grants": 3,
    "Viewer.reminders": 3,
    "Viewer.reviews": 50,
    "Annex.changes": 4,
    "Publication.objections": 3,
    "Selection.annexes": 1,
    "Selection.objections": 3,
    "Selection.rows": 50,
    "Selection.ties": 2,
    "Selection.unreviewed": 3,
    "SelectionPayload.problems": 3,
    "SelectionPlan.changes": 4,
    "SelectionPlan.rows": 50,
    "SelectionPlan.ties": 2,
    "SelectionPlan.unreviewed": 3,
    "SearchMatch.parts": 5,
    "SelectionPlanPayload.problems": 5,
    "SelectionRow.inputs": 2,
    "Tie.equal": 3,
    "Tie.order": 4,
    "Tie.projects": 4,
}
# What fields cost besides that are long texts, or are written or read from the database when asked for.
TEXT_COSTS: Mapping[str, int] = {
    "BallotLog.waiting": 10,
    "Campaign.report": 1_000,
    "ConsistencyProof.hashes": 20,
    "InclusionProof.hashes": 20,
    "Receipt.proofFile": 20,
    "Selection.record": 1_000,
    "Selection.trace": 1_000,
    "SelectionPlan.record": 1_000,
    "SelectionPlan.trace": 1_000,
}
# The list of a ballot's choices: it may always be as long as the longest list of candidates, so that the rules judge it.
CHOICES = "CastBallotInput.projectIds"


@strawberry.type(description="Everything that can be read.")
class Query(
    CampaignQueries,
    ResultQueries,
    BallotQueries,
    ViewerQueries,
    TrailQueries,
    SuspicionQueries,
    GrantQueries,
    CheckCampaignQueries,
    JobQueries,
    LogQueries,
):
    """All queries."""


@strawberry.type(description="Everything that can be changed. Mutations of one request run one after the other.")
class Mutation(
    SignInMutation,
    CastBallotMutation,
    ModerateBallotsMutations,
    EditCampaignsMutations,
    RunCampaignsMutations,
    SelectMutations,
    PublishMutations,
    CastExpertBallotMutation,
    GrantMutations,
    ManagePanelMutations,
    ReviewProjectsMutations,
    ManageJobsMutations,
    ReminderMutations,
):
    """All mutations."""


@strawberry.type(
    description="Everything that can be watched, over a WebSocket (`graphql-transport-ws`) or server-sent events "
    "(`graphql-sse`) at the same address."
)
class Subscription(ResultSubscriptions, JobSubscriptions):
    """All subscriptions."""


@cache
def schema() -> strawberry.Schema:
    """Build the schema. It never changes, so it is built once."""
    return build(Query, SCALARS)


def build(query: type, scalars: Mapping[object, ScalarDefinition]) -> strawberry.Schema:
    """Build a schema with these queries, and with the types that only an interface refers to."""
    types = [*RULES.values(), *VIOLATIONS.values(), *PROBLEM_TYPES]
    config = StrawberryConfig(scalar_map=dict(scalars))
    schema = strawberry.Schema(query, Mutation, Subscription, types=types, config=config)
    _drop_null_defaults(schema._schema)
    schema._schema.description = DESCRIPTION
    return schema


def sdl() -> str:
    """Return the schema in the schema definition language: the content of schema.graphql."""
    roots = (f"  {name.lower()}: {name}\n" for name in ("Query", "Mutation", "Subscription"))
    described = f"{print_description(schema()._schema)}schema {{\n{''.join(roots)}}}"  # which Strawberry leaves out
    return f"{described}\n\n{schema().as_str()}\n"


def _drop_null_defaults(graphql_schema: GraphQLSchema) -> None:
    """Make optional arguments and input fields have no default, where Strawberry gives them null."""
    for type_ in graphql_schema.type_map.values():
        for field in getattr(type_, "fields", {}).values():
            for optional in (field, *getattr(field, "args", {}).values()):
                if getattr(optional, "default_value", Undefined) is None:
                    optional.default_value = Undefined
