"""Mutations about reminders: ask for one, and cancel it."""

from typing import Annotated

import strawberry

from api.context import Info
from api.domain.errors import not_found
from api.domain.ids import reminder_key
from api.domain.people.reminders import ReminderKind, ReminderProblemCode
from api.domain.texts import Text
from api.schema.ballots import Viewer
from api.schema.reminders import Reminder, ReminderProblem
from api.services.reminders import ReminderRequest


@strawberry.input(description="A reminder to be sent to the viewer.")
class RequestReminderInput:
    """Becomes domain.people.reminders.Reminder."""

    campaign: str = strawberry.field(description="The campaign's slug.")
    kind: ReminderKind = strawberry.field(description="What to be reminded of.")
    code: str = strawberry.field(
        description="The code that `wx.login` gave just now, after the person has accepted the template. It tells whom to send "
        "the message to, which is kept encrypted, and only until it is sent or cancelled."
    )


@strawberry.type(description="What came of asking for a reminder, or of cancelling it.")
class ReminderPayload:
    """Has either a reminder or problems."""

    reminder: Reminder | None = strawberry.field(
        description="The reminder, or the one that was cancelled; null exactly when there is a problem."
    )
    problems: list[ReminderProblem] = strawberry.field(description="What stood in the way.")
    viewer: Viewer = strawberry.field(description="Who asked, with the reminders that now wait.")


Input = Annotated[RequestReminderInput, strawberry.argument(description="The reminder.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="The id of the reminder.")]


@strawberry.type
class ReminderMutations:
    """The root fields that change reminders."""

    @strawberry.mutation(
        description="Be reminded by one message in WeChat, which the person has accepted in the mini-program: "
        "`Campaign.reminderTemplates` has what can be asked for. It takes the place of the viewer's reminder of this kind in "
        "the campaign. A code that WeChat does not take is an error, as it is of `signIn`."
    )
    async def request_reminder(self, info: Info, input: Input) -> ReminderPayload | None:
        """One of a kind in a campaign; every attempt counts as one to sign in, since WeChat is asked for it."""
        context = info.context
        voter, campaign = context.viewer.signed_in, context.campaign(input.campaign)
        context.rate_limits.take_sign_in()
        request = ReminderRequest(input.kind, input.code, context.language)
        outcome = await context.reminders.request(campaign, voter, request, context.now)
        viewer = Viewer.of(voter, campaign.slug)
        if isinstance(outcome, ReminderProblemCode):
            return ReminderPayload(reminder=None, problems=[ReminderProblem(code=outcome)], viewer=viewer)
        return ReminderPayload(reminder=Reminder.of(outcome, context), problems=[], viewer=viewer)

    @strawberry.mutation(
        description="Cancel a reminder of the viewer's. It is deleted, and with it to whom it was to be sent."
    )
    async def cancel_reminder(self, info: Info, id: Id) -> ReminderPayload | None:
        """Raises ApiError NOT_FOUND where the viewer has no such reminder, be it somebody else's or none."""
        context, key = info.context, reminder_key(id)
        voter, campaigns = context.viewer.signed_in, context.snapshot.directory.campaigns.values()
        cancelled = None if key is None else await context.reminders.cancel(key, campaigns, voter)
        if cancelled is None:
            raise not_found(
                Text(
                    "您没有这样的提醒：它可能已发送或已取消。",
                    "You have no such reminder: it may have been sent, or cancelled.",
                ),
                argument="id",
            )
        return ReminderPayload(reminder=Reminder.of(cancelled, context), problems=[], viewer=Viewer.of(voter))
