"""What subscriptions ask of storage about jobs."""

from collections.abc import Collection, Mapping
from typing import Protocol

from api.domain.exchange.jobs import JobMark


class JobChanges(Protocol):
    """What is asked about jobs again and again while somebody watches them."""

    async def marks(self, keys: Collection[str]) -> Mapping[str, JobMark]:
        """The marks of these jobs as they are stored now, by id; those that are gone are missing."""
        ...
