"""The breakdown of the turnout by day, hour and channel, in which small numbers are withheld."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from api.domain.campaigns.calendar import Calendar
from api.domain.exchange.export_tables import THRESHOLD
from api.domain.exchange.suppression import Flow, withheld
from api.domain.voting.channels import Channel

HOUR_COST, DAY_COST, CHANNEL_COST, WHOLE_COST = 10**9, 10**12, 10**15, 10**18  # totals are withheld last


class TurnoutCell(NamedTuple):
    """How many ballots; None where that is withheld. day, hour, channel: None means all of them together."""

    day: date | None
    hour: str | None
    channel: Channel | None
    ballots: int | None


def turnout_cells(
    calendar: Calendar, minutes: Mapping[tuple[datetime, Channel], int], threshold: int = THRESHOLD
) -> tuple[TurnoutCell, ...]:
    """All cells: the whole, the channels, and by day the day, its hours, and the channels of each hour."""
    cells = list(_cells(calendar, minutes))
    flows = [Flow(*_ends(cell), cell.ballots or 0, _cost(cell), cell.day if cell.hour else None) for cell in cells]
    hidden = withheld(flows, threshold)
    return tuple(cell._replace(ballots=None) if place in hidden else cell for place, cell in enumerate(cells))


def _cells(calendar: Calendar, minutes: Mapping[tuple[datetime, Channel], int]) -> Iterator[TurnoutCell]:
    days, hours, channels = Counter[date](), Counter[tuple[date, str]](), Counter[Channel]()
    single = Counter[tuple[date, str, Channel]]()
    for (minute, channel), ballots in sorted(minutes.items(), key=lambda item: item[0][0]):
        day, hour = calendar.day_of(minute), calendar.hour_of(minute)
        days[day] += ballots
        hours[day, hour] += ballots
        channels[channel] += ballots
        single[day, hour, channel] += ballots
    yield TurnoutCell(None, None, None, sum(days.values()))
    present = [channel for channel in Channel if channels[channel]]
    for channel in present:
        yield TurnoutCell(None, None, channel, channels[channel])
    begun = None
    for day, hour in hours:
        if day != begun:
            yield TurnoutCell(day, None, None, days[day])
            begun = day
        yield TurnoutCell(day, hour, None, hours[day, hour])
        for channel in present:
            yield TurnoutCell(day, hour, channel, single[day, hour, channel])


def _ends(cell: TurnoutCell) -> tuple[Hashable, Hashable]:
    """From the whole to a day, on to an hour, to a channel, and back: so every total is the sum of its parts."""
    day, hour, channel, _ = cell
    if hour is not None:
        return ((day, hour), channel) if channel is not None else (day, (day, hour))
    if day is not None:
        return "days", day
    return (channel, "channels") if channel is not None else ("channels", "days")


def _cost(cell: TurnoutCell) -> int:
    """A cell costs what it tells."""
    if cell.hour is not None:
        return (cell.ballots or 0) + (0 if cell.channel is not None else HOUR_COST)
    if cell.day is not None:
        return DAY_COST
    return WHOLE_COST if cell.channel is None else CHANNEL_COST
