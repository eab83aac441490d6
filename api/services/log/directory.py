"""What this process knows of the logs, for those who cannot wait for the database: origins, and what must not be signed."""

from collections.abc import Mapping

from api.ports.log import Log


class LogDirectory:
    """The newest generation of every log, as of the sealer's last look. behind: by campaign, why its log must not be signed."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.logs: Mapping[str, Log] = {}
        self.behind: dict[str, str] = {}

    def origin(self, campaign: str, generation: int = 1) -> str:
        """The name of a campaign's log: the one that is stored, or that which it will have."""
        log = self.logs.get(campaign)
        if log is not None and generation <= log.generation:
            return log.origin
        name = f"{self._prefix}/{campaign}"
        return name if generation == 1 else f"{name}/{generation}"

    def receipt_origin(self, campaign: str) -> str | None:
        """The origin that receipts of a campaign's ballots name; None while none may be signed."""
        return None if campaign in self.behind else self.origin(campaign)
