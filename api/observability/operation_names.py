"""Under which names operations are counted: callers make them up, so there are only so many."""

MAX_NAMES = 100  # operations with a name of their own in the metrics of one process
MAX_NAME_LENGTH = 64  # characters
ANONYMOUS = "anonymous"
OTHER = "other"


class OperationNames:
    """The first hundred names that executed operations had; every later one, and every long one, is `other`."""

    def __init__(self) -> None:
        self._known: set[str] = {ANONYMOUS, OTHER}

    def bounded(self, name: str) -> str:
        """The name to count an operation under. name: its own, which is empty when it has none."""
        if name in self._known:
            return name
        if not name:
            return ANONYMOUS
        if len(name) > MAX_NAME_LENGTH or len(self._known) >= MAX_NAMES + 2:
            return OTHER
        self._known.add(name)
        return name
