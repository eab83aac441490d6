"""Which clocks a country goes by, from the tables of the tzdata package."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

UTC_ZONE = "UTC"
OFFICIAL = {
    "CN": "Asia/Shanghai"
}  # the time of all of China; its tables name a second one that people in Xinjiang keep
OTHER_NAMES = {  # of countries that the tables call otherwise
    "czechia": "CZ",
    "great britain": "GB",
    "korea, republic of": "KR",
    "republic of korea": "KR",
    "south korea": "KR",
    "taiwan, province of china": "TW",
    "the netherlands": "NL",
    "türkiye": "TR",
    "uk": "GB",
    "united kingdom": "GB",
    "united states of america": "US",
    "usa": "US",
    "viet nam": "VN",
}


def zone_of(country: str, moments: Sequence[datetime]) -> str:
    """The zone of a country whose clocks all show the same at these moments of them; UTC for any other.

    country: its English name, or its code in ISO 3166.
    """
    code = _code(country)
    if code is None:
        return UTC_ZONE
    if code in OFFICIAL:
        return OFFICIAL[code]
    zones = _zones().get(code, ())
    offsets = {tuple(moment.replace(tzinfo=ZoneInfo(zone)).utcoffset() for moment in moments) for zone in zones}
    return zones[0] if len(offsets) == 1 else UTC_ZONE


def country_of(zone: str) -> str | None:
    """The code of the country that has this zone; None for zones of no country."""
    return next((code for code, zones in _zones().items() if zone in zones), None)


def _code(country: str) -> str | None:
    name = country.strip().casefold()
    return OTHER_NAMES.get(name) or _countries().get(name)


@cache
def _countries() -> dict[str, str]:
    """The codes of countries by their codes and names, both folded."""
    rows = _table("iso3166.tab")
    return {code.casefold(): code for code, *_ in rows} | {name.casefold(): code for code, name, *_ in rows}


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """The zones of each country by its code, that of most people first."""
    found: dict[str, tuple[str, ...]] = {}
    for code, _, zone, *_ in _table("zone.tab"):
        found[code] = (*found.get(code, ()), zone)
    return found


def _table(name: str) -> list[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
