"""Ballots, the input and payload of casting them, and the viewer who casts them."""

from datetime import date, datetime

import strawberry

from api.context import Context, Info
from api.domain.campaigns.campaign import Campaign as CampaignValue
from api.domain.characters import check_characters
from api.domain.ids import BallotId
from api.domain.integrity.rulings import BallotStatus
from api.domain.people import identity
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.domain.voting import ballots
from api.domain.voting.channels import Channel
from api.schema.allowances import Allowance
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.project_types import Project, projects_by_number
from api.schema.campaigns.review_types import Review
from api.schema.common.newest_first import page_of_newest
from api.schema.common.nodes import Node
from api.schema.common.paging import After, Connection, First
from api.schema.expert_ballots import ExpertBallot, own_expert_ballots
from api.schema.inputs import OwnCampaignArgument
from api.schema.organisers.problems import Grant
from api.schema.proof.proof_types import Receipt
from api.schema.reminders import Reminder
from api.schema.reviews import ReviewsCampaign, own_reviews
from api.schema.rules import published_violation
from api.schema.rules.base import RuleViolation
from api.services import casting

MIN_KEY_LENGTH, MAX_KEY_LENGTH = 8, 128  # characters of an idempotency key


@strawberry.type(
    description="A ballot that has been cast. It names no voter. Whoever knows its id may look it up: the id is the voter's to "
    "share or to keep."
)
class Ballot(Node):
    """Shows domain.voting.ballots.Ballot."""

    value: strawberry.Private[ballots.Ballot]
    cast_in: strawberry.Private[CampaignValue]
    day: date = strawberry.field(description="The voting day it counts for, in the campaign's zone.")
    cast_at: datetime = strawberry.field(description="When it was cast.")
    channel: Channel = strawberry.field(description="The way it came by.")
    status: BallotStatus = strawberry.field(
        description="Whether it counts. A ballot that is held or voided stays stored, and its voter's quota stays spent."
    )
    status_reason: str | None = strawberry.field(
        description="Why it is held or voided, as the organizer has written it; null while it counts."
    )

    @classmethod
    def of(cls, value: ballots.Ballot, context: Context) -> "Ballot":
        campaign = context.snapshot.directory.campaigns[value.campaign]
        return cls(
            id=strawberry.ID(str(BallotId(value.id))),
            value=value,
            cast_in=campaign,
            day=value.day,
            cast_at=campaign.calendar.local(value.cast_at),
            channel=value.channel,
            status=value.status,
            status_reason=None if value.ruling is None or value.status is BallotStatus.COUNTED else value.ruling.reason,
        )

    @strawberry.field(description="The campaign it was cast in.")
    def campaign(self) -> Campaign:
        return Campaign.of(self.cast_in)

    @strawberry.field(
        description="The server's signed word that it is stored and will be in the public log, to be kept by its voter; "
        "whoever knows the ballot's id gets one at any later time as well. Null where this server has no keys for logs, and "
        "while its database is behind what it has published: a receipt can be asked for later."
    )
    def receipt(self, info: Info) -> Receipt | None:
        value = info.context.receipts.of(self.value, self.cast_in)
        return None if value is None else Receipt(value=value, ballot=self.value, stands_in=self.cast_in)

    @strawberry.field(description="The projects it names, by number.")
    def projects(self, info: Info) -> list[Project]:
        """Return those that stand: `pingxuan audit` tells of the others, which a damaged database may have."""
        project, standing = projects_by_number(self.cast_in, info.context.snapshot), self.cast_in.by_position
        return [project(standing[position].number) for position in self.value.positions if position in standing]


@strawberry.type(description="Whoever is signed in.")
class Viewer:
    """Shows domain.people.identity.Voter. stands_in: the slug of the campaign that a payload is about; None elsewhere."""

    voter: strawberry.Private[identity.Voter]
    stands_in: strawberry.Private[str | None]
    id: strawberry.ID = strawberry.field(description="A pseudonym: the same at every sign-in. It names no person.")

    @classmethod
    def of(cls, voter: identity.Voter, stands_in: str | None = None) -> "Viewer":
        return cls(voter=voter, stands_in=stands_in, id=strawberry.ID(f"viewer/{voter.pseudonym}"))

    @strawberry.field(
        description="What the viewer may do, in this campaign or another: roles given for one campaign are among them."
    )
    def roles(self, info: Info) -> list[Role]:
        return list(info.context.snapshot.access.roles(self.voter))

    @strawberry.field(
        description="The campaigns that the viewer runs or looks after, the latest opening first: those in which they have a "
        "role besides VOTER, drafts among them."
    )
    def campaigns(self, info: Info) -> list[Campaign]:
        snapshot = info.context.snapshot
        listed = snapshot.directory.newest_first
        staffed = (each for each in listed if set(snapshot.access.roles_in(self.voter, each.slug)) - {Role.VOTER})
        return [Campaign.of(each) for each in staffed]

    @strawberry.field(
        description="The roles that the viewer has been given, and where each counts. Roles that a sign-in provider gives are "
        "not among them."
    )
    def grants(self, info: Info) -> list[Grant]:
        granted = info.context.snapshot.access.granted.get(self.voter.pseudonym, frozenset())
        return [Grant.of(each) for each in sorted(granted, key=lambda g: (g.campaign or "", g.role.name))]

    @strawberry.field(description="The ballots that the viewer has cast in a campaign, by day.")
    async def ballots(self, info: Info, campaign: OwnCampaignArgument = None) -> list[Ballot] | None:
        selected = info.context.campaign(self.stands_in if campaign is None else campaign)
        ballots = await info.context.casting.ballots_of(selected, self.voter.pseudonym)
        return [Ballot.of(ballot, info.context) for ballot in ballots]

    @strawberry.field(
        description="The ballots that the viewer has cast, in whichever campaign, the newest first. Those of campaigns that "
        "have been forgotten are not among them: nobody can tell any more whose they are."
    )
    async def history(self, info: Info, first: First = 20, after: After = None) -> Connection[Ballot] | None:
        campaigns = info.context.snapshot.directory.campaigns.values()
        cast = await info.context.casting.history(campaigns, self.voter.pseudonym)
        page = page_of_newest("history", [ballot.id for ballot in cast], first, after)
        return Connection(page=page, nodes=[Ballot.of(cast[key], info.context) for key in page.keys])

    @strawberry.field(
        description="The reviews that the viewer has to do, has done or must not do as an expert: in a campaign or, where none "
        "is named, in all, by campaign and number of the project. Nobody else's are among them, at any time."
    )
    async def reviews(self, info: Info, campaign: ReviewsCampaign = None) -> list[Review] | None:
        return await own_reviews(info, campaign)

    @strawberry.field(
        description="The ballots that the viewer has cast as an expert: in a campaign or, where none is named, in all. Nobody "
        "else's are among them, at any time."
    )
    async def expert_ballots(self, info: Info, campaign: ReviewsCampaign = None) -> list[ExpertBallot] | None:
        return await own_expert_ballots(info, self.voter.pseudonym, campaign)

    @strawberry.field(description="The reminders that the viewer has asked for and that wait, by when they are sent.")
    async def reminders(self, info: Info) -> list[Reminder] | None:
        context = info.context
        campaigns = context.snapshot.directory.campaigns.values()
        waiting = await context.reminders.of([c for c in campaigns if context.now < c.window.closes_at], self.voter)
        return [Reminder.of(each, context) for each in waiting]

    @strawberry.field(description="How many ballots the viewer may still cast in a campaign, and when next.")
    async def allowance(self, info: Info, campaign: OwnCampaignArgument = None) -> Allowance | None:
        selected = info.context.campaign(self.stands_in if campaign is None else campaign)
        return Allowance.of(await info.context.casting.allowance(selected, self.voter, info.context.now))


@strawberry.input(description="A ballot to cast, or to check.")
class CastBallotInput:
    """Becomes domain.voting.ballots.Draft."""

    campaign: str | None = strawberry.field(
        default=None,
        description="The campaign's slug. Left out: the one that all the projects stand in; where they stand in none or in "
        "several, the featured campaign, open now or else most recent.",
    )
    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of the chosen projects, such as `project/shanghai-2017/17`, in any order."
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description=f"{MIN_KEY_LENGTH} to {MAX_KEY_LENGTH} printable characters that you make up at random for each ballot, "
        "and from nothing that is known of a voter: its digest is published once ballots are opened. After a lost answer, send "
        "the same request with the same key: it returns the ballot that was cast, and never casts another. With other "
        "projects, or in another campaign, a key that has cast a ballot is refused: `IDEMPOTENCY_KEY_REUSED`.",
    )


def draft(input: CastBallotInput, context: Context) -> ballots.Draft:
    """Convert the input to a domain object. Raises ApiError BAD_INPUT for a malformed idempotency key."""
    key = input.idempotency_key
    if key is None:
        return ballots.Draft(tuple(input.project_ids))
    name = Text("idempotencyKey", "idempotencyKey")
    check_characters(key, MIN_KEY_LENGTH, MAX_KEY_LENGTH, name, "input.idempotencyKey")
    return ballots.Draft(tuple(input.project_ids), key, tuple(context.snapshot.directory.campaigns.values()))


@strawberry.type(description="What came of casting a ballot: the ballot, or everything that is wrong with it.")
class CastBallotPayload:
    """Has either a ballot or violations."""

    ballot: Ballot | None = strawberry.field(description="The ballot; null exactly when there is a violation.")
    violations: list[RuleViolation] = strawberry.field(
        description="Everything that is wrong with the ballot, all at once; empty when it was cast."
    )
    voter: strawberry.Private[identity.Voter]
    campaign: strawberry.Private[CampaignValue]

    @classmethod
    def of(
        cls, outcome: ballots.Ballot | casting.Refusal, campaign: CampaignValue, voter: identity.Voter, context: Context
    ) -> "CastBallotPayload":
        """The outcome as the API shows it."""
        if isinstance(outcome, casting.Refusal):
            violations = [published_violation(violation) for violation in outcome.violations]
            return cls(ballot=None, violations=violations, voter=voter, campaign=campaign)
        return cls(ballot=Ballot.of(outcome, context), violations=[], voter=voter, campaign=campaign)

    @strawberry.field(
        description="Who cast it, with what is left of the quota: without arguments, in the campaign that the ballot is of."
    )
    def viewer(self) -> Viewer:
        return Viewer.of(self.voter, self.campaign.slug)
