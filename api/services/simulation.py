"""Simulated ballots that differ as people's do, the same again for the same seed.

Projects differ in appeal, ballots in length, days in turnout: most people vote on the first days and some come back. None
of it claims to be the real outcome of 2017, which was never published.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from api.domain.campaigns.campaign import Campaign
from api.domain.voting.ballots import Draft
from api.domain.voting.rules.hours import open_from
from api.services.ballot_shapes import BallotShape
from api.services.ballots_like import BallotsLike
from api.services.simulated_choices import Choosable

APPEAL_SIGMA = 0.6  # standard deviation of the logarithm of the projects' appeal
MICROSECOND = timedelta(microseconds=1)
TRIES = 500  # to find a moment in the hours of voting
DECAY = 0.85  # turnout of a voting day, as a share of the day before


class Simulation:
    """Plausible drafts for a campaign in which this may be chosen, and moments to cast them at.

    like: the shape of real ballots that they shall have.
    """

    def __init__(self, choosable: Choosable, seed: int, like: BallotShape | None = None) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret hangs on it
        self._random_times = Random(seed)  # noqa: S311 - apart, so that the choices do not hang on what time it is
        self._choosable = choosable
        self._like = None if like is None else BallotsLike(choosable, like, self._random)
        self._appeal = {name: self._random.lognormvariate(0, APPEAL_SIGMA) for name in choosable.project_ids}

    def draft(self) -> Draft:
        """One ballot: mostly near the minimum, with the appealing projects more often than others; or like a real one."""
        if self._like is not None:
            return Draft(self._like.draw(self._random))
        fewest, most = self._choosable.choices.minimum, self._choosable.choices.maximum
        length = round(self._random.triangular(fewest, most, fewest + (most - fewest) / 4))
        # The largest of u^(1/w) are a sample without replacement in which w is a project's weight.
        ranked = sorted(self._appeal, key=lambda name: self._random.random() ** (1 / self._appeal[name]))
        return Draft(self._choosable.chosen(reversed(ranked), length))

    def moment(self, campaign: Campaign, now: datetime) -> datetime:
        """When it was cast: on an early voting day rather than a late one, at any time of it up to now.

        Voting must have opened by now. Where it is open at some hours of the day, it is one of these, if one has come yet.
        """
        calendar = campaign.calendar
        days = calendar.days_begun(now)
        day = self._random_times.choices(days, weights=[DECAY**n for n in range(len(days))])[0]
        start = max(moment.astimezone(UTC) for moment in (calendar.start_of(day), calendar.window.opens_at))
        ends = (calendar.start_of(calendar.next_day(day)), calendar.window.closes_at, now)
        end = min(moment.astimezone(UTC) for moment in ends)
        span = max(1, (end - start) // MICROSECOND)
        moment = start + timedelta(microseconds=self._random_times.randrange(span))
        for _ in range(TRIES):
            if open_from(campaign, moment) == moment:
                break
            moment = start + timedelta(microseconds=self._random_times.randrange(span))
        return moment
