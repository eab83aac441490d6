"""Instants in sentences: an instant in the campaign's zone is always written with the name of that zone."""

from datetime import datetime

from api.domain.texts import Text

BEIJING = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "PRC"})  # one zone, five names


def spelled(instant: datetime) -> Text:
    """An instant to the minute, with its zone: 2017年3月22日00:00（北京时间）, 2017-03-22 00:00 (Asia/Shanghai)."""
    return Text(
        "{at.year}年{at.month}月{at.day}日{at:%H:%M}（{zone}）",
        "{at:%Y-%m-%d %H:%M} ({zone})",
        at=instant,
        zone=zone_of(instant),
    )


def zone_of(instant: datetime) -> Text:
    """The zone of an instant: by its IANA name, but in Chinese Beijing's as its readers know it."""
    zone = str(instant.tzinfo)
    return Text("北京时间", zone) if zone in BEIJING else Text("{zone}时间", "{zone}", zone=zone)
