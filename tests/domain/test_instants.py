"""Does every sentence that tells a time say of which zone it is?"""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from api.domain.instants import spelled


@pytest.mark.parametrize(
    ("zone", "zh", "en"),
    [
        (ZoneInfo("Asia/Shanghai"), "（北京时间）", "(Asia/Shanghai)"),
        (ZoneInfo("PRC"), "（北京时间）", "(PRC)"),
        (ZoneInfo("Asia/Urumqi"), "（Asia/Urumqi时间）", "(Asia/Urumqi)"),
        (ZoneInfo("Europe/Berlin"), "（Europe/Berlin时间）", "(Europe/Berlin)"),
        (timezone(timedelta(hours=8)), "（UTC+08:00时间）", "(UTC+08:00)"),
        (UTC, "（UTC时间）", "(UTC)"),
    ],
)
def test_an_instant_is_spelled_with_its_zone(zone: tzinfo, zh: str, en: str) -> None:
    at = spelled(datetime(2017, 3, 2, 9, 5, tzinfo=zone))
    assert at.zh == f"2017年3月2日09:05{zh}"
    assert at.en == f"2017-03-02 09:05 {en}"
