"""Instants in sentences: an instant in the campaign's zone is always written with the name of that zone."""

from datetime import datetime

from api.domain.texts import Text

BEIJING = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "PRC"})  # one zone, five names


def spelled(instant: datetime) -> Text:
    """An instant to the minute, with its zone: 2017年3月22日00:00（北京时间）, 2017-03-22 00:00 (Asia/Shanghai)."""
    zh = f"{instant.year}年{instant.month}月{instant.day}日{instant:%H:%M}"
    return Text(
        "{zh}（{instant}）",
        "{instant_2:%Y-%m-%d %H:%M} ({tzinfo})",
        zh=zh,
        instant=zone_in_chinese(instant),
        instant_2=instant,
        tzinfo=instant.tzinfo,
    )


def zone_in_chinese(instant: datetime) -> str:
    """The zone of an instant as a Chinese reader knows it; other zones than Beijing's by their IANA names."""
    zone = str(instant.tzinfo)
    return "北京时间" if zone in BEIJING else f"{zone}时间"
