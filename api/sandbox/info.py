"""What a sandbox says of itself: where it is, who may vote, what time it is there."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.sandbox.sandbox import Sandbox

PATH = "/sandbox"  # where it is controlled


class SandboxInfo:
    """A sandbox that is described. url is that of its GraphQL endpoint, once it is served; campaign is its first."""

    def __init__(self, sandbox: Sandbox, campaign: Campaign, voters: Sequence[Mapping[str, Any]]) -> None:
        self._sandbox = sandbox
        self._campaign = campaign
        self._voters = voters
        self.url = ""

    def state(self) -> dict[str, Any]:
        """Everything, as it goes into JSON."""
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
