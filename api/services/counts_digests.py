"""Digests of counts, which tell whether anything has changed: votes are read again only where they are another object."""

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from api.domain.results.tallies import Counts


@dataclass(frozen=True)
class CountsDigests:
    """Makes digests, and remembers that of each campaign's and day's votes for as long as they stay the same object."""

    _known: dict[tuple[str, date], tuple[Mapping[int, int], str]] = field(default_factory=dict)

    def digest(self, counts_by_slug: Mapping[str, Counts], hidden: frozenset[str]) -> str:
        """Digest these campaigns' counts. hidden: those of whose votes only the sum has a part in it, as turnout tells it."""
        in_order = []
        for slug, counts in sorted(counts_by_slug.items()):
            days = [sorted(each.items()) for each in (counts.ballots, counts.held, counts.voided)]
            votes = [(day, self._votes(slug, day, votes)) for day, votes in sorted(counts.votes.items())]
            channels = [
                (day, sorted((channel.name, ballots) for channel, ballots in by_channel.items()))
                for day, by_channel in sorted(counts.channels.items())
            ]
            in_order.append((slug, days, channels, counts.choices if slug in hidden else votes))
        return hashlib.sha256(repr(in_order).encode()).hexdigest()

    def _votes(self, slug: str, day: date, votes: Mapping[int, int]) -> str:
        digested, digest = self._known.get((slug, day), (None, ""))
        if digested is not votes:
            positions = sorted(votes)
            numbers = array("q", positions) + array("q", map(votes.__getitem__, positions))
            digest = hashlib.sha256(numbers).hexdigest()
            self._known[slug, day] = votes, digest
        return digest
