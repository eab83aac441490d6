"""Is the turnout by hour and channel whole, and does it keep small numbers to itself?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.exchange.turnout import TurnoutCell, turnout_cells
from api.domain.voting.channels import Channel

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2017, 3, 22, tzinfo=SHANGHAI)
CALENDAR = Calendar(SHANGHAI, Window(OPENS, OPENS + timedelta(days=2)))
FIRST, SECOND = date(2017, 3, 22), date(2017, 3, 23)


def minute(hours: int, minutes: int = 0) -> datetime:
    return (OPENS + timedelta(hours=hours, minutes=minutes)).astimezone(UTC)


def test_every_total_is_there_and_large_numbers_are_shown() -> None:
    minutes = {
        (minute(9), Channel.WEB): 20,
        (minute(9, 59), Channel.WEB): 10,
        (minute(9), Channel.PAPER): 40,
        (minute(30), Channel.WEB): 12,
    }
    assert turnout_cells(CALENDAR, minutes) == (
        TurnoutCell(None, None, None, 82),
        TurnoutCell(None, None, Channel.WEB, 42),
        TurnoutCell(None, None, Channel.PAPER, 40),
        TurnoutCell(FIRST, None, None, 70),
        TurnoutCell(FIRST, "2017-03-22T09+0800", None, 70),
        TurnoutCell(FIRST, "2017-03-22T09+0800", Channel.WEB, 30),
        TurnoutCell(FIRST, "2017-03-22T09+0800", Channel.PAPER, 40),
        TurnoutCell(SECOND, None, None, 12),
        TurnoutCell(SECOND, "2017-03-23T06+0800", None, 12),
        TurnoutCell(SECOND, "2017-03-23T06+0800", Channel.WEB, 12),
        TurnoutCell(SECOND, "2017-03-23T06+0800", Channel.PAPER, 0),
    )


def test_a_small_hour_takes_another_hour_of_its_day_with_it_and_no_total_of_days_or_channels() -> None:
    minutes = {(minute(hour), Channel.WEB): ballots for hour, ballots in ((8, 3), (9, 50), (10, 30), (33, 25))}
    cells = turnout_cells(CALENDAR, minutes)
    withheld = {(cell.day, cell.hour) for cell in cells if cell.ballots is None}
    assert withheld == {(FIRST, "2017-03-22T08+0800"), (FIRST, "2017-03-22T10+0800")}


def test_no_ballot_is_a_table_of_its_whole() -> None:
    assert turnout_cells(CALENDAR, {}) == (TurnoutCell(None, None, None, 0),)


def test_a_season_of_small_hours_is_no_burden() -> None:
    calendar = Calendar(SHANGHAI, Window(OPENS, OPENS + timedelta(days=90)))
    minutes = {(minute(hour), channel): 1 + hour % 40 for hour in range(2_160) for channel in Channel}
    cells = turnout_cells(calendar, minutes)
    assert len(cells) == 1 + 5 + 90 + 2_160 * 6
