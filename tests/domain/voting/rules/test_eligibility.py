"""May only those vote who have the required claims and are on the list, and does nobody learn more of them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.texts import localized
from api.domain.voting.rules.eligibility import EligibilityRule, NotEligible, RequiredClaim
from tests.campaigns import a_campaign
from tests.domain.voting.rules.judged import reported

CAMPAIGN = a_campaign()
RESIDENCE, ADULT = RequiredClaim("residence", ("310115", "310101")), RequiredClaim("adult")
LISTED = EligibilityRule((), listed=True)
RESIDENTS = EligibilityRule((RESIDENCE, ADULT), listed=False)

CLAIMS = [
    ({"residence": ("310115",), "adult": ("true",)}, ()),
    ({"residence": ("440100", "310101"), "adult": ("no",)}, ()),
    ({"residence": ("440100",), "adult": ("true",)}, ("residence",)),
    ({"residence": (), "adult": ()}, ("residence", "adult")),
    ({"Residence": ("310115",)}, ("residence", "adult")),
    ({}, ("residence", "adult")),
]


@pytest.mark.parametrize(("claims", "missing"), CLAIMS)
def test_every_claim_has_one_of_its_values(claims: dict[str, tuple[str, ...]], missing: tuple[str, ...]) -> None:
    expected = [NotEligible(missing, unlisted=False, described=None)] if missing else []
    assert reported(RESIDENTS, CAMPAIGN, claims=claims) == expected


def test_whoever_is_not_on_the_list_may_not_vote() -> None:
    assert reported(LISTED, CAMPAIGN, listed=True) == []
    assert reported(LISTED, CAMPAIGN, listed=False) == [NotEligible((), unlisted=True, described=None)]
    assert reported(RESIDENTS, CAMPAIGN, listed=False) == []


def test_nothing_is_said_of_a_voter_who_is_not_known() -> None:
    assert reported(EligibilityRule((RESIDENCE,), listed=True), CAMPAIGN) == []


def test_a_refusal_says_what_is_missing_and_never_what_the_voter_has() -> None:
    rule = EligibilityRule((RESIDENCE,), listed=True, described=localized(zh="浦东和黄浦居民。", en="Residents only."))
    [refused] = reported(rule, CAMPAIGN, claims={"residence": ("440100",)}, listed=False)
    assert refused.message.zh == (
        "您不能在本次评选中投票：您的登录身份未证明所需的信息（residence），且您不在投票人名单上。投票资格：浦东和黄浦居民。"
    )
    assert refused.message.en == (
        "You may not vote in this campaign: your sign-in does not prove what is required (residence) and you are not on the "
        "list of voters. Who may vote: Residents only."
    )
    assert "440100" not in repr(refused)


def test_the_organizers_own_sentence_describes_the_rule() -> None:
    own = localized(zh="浦东居民可投票。")
    assert EligibilityRule((), listed=True, described=own).description(CAMPAIGN) is own
    assert LISTED.description(CAMPAIGN).en == "Only voters on the campaign's list may vote."
    assert RESIDENTS.description(CAMPAIGN).zh == "仅限登录身份证明了residence、adult的投票人投票。"
    both = EligibilityRule((ADULT,), listed=True).description(CAMPAIGN)
    assert both.en == "Only voters on the campaign's list whose sign-in proves adult may vote."


values = st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple)
held = st.none() | st.dictionaries(st.sampled_from("xyz"), values)


@given(
    required=st.dictionaries(st.sampled_from("xyz"), values),
    listed=st.booleans(),
    claims=held,
    on_list=st.none() | st.booleans(),
)
def test_a_voter_passes_exactly_with_all_that_is_required(
    required: dict[str, tuple[str, ...]],
    listed: bool,
    claims: dict[str, tuple[str, ...]] | None,
    on_list: bool | None,
) -> None:
    rule = EligibilityRule(tuple(RequiredClaim(name, accepted) for name, accepted in required.items()), listed)
    lacks = [
        name
        for name, accepted in required.items()
        if claims is not None and not ({*claims.get(name, ())} & {*accepted} if accepted else claims.get(name))
    ]
    found = reported(rule, CAMPAIGN, claims=claims, listed=on_list)
    assert (found == []) == (not lacks and not (listed and on_list is False))
    assert all([*violation.claims] == lacks for violation in found)
