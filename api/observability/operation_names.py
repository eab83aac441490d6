"""The operation names that become metric labels: callers choose them, so their number is limited."""

MAX_NAMES = 100  # operations with a name of their own in the metrics of one process
MAX_NAME_LENGTH = 64  # characters
ANONYMOUS = "anonymous"
OTHER = "other"


class OperationNames:
    """The first hundred distinct names of executed operations; later ones and long ones are `other`."""

    def __init__(self) -> None:
        self._names: set[str] = {ANONYMOUS, OTHER}

    def bounded(self, name: str) -> str:
        """The label for an operation. name: its own, empty when it has none."""
        if name in self._names:
            return name
        if not name:
            return ANONYMOUS
        if len(name) > MAX_NAME_LENGTH or len(self._names) >= MAX_NAMES + 2:
            return OTHER
        self._names.add(name)
        return name
