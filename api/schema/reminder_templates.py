"""The reminders that can be asked for, as templates that people accept at WeChat."""

from datetime import datetime

import strawberry

from api.context import Info
from api.domain.campaigns.campaign import Campaign
from api.domain.people.reminders import ReminderKind


@strawberry.type(
    description="A reminder that can be asked for now. Have the person accept its template with `wx.requestSubscribeMessage`, "
    "and then call `requestReminder`: each acceptance is for one message."
)
class ReminderTemplate:
    """Shows an entry of services.reminders.Reminders.offers."""

    kind: ReminderKind = strawberry.field(description="What it is about.")
    template_id: str = strawberry.field(description="The id of the template at WeChat, for `tmplIds`.")
    send_at: datetime = strawberry.field(description="When it would be sent.")


def offered(campaign: Campaign, info: Info) -> list[ReminderTemplate]:
    """Return the reminders that can be asked for now. That changes with every moment."""
    context = info.context
    context.keep_private()
    offers = context.reminders.offers(campaign, context.now)
    return [ReminderTemplate(kind=kind, template_id=name, send_at=send_at) for kind, (name, send_at) in offers.items()]
