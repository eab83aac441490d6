"""Does every country that the format's checker knows by a code have clocks, and every zone a country that it knows?"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pycountry
import pytest

from api.formats.pabulib.places import country_of, zone_of

SUMMER = tuple(datetime.combine(date(2023, 6, day), time()) for day in (5, 20))


def test_every_zone_is_one_that_there_is() -> None:
    for country in pycountry.countries:
        assert ZoneInfo(zone_of(country.alpha_2, SUMMER)).utcoffset(SUMMER[0]) is not None


def test_names_and_codes_lead_to_the_same_clocks() -> None:
    for name in (
        "Poland",
        "Switzerland",
        "Netherlands",
        "France",
        "Hungary",
        "Estonia",
        "Germany",
        "Norway",
        "Slovenia",
    ):
        code = pycountry.countries.lookup(name).alpha_2
        assert zone_of(name, SUMMER) == zone_of(code, SUMMER) != "UTC"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Warsaw", "America/New_York", "Pacific/Auckland"])
def test_the_country_of_a_zone_is_one_that_the_checker_takes(zone: str) -> None:
    assert pycountry.countries.lookup(country_of(zone))


def test_zones_of_no_country_have_none() -> None:
    assert country_of("UTC") is None


def test_clocks_that_differ_on_these_days_alone_make_it_utc() -> None:
    assert zone_of("Australia", SUMMER) == "UTC"
    assert zone_of("Nowhere", SUMMER) == "UTC"
