"""The results of a topic, and to whom they are sent."""

from dataclasses import dataclass, field
from typing import Protocol

from api.domain.exchange.jobs import Job
from api.subscriptions.row_changes import Changes


class Subscriber(Protocol):
    """A subscription of one client. No method waits for the client: results that it does not read are skipped."""

    token: str | None
    address: str  # the one that rate limits count
    closed: bool  # whether it has ended, so that nothing is sent to it any more

    def update(self, payload: bytes, changes: bytes | None = None) -> None:
        """Send a result, as JSON, in place of an earlier one that has not been sent yet.

        changes: what can be sent instead to a client that has been sent every result before.
        """
        ...

    def conclude(self, payload: bytes) -> None:
        """Send the last result, as JSON, in place of an earlier one that has not been sent yet, and end the subscription."""
        ...

    def fail(self, errors: bytes) -> None:
        """End the subscription with errors, a JSON list."""
        ...

    def revoke(self) -> None:
        """End the subscription, because the token is no longer valid."""
        ...


@dataclass(frozen=True, slots=True)
class TopicResult:
    """A result of a topic, for every viewer to whom the same standings are visible or, if personal, for this one alone.

    payload: JSON, a result or, if failed, a list of errors that ends the subscription. comparable: the payload without
    timestamps. visible: by slug, whether the standings of each campaign in question are visible to these viewers.
    viewer_specific: whether the result depends on the viewer at all. passing_error: whether an error is the server's.
    job: the one that it shows, if any. changes: the result again, with only what has changed, if that was asked for.
    """

    payload: bytes
    comparable: bytes
    visible: dict[str, bool]
    viewer_specific: bool
    personal: bool
    failed: bool
    passing_error: bool
    job: Job | None
    changes: Changes | None = None

    @property
    def last(self) -> bool:
        """Whether no other result will follow."""
        return self.failed or (self.job is not None and self.job.state.is_final)

    def send_to(self, subscriber: Subscriber, before: bytes | None = None) -> None:
        """Send it to a subscriber. before: the comparable payload of the result that it was sent last, if any."""
        if self.failed:
            subscriber.fail(self.payload)
        elif self.last:
            subscriber.conclude(self.payload)
        elif self.changes is not None and before == self.changes.since:
            subscriber.update(self.payload, self.changes.payload)
        else:
            subscriber.update(self.payload)


@dataclass(slots=True)
class SubscriberGroup:
    """The subscribers with one token.

    subscribers: each with the comparable payload that it was sent last. visible: the campaigns whose standings are known to
    be visible to this token; that is not looked up again, since a ballot once cast stays cast.
    """

    token: str | None
    subscribers: dict[Subscriber, bytes] = field(default_factory=dict)
    visible: dict[str, bool] = field(default_factory=dict)
