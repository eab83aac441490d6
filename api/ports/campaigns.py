"""What the services ask of storage and formats about campaigns and their images."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from api.domain.audit_trail import AuditEvent
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.problems import FormErrors
from api.domain.campaigns.projects import District
from api.domain.images import ImageFile, ImageName
from api.domain.people.access import Grant
from api.ports.exchange import PaperBatches
from api.ports.selections import ExpertBallots, Selections

Credential_contra = TypeVar("Credential_contra", contravariant=True)


class Campaigns(Protocol):
    """Campaigns, with their projects and districts. Those that are being imported are not among them."""

    async def revisions(self) -> Mapping[str, int]:
        """Every campaign's slug with a number that grows whenever the campaign changes."""
        ...

    async def directory(self) -> Directory:
        """All campaigns with their projects, and all districts."""
        ...

    async def campaign(self, slug: str) -> Campaign | None:
        """The campaign with this slug."""
        ...

    async def is_importing(self, slug: str) -> bool:
        """Whether a campaign with this slug is being imported: nobody sees it before it is whole, and its slug is taken."""
        ...

    async def districts(self) -> Mapping[str, District]:
        """All districts of the shared gazetteer, by code."""
        ...

    async def has_ballots(self, slug: str) -> bool:
        """Whether a ballot is stored in the campaign with this slug, counted, held or voided."""
        ...

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        """Store a campaign and the event, both or neither. It replaces what has its slug, whose voter salt stays."""
        ...

    async def electors(self, slug: str) -> tuple[str, ...]:
        """The campaign's list of voters, by pseudonym, in order."""
        ...

    async def set_electors(self, slug: str, viewers: Collection[str]) -> None:
        """Replace the campaign's list of voters by these viewers, by pseudonym. It takes as long as the list is."""
        ...

    async def create(self, campaign: Campaign, grant: Grant, event: AuditEvent) -> None:
        """Store a campaign whose slug none has, a role in it, and the event, all or nothing."""
        ...

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        """Store a campaign in place of what it was before, and the event, both or neither.

        Raises LookupError when what is stored has another revision.
        """
        ...

    async def void_votes(self, before: Campaign, voided: VoidedVotes) -> None:
        """Take the votes for a project of some time out of the count. Only when locked."""
        ...

    @property
    def selections(self) -> Selections:
        """What the stages decide; where the campaigns are locked, in the same transaction."""
        ...

    @property
    def expert_ballots(self) -> ExpertBallots:
        """The experts' ballots, likewise."""
        ...

    @property
    def paper(self) -> PaperBatches:
        """The approved batches of ballots of polling places, likewise."""
        ...

    @property
    def salts(self) -> "VoterSalts":
        """The halves of the voter secrets, likewise."""
        ...

    async def record(self, event: AuditEvent) -> None:
        """Store an event. Only when locked, with everything else that is stored."""
        ...

    def locked(self, slug: str) -> AbstractAsyncContextManager["Campaigns"]:
        """The same campaigns in one transaction, while nobody loads another and no ballot is stored in the one of this slug."""
        ...


class CampaignForms(Protocol):
    """Campaigns as trees of plain values, with the keys that campaign files have."""

    def tree(self, campaign: Campaign, electors: tuple[str, ...]) -> dict[str, Any]:
        """What an organizer would have to send for this campaign to be made, its projects and its list of voters included."""
        ...

    def electors(self, tree: Mapping[str, Any]) -> tuple[str, ...]:
        """The list of voters of a tree without mistakes, by pseudonym, in order."""
        ...

    def read(
        self, tree: Mapping[str, Any], districts: Mapping[str, District], *, draft: bool, announced: bool = False
    ) -> Campaign | FormErrors:
        """Make the campaign, or find everything that is wrong.

        draft: whether it may still lack projects and stages. announced: whether its outcomes are those of a selection, which
        may leave seats vacant.
        """
        ...


class ImageStore(Protocol):
    """Images that were uploaded, each under a name that never stands for another."""

    async def keep(self, image: ImageFile, campaign: str, max_megabytes: int, event: AuditEvent) -> None:
        """Store one and the event, both or neither. Raises ApiError QUERY_TOO_LARGE when the campaign's are more."""
        ...

    async def find(self, name: ImageName) -> ImageFile | None:
        """The image of this name; None also where a smaller size was never stored."""
        ...

    async def keep_size(self, name: ImageName, image: ImageFile) -> None:
        """Store a smaller size of an image that is stored, unless it is already."""
        ...


class VoterSalts(Protocol):
    """The halves of the voter secrets that are stored with the campaigns (domain.voting.quota)."""

    async def destroy(self, campaign: str, event: AuditEvent) -> bool:
        """Delete a campaign's salt and all signals of its ballots, and store the event, all or nothing.

        Returns False, and stores no event, when there is no salt any more.
        """
        ...

    async def scrub(self) -> None:
        """Remove deleted salts from the files of the storage. May be repeated. Raises OperatorError when it cannot be done."""
        ...

    @property
    def leftovers(self) -> str:
        """Where a destroyed salt may still be found, out of this program's reach, in words for the operator."""
        ...
