"""The mutations that make public what a stage has decided: announceSelection, objections, confirmSelection."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.errors import not_found
from api.domain.ids import parse_objection_id
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.resolvers.select import StageCode, selection_payload
from api.schema.common.roles import restricted
from api.schema.organisers.acts import CampaignSlug, ExpectedRevision, organizer
from api.schema.organisers.selection import ObjectionInput, SelectionPayload
from api.schema.organisers.texts import TextInput
from api.services.stage_acts import StageAct

ObjectionsUntil = Annotated[
    datetime,
    strawberry.argument(description="Until when objections are heard: later than now, and at most 366 days from now."),
]
Input = Annotated[ObjectionInput, strawberry.argument(description="The objection.")]
ObjectionArgument = Annotated[
    strawberry.ID,
    strawberry.argument(description="The objection's id, such as `objection/shanghai-2017/FINALIST/1`."),
]
Answer = Annotated[
    TextInput,
    strawberry.argument(
        description="The answer, in the campaign's own language at least. Everybody reads it, and it stays on record."
    ),
]


@strawberry.type
class PublishMutations:
    """The root fields that publish what stages have decided."""

    @restricted(
        Role.ORGANIZER,
        description="Show everybody what was committed last, and hear objections to it until a moment: outcomes, awards and "
        "scores appear now, on every surface at once. Refused with `STALE_PLAN` where the stage would decide otherwise by now: "
        "commit it anew then. There is no way back but a correction.",
    )
    async def announce_selection(
        self,
        info: Info,
        campaign: CampaignSlug,
        stage: StageCode,
        objections_until: ObjectionsUntil,
        expected_revision: ExpectedRevision = None,
    ) -> SelectionPayload | None:
        """ANNOUNCED."""
        act = StageAct(campaign, stage, organizer(info), expected_revision)
        return await selection_payload(info, stage, info.context.publishing.announce(act, objections_until))

    @restricted(Role.ORGANIZER, description="Put on record what somebody holds against what was announced.")
    async def record_objection(
        self, info: Info, campaign: CampaignSlug, stage: StageCode, input: Input
    ) -> SelectionPayload | None:
        """Before it is final."""
        act = StageAct(campaign, stage, organizer(info))
        return await selection_payload(info, stage, info.context.publishing.record_objection(act, input.sent()))

    @restricted(
        Role.ORGANIZER,
        description="Answer an objection, once. Where it is right, correct the selection, and say so in the answer.",
    )
    async def answer_objection(
        self, info: Info, objection: ObjectionArgument, answer: Answer
    ) -> SelectionPayload | None:
        """On record."""
        name = parse_objection_id(objection)
        if name is None:
            raise not_found(
                Text(
                    "“{objection}”不是异议id，其形如objection/shanghai-2017/FINALIST/1。",
                    "“{objection}” is no objection's id; those look like objection/shanghai-2017/FINALIST/1.",
                    objection=objection[:80],
                ),
                argument="objection",
            )
        doing = info.context.publishing.answer(name, organizer(info), answer.by_tag())
        return await selection_payload(info, name.stage, doing)

    @restricted(
        Role.ORGANIZER,
        description="Make what was announced final: once the time for objections is over, every one is answered, whoever was "
        "selected and is out since is corrected, and the stages before are final.",
    )
    async def confirm_selection(
        self, info: Info, campaign: CampaignSlug, stage: StageCode, expected_revision: ExpectedRevision = None
    ) -> SelectionPayload | None:
        """FINAL."""
        act = StageAct(campaign, stage, organizer(info), expected_revision)
        return await selection_payload(info, stage, info.context.publishing.confirm(act))
