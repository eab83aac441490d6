"""How does all that people are told read, in both languages? It lies in messages.txt, to be read again as a whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.cli.error_docs import EXAMPLES
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.states import ResultsVisibility
from api.domain.integrity.rulings import MESSAGES
from api.domain.results.visibility import results_hidden
from api.domain.texts import Language, LocalizedText, Text
from api.domain.voting.judging import rules_of
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.choices import TooFewChoices, TooManyChoices
from api.domain.voting.rules.eligibility import EligibilityRule, NotEligible, RequiredClaim
from api.domain.voting.rules.groups import GroupChoiceRule
from api.domain.voting.rules.hours import OutsideVotingHours, VotingHoursRule
from api.domain.voting.rules.quota import QuotaExhausted
from api.domain.voting.rules.votes import VoteQuotaRule, VotesExhausted
from api.domain.voting.rules.window import VotingPaused
from api.identity.sign_in_errors import SignInError, sign_in_error
from api.limits import UNITS, too_large
from api.services.rate_limiting import REFUSALS, RateLimitResult, rate_limited
from tests.campaigns import DURING, OPENS, a_campaign, both, project_ids
from tests.servers import CAST, Client

FILE = Path(__file__).with_name("messages.txt")
NEW = f"Read what is new below. If it is right, remove {FILE.name} and run this again, which writes it."
HIDING = [each for each in ResultsVisibility if each is not ResultsVisibility.LIVE]
SIGN_IN = "mutation In($name: String!) { signIn(with: { guest: { name: $name } }) { token } }"
CHECK = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { message } }"
TITLES = "query List($after: String) { projects(first: 3, after: $after, orderBy: {field: TITLE}) { totalCount } }"
DAY = "query Day($day: Date) { results(day: $day) { totalCount } }"
NESTED = "{ projects(filter: " + "{not: " * 12 + "{}" + "}" * 12 + ") { totalCount } }"
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("{ campain { title } }", {}),
    ("{ campaign { quantity } }", {}),
    ("{ campaign }", {}),
    ("{ campaign { title { zh } } }", {}),
    ("{ campaign(slg: 1) { title } }", {}),
    ("{ campaign { title } ", {}),
    ("{ campaign(slug: 'x') { title } }", {}),
    ("{ campaign { title @nowhere } }", {}),
    ("{ project { title } }", {}),
    ("{ projects(first: null, orderBy: {field: AFTER_CLOSING}) { totalCount } }", {}),
    ("{ projects(orderBy: {feld: NUMBER}) { totalCount } }", {}),
    ("{ a: campaign { title } a: projects { totalCount } }", {}),
    ("query Unused($x: Int) { campaign { title } }", {}),
    ("query Unknown($x: Thing) { campaign(slug: $x) { title } }", {}),
    ("query A { campaign { title } } query B { campaign { title } }", {}),
    ("{ campaign { ...F } }", {}),
    ("mutation { signIn(with: {}) { token } }", {}),
    (CHECK, {}),
    (CHECK, {"input": {"projectIds": [1, None]}}),
    (CHECK, {"input": {"projectIds": [], "idempotencyKey": "short"}}),
    (CHECK, {"input": {"projectIds": [], "idempotencyKey": "with\u200b invisible"}}),
    (CHECK, {"input": {"projectIds": project_ids(1, 1)}}),
    ("mutation In($with: Credential!) { signIn(with: $with) { token } }", {"with": {}}),
    ("mutation In($with: Credential!) { signIn(with: $with) { token } }", {"with": {"guest": None}}),
    ("mutation { signIn(with: { guest: null }) { token } }", {}),
    (DAY, {"day": "tomorrow"}),
    (DAY, {"day": "2017-04-01"}),
    (SIGN_IN, {"name": ""}),
    (SIGN_IN, {"name": "x" * 65}),
    (SIGN_IN, {"name": "L\u200din"}),
    ('mutation { signIn(with: { wechatMiniProgram: { code: "x" } }) { token } }', {}),
    ('{ results(campaign: "nowhere") { totalCount } }', {}),
    ("{ projects(first: 101) { totalCount } }", {}),
    ('{ projects(after: "garbage") { totalCount } }', {}),
    (TITLES, {"after": "garbage"}),
    ("query Long($s: String) { projects(filter: {search: $s}) { totalCount } }", {"s": "长" * 201}),
    (NESTED, {}),
    ('{ node(id: "17") { id } }', {}),
    ("query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["district/310115"] * 101}),
    ('{ ballot(id: "17") { day } }', {}),
    (CAST, {"input": {"projectIds": []}}),
    ("{ suspicions(first: 1) { totalCount } }", {}),
)

FURTHER = (
    GroupChoiceRule(Grouping.DISTRICT, "310115", 1, 1),
    GroupChoiceRule(Grouping.DISTRICT, None, 0, 3),
    GroupChoiceRule(Grouping.LEVEL, None, None, 5),
    GroupChoiceRule(Grouping.THEME, None, 1, None),
    BudgetRule(Decimal(450000)),
    VoteQuotaRule(10, 1, QuotaPeriod.HOUR),
    VotingHoursRule(time(9), time(22)),
    VotingHoursRule(time(20), time(6)),
    EligibilityRule((RequiredClaim("residence"),), listed=False),
    EligibilityRule((), listed=True),
    EligibilityRule((RequiredClaim("residence"),), listed=True),
)
OTHERS = (
    TooFewChoices(1, 0),
    TooManyChoices(1, 2),
    QuotaExhausted(2, QuotaPeriod.CAMPAIGN, None),
    QuotaExhausted(1, QuotaPeriod.HOUR, DURING),
    VotesExhausted(1, QuotaPeriod.CAMPAIGN, None),
    VotingPaused(OPENS, DURING, both("系统维护", "Maintenance.")),
    OutsideVotingHours(time(20), time(6), None),
    NotEligible(("residence", "adult"), True, both("浦东居民。", "Residents of Pudong.")),
)


def fixed() -> Iterator[tuple[str, Text]]:
    """What is told for reasons that lie in no request, or in many."""
    one = replace(a_campaign(), choices=ChoiceRange(1, 1), quota=Quota(1, QuotaPeriod.CAMPAIGN))
    for campaign in (a_campaign(), one, a_campaign(currency="PLN", rules=FURTHER, revision=1)):
        yield from ((f"rule {rule.code}", _text(rule.description(campaign))) for rule in rules_of(campaign))
    yield from ((f"violation {each.code}", each.message) for each in (*EXAMPLES.values(), *OTHERS))
    yield from ((f"ruling {code.name}", text) for code, text in MESSAGES.items())
    yield from ((f"hidden {each.name}", results_hidden(a_campaign(visibility=each)).message) for each in HIDING)
    yield from ((f"sign-in {reason.name}", sign_in_error(reason).message) for reason in SignInError)
    yield from ((f"limit {name}", too_large(name, most, most + 1).message) for name in UNITS for most in (0, 50))
    yield from ((f"rate {name}", rate_limited(RateLimitResult(name, 60, 0, 60.0, 1.0)).message) for name in REFUSALS)


def _text(sentence: Text | LocalizedText) -> Text:
    return Text(*(sentence.to(language) for language in (Language.ZH, Language.EN)))


async def asked(api: Client) -> Iterator[tuple[str, Text]]:
    """What requests are told, each with its document."""
    found = []
    for document, variables in ASKED:
        told = []
        for language in ("zh", "en"):
            answer = await api.ask(document, variables, language=language)
            errors = answer.get("errors") or answer["data"].get("checkBallot")
            assert errors, document
            told.append(" / ".join(error["message"] for error in errors))
        place = f"{' '.join(document.split())[:100]} {str(variables)[:60] if variables else ''}"
        found.append((place.strip(), Text(*told)))
    return iter(found)


@pytest.fixture
async def messages(api: Client) -> str:
    """All of it, as it lies in the file."""
    everything = [*fixed(), *await asked(api)]
    return "".join(f"{place}\n  {text.zh}\n  {text.en}\n" for place, text in everything)


async def test_everything_is_told_in_the_words_that_were_read(messages: str) -> None:
    if not FILE.exists():
        FILE.write_text(messages, "utf-8")
    assert FILE.read_text("utf-8") == messages, NEW


async def test_every_message_is_in_its_language(messages: str) -> None:
    lines = messages.splitlines()
    for place, zh, en in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        assert any("\u4e00" <= char <= "\u9fff" for char in zh), place
        assert en == zh or not any("\u4e00" <= char <= "\u9fff" for char in en.replace("长", "")), place
        assert zh.rstrip()[-1] in "。？…", (place, zh)
        assert " 1 ballots" not in en, place
