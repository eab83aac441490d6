"""The public state of a sandbox: its URLs, its voters and its clock."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.sandbox.sandbox import Sandbox

PATH = "/sandbox"  # of the control API


class SandboxInfo:
    """What tests need to know of a sandbox. campaign: the first one loaded; url: of the GraphQL endpoint, once it is served."""

    def __init__(self, sandbox: Sandbox, campaign: Campaign, voters: Sequence[Mapping[str, Any]]) -> None:
        self._sandbox = sandbox
        self._campaign = campaign
        self._voters = voters
        self.url = ""

    def state(self) -> dict[str, Any]:
        """The state as JSON values."""
        clock = self._sandbox.clock
        return {
            "url": self.url,
            "websocketUrl": self.url.replace("http", "ws", 1),
            "controlUrl": self.url.removesuffix("/graphql") + PATH,
            "databaseUrl": self._sandbox.database_url,
            "version": version("pingxuan"),
            "campaign": self._campaign.slug,
            "voters": self._voters,
            "clock": {"now": self._campaign.calendar.local(clock()).isoformat(), "ticking": clock.ticking},
        }
