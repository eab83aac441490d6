"""What a vote might look like: ballots that differ as people's do, the same again for the same seed.

Projects differ in appeal, ballots in length, days in zeal: most people vote on the first days and some come back. None
of it claims to be the real outcome of 2017, which was never published.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from api.domain.campaigns.calendar import Calendar
from api.domain.campaigns.campaign import ChoiceRange
from api.domain.voting.ballots import Draft

SPREAD = 0.6  # of the projects' appeal: the sigma of its logarithm
FADING = 0.85  # how much of a day's zeal the next one keeps


class Simulation:
    """Plausible drafts for a campaign with these project ids and this range of choices, and moments to cast them at."""

    def __init__(self, project_ids: Sequence[str], choices: ChoiceRange, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret hangs on it
        self._choices = choices
        self._appeal = {name: self._random.lognormvariate(0, SPREAD) for name in project_ids}

    def draft(self) -> Draft:
        """One ballot: mostly near the minimum, with the appealing projects more often than others."""
        fewest, most = self._choices.minimum, self._choices.maximum
        wanted = round(self._random.triangular(fewest, most, fewest + (most - fewest) / 4))
        # The largest of u^(1/w) are a sample without replacement in which w is a project's weight.
        ranked = sorted(self._appeal, key=lambda name: self._random.random() ** (1 / self._appeal[name]))
        return Draft(tuple(ranked[-wanted:]))

    def moment(self, calendar: Calendar) -> datetime:
        """When it is cast: on an early voting day rather than a late one, at any time of it."""
        days = calendar.days
        day = self._random.choices(days, weights=[FADING**n for n in range(len(days))])[0]
        start = max(calendar.start_of(day), calendar.window.opens_at)
        end = min(calendar.start_of(calendar.next_day(day)), calendar.window.closes_at)
        return start + timedelta(microseconds=self._random.randrange((end - start) // timedelta(microseconds=1)))
