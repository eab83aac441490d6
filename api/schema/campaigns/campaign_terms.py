"""What a campaign is by itself: its texts, times and rules."""

from datetime import datetime, time
from typing import Self

import strawberry

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.campaigns.digest import rules_digest
from api.domain.campaigns.projects import ProjectOrderField
from api.domain.campaigns.states import CampaignPhase, CampaignState, ResultsStep, ResultsVisibility
from api.domain.ids import CampaignId
from api.domain.texts import Text
from api.domain.voting.judging import rules_of
from api.schema.campaign_details import Window
from api.schema.common.nodes import Node
from api.schema.common.texts import own_text
from api.schema.rules import published_rule
from api.schema.rules.base import BallotRule

CANDIDATE_TERM = Text("项目", "project")  # where a campaign has no word of its own


@strawberry.type
class CampaignTerms(Node):
    """Shows domain.campaigns.campaign.Campaign."""

    value: strawberry.Private[campaign.Campaign]
    slug: str = strawberry.field(description="Its short name in arguments and ids, such as `shanghai-2017`.")
    title: str = own_text(lambda campaign: campaign.value.title, "Its title.")
    edition: int | None = strawberry.field(description="Which edition of a recurring selection it is; null for others.")
    organizer: str = own_text(lambda campaign: campaign.value.organizer, "Who runs it.")
    state: CampaignState = strawberry.field(description="What its organizer has done with it, whatever the time.")
    time_zone: str = strawberry.field(
        description="An IANA name such as `Asia/Shanghai`. A voting day is a day of this zone, and the campaign's times "
        "are given with its offset."
    )
    results_visibility: ResultsVisibility = strawberry.field(
        description="When the standings may be seen. It cannot change once voting has opened or a ballot is stored."
    )
    revision: int = strawberry.field(description="How often it has been changed: the next change makes it one more.")
    languages: list[str] = strawberry.field(
        description="The languages of its texts as BCP 47 tags, such as `zh`, its own first. A text that is not in the "
        "language wanted is given in this one."
    )
    candidate_term: str = own_text(
        lambda campaign: campaign.value.candidate_term or CANDIDATE_TERM,
        "The word for what is chosen among, such as 项目, 候选人 or 作品.",
    )
    currency: str | None = strawberry.field(
        description="What projects cost is in this currency, by its code in ISO 4217; null where nothing costs anything."
    )
    lot_digest: str | None = strawberry.field(
        description="The SHA-256, in hexadecimal digits, of the seed by which lots are drawn where a stage's ties say so. The "
        "seed is shown with the selection: then everybody can see that it is the one that was chosen before. Null where no "
        "lots are drawn."
    )
    results_step: ResultsStep = strawberry.field(
        description="How coarse in time the standings are that are seen while voting is open, under `LIVE` and "
        "`AFTER_CASTING`; `turnout` goes by the same moments. `asOf` tells the present one."
    )

    project_order: ProjectOrderField = strawberry.field(
        description="By what its projects are listed where `orderBy` is left out, as its organizer has chosen."
    )

    @classmethod
    def of(cls, value: campaign.Campaign) -> Self:
        return cls(
            id=strawberry.ID(str(CampaignId(value.slug))),
            value=value,
            slug=value.slug,
            edition=value.edition,
            state=value.state,
            time_zone=value.time_zone,
            results_visibility=value.visibility,
            revision=value.revision,
            languages=list(value.languages),
            currency=value.currency,
            lot_digest=value.lot_digest,
            results_step=value.results_step,
            project_order=value.project_order,
        )

    @strawberry.field(
        description="The time of the day, on the campaign's clocks, as of which `DAILY` standings are shown, such as `09:00`; "
        "null for another visibility."
    )
    def results_at(self) -> str | None:
        if self.value.visibility is not ResultsVisibility.DAILY:
            return None
        return f"{self.value.results_at or time():%H:%M}"

    @strawberry.field(description="When ballots are accepted.")
    def voting_window(self) -> Window:
        return Window.of(self.value)

    @strawberry.field(
        description="The SHA-256 of what cannot change from the opening on: the rules, the candidates, the visibility, and "
        "what each stage is decided by, as canonical JSON (docs/organisers.md). Null before voting opens."
    )
    def rules_digest(self, info: Info) -> str | None:
        is_open = info.context.now >= self.value.window.opens_at and self.value.state is not CampaignState.DRAFT
        return rules_digest(self.value) if is_open else None

    @strawberry.field(description="Where it stands now.")
    def phase(self, info: Info) -> CampaignPhase:
        return self.value.phase(info.context.now)

    @strawberry.field(
        description="The server's time at this answer. Count down by it: a phone's own clock may be wrong, and the rules "
        "go by this one."
    )
    def server_time(self, info: Info) -> datetime:
        info.context.keep_private(momentary=True)
        return self.value.calendar.local(info.context.now)

    @strawberry.field(
        description="What a ballot is checked against, as data: the same rules that `castBallot` enforces."
    )
    def rules(self) -> list[BallotRule]:
        """Return every rule, in the order in which violations are reported."""
        return [published_rule(rule, self.value) for rule in rules_of(self.value)]
