"""Reminders that viewers ask for, and what stands in their way."""

from datetime import datetime

import strawberry

from api.context import Context
from api.domain.campaigns.campaign import Campaign as CampaignValue
from api.domain.ids import reminder_id
from api.domain.people import reminders
from api.domain.people.reminders import MESSAGES, ReminderKind, ReminderProblemCode
from api.schema.campaigns.campaign_types import Campaign
from api.schema.common.texts import text

SEND_AT = (
    "When it is sent, in the campaign's zone: between 9 in the morning and 9 in the evening, and later where voting stands "
    "still or its close is put off."
)


@strawberry.type(description="A reminder that waits. It is deleted as soon as it is sent.")
class Reminder:
    """Shows domain.people.reminders.Reminder."""

    value: strawberry.Private[CampaignValue]
    id: strawberry.ID = strawberry.field(description="Its name for `cancelReminder`.")
    kind: ReminderKind = strawberry.field(description="What it is about.")
    send_at: datetime = strawberry.field(description=SEND_AT)

    @classmethod
    def of(cls, reminder: reminders.Reminder, context: Context) -> "Reminder":
        campaign = context.snapshot.directory.campaigns[reminder.campaign]
        send_at = campaign.calendar.local(reminder.send_at)
        return cls(value=campaign, id=strawberry.ID(reminder_id(reminder.key)), kind=reminder.kind, send_at=send_at)

    @strawberry.field(description="The campaign that it is about.")
    def campaign(self) -> Campaign:
        return Campaign.of(self.value)


@strawberry.type(description="Why no reminder was stored.")
class ReminderProblem:
    """Shows domain.people.reminders.ReminderProblemCode."""

    code: ReminderProblemCode = strawberry.field(description="What stood in the way; stable, made for programs.")
    message: str = text(lambda problem: MESSAGES[problem.code], "What stood in the way, for people.")
