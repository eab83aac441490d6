"""Storage in memory, which keeps the promises of the ports: for tests of services."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.projects import District
from api.domain.deferred import Deferred
from api.domain.integrity.rulings import Ruling, RulingKind, RulingProblemCode, Verdict
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import Suspicion, SuspicionKind
from api.domain.people.access import AccessGrants, Grant
from api.domain.results.tallies import Counts
from api.domain.review.panel import Expert, Panel, ReviewRevision
from api.domain.selection.expert_ballots import CastExpertBallot, Juror
from api.domain.selection.versions import SelectionVersion
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot
from api.ports.exchange import PaperBatch


@dataclass
class MemoryBallots:
    """ports.BallotBox and ports.Tallies. reads counts how often something was looked up."""

    ballots: dict[str, Ballot] = field(default_factory=dict)
    tags: dict[str | None, Ballot] = field(default_factory=dict)
    votes: set[str] = field(default_factory=set)
    reads: int = 0

    def admit(self, admission: Admission) -> Deferred[AdmissionResult | None]:
        result = Deferred[AdmissionResult | None]()
        result.resolve(self._admit(admission))
        return result

    def _admit(self, admission: Admission) -> AdmissionResult | None:
        for tag in (admission.retry_tag, *admission.other_tags):
            if tag in self.tags:
                return AdmissionResult(self.tags[tag], is_new=False)
        free = next((name for name in admission.ids if name not in self.ballots), None)
        vote = next((name for name in admission.vote_ids if name not in self.votes), None)
        if free is None or (admission.vote_ids and vote is None):
            return None
        self.votes |= {vote} if vote else set()
        terms = (admission.day, admission.cast_at, admission.positions, None, admission.channel, admission.client_tag)
        ballot = Ballot(free, admission.campaign, *terms)
        self.ballots[free] = ballot
        if admission.retry_tag is not None:
            self.tags[admission.retry_tag] = ballot
        return AdmissionResult(ballot, is_new=True)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        self.reads += 1
        return tuple(self.ballots[name] for name in ids if name in self.ballots)

    async def find_retried(self, *retry_tags: str) -> Ballot | None:
        self.reads += 1
        return next((self.tags[tag] for tag in retry_tags if tag in self.tags), None)

    async def counts(self) -> Mapping[str, Counts]:
        slugs = {ballot.campaign for ballot in self.ballots.values()}
        return {slug: _count(each for each in self.ballots.values() if each.campaign == slug) for slug in slugs}

    async def counts_until(self, campaign: str, moment: datetime) -> Counts:
        ours = (each for each in self.ballots.values() if each.campaign == campaign)
        return _count(each for each in ours if each.cast_at < moment)


def _count(ballots: Iterable[Ballot]) -> Counts:
    turnout: Counter[date] = Counter()
    votes: dict[date, Counter[int]] = {}
    for ballot in ballots:
        turnout[ballot.day] += 1
        votes.setdefault(ballot.day, Counter()).update(ballot.positions)
    return Counts(turnout, votes)


@dataclass
class MemoryElectors:
    """ports.Electors, with the lists that a test puts there. asked counts how often one was looked at."""

    lists: dict[str, set[str]] = field(default_factory=dict)
    asked: int = 0

    async def listed(self, campaign: str, viewer: str) -> bool:
        self.asked += 1
        return viewer in self.lists.get(campaign, ())


class MemorySelections:
    """What is read of api.ports.Selections and ExpertBallots where nothing is decided, and no expert has cast a ballot."""

    async def versions(self, campaign: str, stage: str) -> tuple[SelectionVersion, ...]:
        return ()

    async def stages(self, campaign: str) -> frozenset[str]:
        return frozenset()

    async def juror(self, campaign: str, viewer: str) -> Juror | None:
        return None

    async def of_viewer(self, viewer: str) -> tuple[CastExpertBallot, ...]:
        return ()


@dataclass
class MemoryPaper:
    """Of ports.exchange.PaperBatches what is read. batches: those that are not counted."""

    batches: tuple[PaperBatch, ...] = ()

    async def uncounted(self, campaign: str) -> tuple[PaperBatch, ...]:
        return self.batches


@dataclass
class MemoryCampaigns:
    """ports.Campaigns. recorded holds the events of the saves, voted the slugs of campaigns with ballots."""

    campaigns: dict[str, Campaign] = field(default_factory=dict)
    gazetteer: dict[str, District] = field(default_factory=dict)
    directories_read: int = 0
    recorded: list[AuditEvent] = field(default_factory=list)
    voted: set[str] = field(default_factory=set)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    selections: MemorySelections = field(default_factory=MemorySelections)
    expert_ballots: MemorySelections = field(default_factory=MemorySelections)
    paper: MemoryPaper = field(default_factory=MemoryPaper)
    salts: "MemorySalts | None" = None

    async def revisions(self) -> Mapping[str, int]:
        return {slug: campaign.revision for slug, campaign in self.campaigns.items()}

    async def directory(self) -> Directory:
        self.directories_read += 1
        return Directory(dict(self.campaigns), dict(self.gazetteer))

    async def campaign(self, slug: str) -> Campaign | None:
        return self.campaigns.get(slug)

    async def is_importing(self, slug: str) -> bool:
        return False

    async def districts(self) -> Mapping[str, District]:
        return self.gazetteer

    async def has_ballots(self, slug: str) -> bool:
        return slug in self.voted

    async def electors(self, slug: str) -> tuple[str, ...]:
        return self.lists.get(slug, ())

    async def set_electors(self, slug: str, viewers: Collection[str]) -> None:
        self.lists[slug] = tuple(sorted({*viewers}))

    @asynccontextmanager
    async def locked(self, slug: str) -> AsyncIterator["MemoryCampaigns"]:
        yield self

    async def save(self, campaign: Campaign, districts: Sequence[District], event: AuditEvent) -> None:
        before = self.campaigns.get(campaign.slug)
        salt = before.voter_salt if before else "a salt"
        revision = before.revision + 1 if before else 1
        self.campaigns[campaign.slug] = replace(campaign, revision=revision, voter_salt=salt)
        self.gazetteer |= {district.code: district for district in districts}
        self.recorded.append(event)

    async def create(self, campaign: Campaign, grant: Grant, event: AuditEvent) -> None:
        self.campaigns[campaign.slug] = replace(campaign, revision=1)
        self.recorded.append(event)

    async def change(self, before: Campaign, after: Campaign, event: AuditEvent) -> None:
        if self.campaigns[before.slug].revision != before.revision:
            raise LookupError(before.slug)
        self.campaigns[before.slug] = replace(after, revision=before.revision + 1)
        self.recorded.append(event)

    async def void_votes(self, before: Campaign, voided: VoidedVotes) -> None:
        """Nothing counts votes in memory."""


@dataclass
class MemorySpendings:
    """ports.RateLimitUsage. It forgets nothing."""

    spent: Counter[str] = field(default_factory=Counter)

    async def add(self, usage: Mapping[str, int], period: int) -> Mapping[str, int]:
        self.spent.update(usage)
        return {key: self.spent[key] for key in usage}


@dataclass
class MemoryOrders:
    """ports.OrderStore. kept counts how often an order was stored; looked_up holds what was asked for."""

    stored: dict[str, bytes] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    kept: int = 0
    away: bool = False
    answering: asyncio.Event | None = None

    async def keep(self, key: str, places: bytes, now: int) -> None:
        self.kept += 1
        if self.answering is not None:
            await self.answering.wait()
        if self.away:
            raise ConnectionError("away")
        await asyncio.sleep(0)
        self.stored[key] = places

    async def find(self, key: str) -> bytes | None:
        self.looked_up.append(key)
        return self.stored.get(key)


@dataclass
class MemorySignals:
    """ports.Signals that looks for nothing itself: suspicions are what a test puts there."""

    known: list[Suspicion] = field(default_factory=list)
    noted: list[Signal] = field(default_factory=list)

    def note(self, signals: Sequence[Signal]) -> None:
        self.noted.extend(signals)

    async def suspicions(
        self, campaign: str, kinds: Sequence[SuspicionKind], limit: int, before: int | None = None
    ) -> tuple[Suspicion, ...]:
        found = [one for one in self.known if one.campaign == campaign and (not kinds or one.kind in kinds)]
        return tuple(one for one in found[::-1] if before is None or one.number < before)[:limit]

    async def count(self, campaign: str, kinds: Sequence[SuspicionKind]) -> int:
        return len(await self.suspicions(campaign, kinds, len(self.known)))

    async def suspicion(self, campaign: str, key: str) -> Suspicion | None:
        return next((one for one in self.known if (one.campaign, one.key) == (campaign, key)), None)

    async def ballot_ids(self, suspicion: Suspicion, ruling: RulingKind | None, limit: int) -> tuple[str, ...]:
        return ()


@dataclass
class MemoryRulings:
    """ports.Rulings that knows no ballot."""

    async def rule(self, campaign: str, ids: Sequence[str], ruling: Ruling) -> Verdict:
        return Verdict((), tuple((name, RulingProblemCode.NO_SUCH_BALLOT) for name in ids))


@dataclass
class MemoryTallies:
    """ports.Tallies, which stay as they are."""

    known: Mapping[str, Counts] = field(default_factory=dict)

    async def counts(self) -> Mapping[str, Counts]:
        return self.known

    async def counts_until(self, campaign: str, moment: datetime) -> Counts:
        return self.known[campaign]


@dataclass
class MemoryAccess:
    """ports.AccessStore, with the grants and revocations that a test puts there. recorded holds the events of changes."""

    known: AccessGrants = field(default_factory=AccessGrants)
    recorded: list[AuditEvent] = field(default_factory=list)

    async def access(self) -> AccessGrants:
        return self.known

    async def last_revocation(self) -> int:
        return self.known.version

    async def grant(self, grant: Grant, event: AuditEvent) -> bool:
        return self._change(grant, event, {*self._grants(grant.viewer), grant})

    async def withdraw(self, grant: Grant, event: AuditEvent) -> bool:
        return self._change(grant, event, self._grants(grant.viewer) - {grant})

    async def revoke(self, viewer: str | None, event: AuditEvent) -> None:
        number = self.known.version + 1
        if viewer is None:
            self.known = replace(self.known, everybody=number)
        else:
            self.known = replace(self.known, revoked={**self.known.revoked, viewer: number})
        self.recorded.append(event)

    def _grants(self, viewer: str) -> frozenset[Grant]:
        return self.known.granted.get(viewer, frozenset())

    def _change(self, grant: Grant, event: AuditEvent, after: Set[Grant]) -> bool:
        if after == self._grants(grant.viewer):
            return False
        self.known = replace(self.known, granted={**self.known.granted, grant.viewer: frozenset(after)})
        self.recorded.append(event)
        return True


@dataclass
class MemorySalts:
    """ports.VoterSalts of some campaigns. scrubbed counts how often deleted salts were removed for good."""

    stored: MemoryCampaigns
    recorded: list[AuditEvent] = field(default_factory=list)
    scrubbed: int = 0
    leftovers: str = "nowhere"

    def __post_init__(self) -> None:
        self.stored.salts = self

    async def destroy(self, campaign: str, event: AuditEvent) -> bool:
        found = self.stored.campaigns[campaign]
        if found.anonymised:
            return False
        self.stored.campaigns[campaign] = replace(found, voter_salt=None)
        self.recorded.append(event)
        return True

    async def scrub(self) -> None:
        self.scrubbed += 1


@dataclass
class MemoryTrail:
    """ports.AuditTrail."""

    noted: list[AuditEvent] = field(default_factory=list)

    def note(self, event: AuditEvent) -> None:
        self.noted.append(event)

    async def events(
        self, trail_filter: TrailFilter, limit: int, before: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        found = [event for event in self._matching(trail_filter) if before is None or event.number < before]
        return tuple(found[::-1][:limit])

    async def count(self, trail_filter: TrailFilter) -> int:
        return len(self._matching(trail_filter))

    def _matching(self, trail_filter: TrailFilter) -> list[RecordedEvent]:
        return [
            RecordedEvent(number, event)
            for number, event in enumerate(self.noted, 1)
            if (not trail_filter.kinds or event.kind in trail_filter.kinds)
            and trail_filter.campaign in (None, event.campaign)
            and (trail_filter.since is None or event.at >= trail_filter.since)
        ]


class MemoryPanels:
    """api.ports.PanelStore where no campaign has experts."""

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        return None

    async def experts(self, slug: str) -> tuple[Expert, ...]:
        return ()

    async def revision(self, slug: str) -> int:
        return 0

    async def history(self, slug: str, expert: int | None = None) -> tuple[ReviewRevision, ...]:
        return ()

    async def campaign_with(self, code: str) -> str | None:
        return None

    async def campaigns_of(self, viewer: str) -> tuple[str, ...]:
        return ()
