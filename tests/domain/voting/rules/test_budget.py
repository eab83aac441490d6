"""Do the projects on a ballot keep within the budget, to the last digit?"""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from api.domain.voting.rules.budget import BudgetExceeded, BudgetRule
from tests.campaigns import a_campaign, a_project, project_ids
from tests.domain.voting.rules.judged import reported

PRICES = ("100.10", "200.20", "0", None, "1E+3")
CAMPAIGN = a_campaign(
    currency="PLN",
    projects=tuple(a_project(n, cost=price and Decimal(price)) for n, price in enumerate(PRICES, 1)),
)
RULE = BudgetRule(Decimal("300.30"))


def test_costs_are_added_exactly_and_the_limit_itself_is_allowed() -> None:
    assert reported(RULE, CAMPAIGN, *project_ids(1, 2, 3, 4)) == []
    [over] = reported(BudgetRule(Decimal("300.29")), CAMPAIGN, *project_ids(4, 2, 1))
    assert over == BudgetExceeded(Decimal("300.29"), Decimal("300.30"), "PLN", project_ids(2, 1))


def test_what_is_named_twice_costs_once_and_what_is_unknown_or_has_no_price_nothing() -> None:
    assert reported(RULE, CAMPAIGN, *project_ids(1, 1, 2, 4, 99), "garbage") == []


def test_digits_beyond_those_of_common_arithmetic_count() -> None:
    large = Decimal("1" + "0" * 40)
    campaign = a_campaign(projects=(a_project(1, cost=large), a_project(2, cost=Decimal("1E-40"))))
    assert reported(BudgetRule(large), campaign, *project_ids(1)) == []
    [over] = reported(BudgetRule(large), campaign, *project_ids(1, 2))
    assert Fraction(over.cost) == Fraction(large) + Fraction(1, 10**40)


def test_amounts_are_written_with_their_currency_and_in_full() -> None:
    assert BudgetRule(Decimal("4.5E+5")).description(CAMPAIGN).en == (
        "The projects on a ballot cost at most 450,000 PLN together."
    )
    bare = a_campaign(currency=None, projects=CAMPAIGN.projects)
    assert BudgetRule(Decimal("1200.50")).description(bare).zh == "所选项目的费用合计不得超过1,200.50。"
    [over] = reported(RULE, CAMPAIGN, *project_ids(1, 5))
    assert over.message.en == (
        "Choose projects that cost at most 300.30 PLN together; those of this ballot cost 1,100.10 PLN, 799.80 PLN too much."
    )


amounts = st.decimals(0, 10**9, places=2)


@given(costs=st.lists(st.none() | amounts, max_size=8), chosen=st.lists(st.integers(1, 9)), limit=amounts)
def test_a_ballot_passes_exactly_when_its_costs_are_within_the_limit(
    costs: list[Decimal | None], chosen: list[int], limit: Decimal
) -> None:
    campaign = a_campaign(projects=tuple(a_project(n, cost=cost) for n, cost in enumerate(costs, 1)))
    cents = sum(int(cost * 100) for n, cost in enumerate(costs, 1) if n in chosen and cost is not None)
    found = reported(BudgetRule(limit), campaign, *project_ids(*chosen))
    assert (found == []) == (cents <= limit * 100)
    assert all(violation.cost * 100 == cents for violation in found)


@given(chosen=st.lists(st.integers(1, 5)), more=st.integers(1, 5), limit=st.decimals(0, 1500, places=1))
def test_one_project_more_never_makes_it_cheaper(chosen: list[int], more: int, limit: Decimal) -> None:
    before, after = (reported(BudgetRule(limit), CAMPAIGN, *project_ids(*ids)) for ids in (chosen, [*chosen, more]))
    assert bool(after) >= bool(before)
