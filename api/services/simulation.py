"""Simulated ballots that differ as people's do, the same again for the same seed.

Projects differ in appeal, ballots in length, days in turnout: most people vote on the first days and some come back. None
of it claims to be the real outcome of 2017, which was never published.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from api.domain.campaigns.calendar import Calendar
from api.domain.campaigns.parts import ChoiceRange
from api.domain.voting.ballots import Draft

APPEAL_SIGMA = 0.6  # standard deviation of the logarithm of the projects' appeal
MICROSECOND = timedelta(microseconds=1)
DECAY = 0.85  # turnout of a voting day, as a share of the day before


class Simulation:
    """Plausible drafts for a campaign with these project ids and this range of choices, and moments to cast them at."""

    def __init__(self, project_ids: Sequence[str], choices: ChoiceRange, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret hangs on it
        self._random_times = Random(seed)  # noqa: S311 - apart, so that the choices do not hang on what time it is
        self._choices = choices
        self._appeal = {name: self._random.lognormvariate(0, APPEAL_SIGMA) for name in project_ids}

    def draft(self) -> Draft:
        """One ballot: mostly near the minimum, with the appealing projects more often than others."""
        fewest, most = self._choices.minimum, self._choices.maximum
        length = round(self._random.triangular(fewest, most, fewest + (most - fewest) / 4))
        # The largest of u^(1/w) are a sample without replacement in which w is a project's weight.
        ranked = sorted(self._appeal, key=lambda name: self._random.random() ** (1 / self._appeal[name]))
        return Draft(tuple(ranked[-length:]))

    def moment(self, calendar: Calendar, now: datetime) -> datetime:
        """When it was cast: on an early voting day rather than a late one, at any time of it up to now.

        Voting must have opened by now.
        """
        days = calendar.days_begun(now)
        day = self._random_times.choices(days, weights=[DECAY**n for n in range(len(days))])[0]
        start = max(moment.astimezone(UTC) for moment in (calendar.start_of(day), calendar.window.opens_at))
        ends = (calendar.start_of(calendar.next_day(day)), calendar.window.closes_at, now)
        end = min(moment.astimezone(UTC) for moment in ends)
        return start + timedelta(microseconds=self._random_times.randrange(max(1, (end - start) // MICROSECOND)))
