"""Is a sign-in noted for each time zone in which voting is yet to end, under a key that tells nobody who it was?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from api.domain.campaigns.directory import Directory
from api.domain.campaigns.states import CampaignState
from api.ports import SignIn
from api.services.sign_in_counting import SignInCounting
from api.services.snapshots import Snapshot
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign

SECRET = b"s" * 32


class Noted(list[SignIn]):
    """The sign-ins that were noted."""

    def note(self, sign_ins: Sequence[SignIn]) -> None:
        self.extend(sign_ins)

    async def count(self, zone: str, day: date) -> int:
        return len({each.key for each in self if (each.zone, each.day) == (zone, day)})


def noted(*sign_ins: tuple[str, datetime], state: CampaignState = CampaignState.PRESENTED) -> Noted:
    """What is noted of these voters, who sign in at these moments, with two campaigns in Shanghai and one in London."""
    found, here = Noted(), a_campaign(state=state)
    campaigns = (here, replace(here, slug="same-zone"), replace(here, slug="elsewhere", time_zone="Europe/London"))
    snapshot = Snapshot(Directory({each.slug: each for each in campaigns}, {}), {}, OPENS)
    counting = SignInCounting(found, SECRET, lambda: snapshot)
    for voter, now in sign_ins:
        counting.note(voter, now)
    return found


def test_a_person_is_noted_once_for_each_zone_by_its_own_day() -> None:
    late = datetime(2017, 3, 22, 17, tzinfo=UTC)  # the next day in Shanghai
    assert {(each.zone, each.day) for each in noted(("lin", late))} == {
        ("Asia/Shanghai", date(2017, 3, 23)),
        ("Europe/London", date(2017, 3, 22)),
    }


def test_a_key_is_the_same_all_day_and_for_nobody_else_and_on_no_other_day_and_in_no_other_zone() -> None:
    again = noted(("lin", DURING), ("lin", DURING + timedelta(minutes=1)))
    assert len(again) == 4
    assert len(set(again)) == 2
    everything = noted(("lin", DURING), ("fang", DURING), ("lin", DURING + timedelta(days=1)))
    assert len({each.key for each in everything}) == 6
    assert not any(name in each.key for each in everything for name in ("lin", "fang"))


def test_nothing_is_noted_where_no_voting_is_yet_to_end() -> None:
    assert len(noted(("lin", OPENS - timedelta(days=1)))) == 2, "a session may begin before the voting"
    assert noted(("lin", CLOSES)) == []
    assert noted(("lin", DURING), state=CampaignState.DRAFT) == []
    nothing = Noted()
    SignInCounting(nothing, SECRET, lambda: None).note("lin", DURING)
    assert nothing == []
