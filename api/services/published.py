"""What everybody sees, for what is answered without asking who asks: pages, calendars, the files of logs."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from api.services.snapshots import Snapshot

# Reads what everybody sees, and the moment at which they do. Raises ApiError while that cannot be known.
Published: TypeAlias = Callable[[], Awaitable[tuple[Snapshot, datetime]]]
