"""What the figures of a log give cause to ask, although they prove nothing."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from api.verifier.report import DayFigures


def figures_notes(days: Mapping[str, DayFigures]) -> Iterator[str]:
    """Yield a note on each day whose ballots are more than the sign-ins of that day and the one before it can explain.

    Who signed in the day before may still be signed in. Ballots also come from files, on paper and from simulations.
    """
    known = [(day, each.counts.cast, each.sign_ins) for day, each in days.items() if each.sign_ins is not None]
    if known and not any(sign_ins for _, _, sign_ins in known):
        yield "nobody signed in on any day: the ballots came from a file, on paper or from a simulation; ask which"
        return
    for (_, _, before), (day, cast, sign_ins) in pairwise([("", 0, 0), *known]):
        if cast > (people := (before or 0) + (sign_ins or 0)):
            yield (
                f"{day}: {cast} ballots are more than the {people} sign-ins of that day and the one before it; they came from "
                "a file, on paper, by sessions that lasted longer, as several ballots of a voter, or were stuffed: ask which"
            )
