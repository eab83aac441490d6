"""What does a report have in tests? A count, two stages of which one is final, a tie, an objection and a correction."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement, Award, Criterion
from api.domain.campaigns.stages import TieStep
from api.domain.exact import divide
from api.domain.results.ranking import Standings, standings
from api.domain.results.report import (
    Annex,
    ChangedRow,
    InputValue,
    ObjectionOnRecord,
    Recounted,
    Report,
    StageReport,
    StageRow,
    TieOnRecord,
)
from api.domain.results.tallies import Counts
from api.domain.review.aggregation import Scored
from api.domain.review.agreement import Agreement
from api.domain.review.statistics import statistics
from api.domain.review.terms import Aggregation
from api.domain.selection.terms import InputSource, Normalisation
from api.domain.texts import Text, localized
from tests.campaigns import CLOSES, DAYS, a_campaign

ANNOUNCED = CLOSES + timedelta(days=3)
CONFIRMED = CLOSES + timedelta(days=9)
AS_OF = CLOSES + timedelta(days=20)
DIGESTS = tuple(character * 64 for character in "abc")
NEED = Criterion("need", localized(zh="需求", en="Need"), maximum=Decimal(100))


def counts_of(campaign: Campaign) -> Counts:
    """More votes for the lower numbers, equal ones for neighbours, on every day."""
    votes = {day: {p.position: 3 * (60 - p.number // 2 * 2) for p in campaign.projects} for day in DAYS}
    return Counts({day: 200 + 10 * n for n, day in enumerate(DAYS)}, votes, {DAYS[0]: 4}, {DAYS[1]: 3})


def standings_of(campaign: Campaign) -> Standings:
    return standings(campaign, counts_of(campaign), AS_OF)


def a_stage(campaign: Campaign, code: str, **changes: object) -> StageReport:
    """A stage that votes and experts have decided together, half and half."""
    stage = next(each for each in campaign.stages if each.code == code)
    ranked = standings_of(campaign).ranked
    scored = sorted(((_inputs(each.votes, each.number), each.number) for each in ranked), key=_order)
    rows = tuple(
        StageRow(number, inputs, inputs[0].weighted + inputs[1].weighted, place, place <= stage.seats)
        for place, (inputs, number) in enumerate(scored, 1)
    )
    report = StageReport(
        stage=replace(stage, ties=(TieStep.FURTHER_CRITERION, TieStep.LOT)),
        rows=rows,
        ties=(
            TieOnRecord(
                (rows[stage.seats - 1].project, rows[stage.seats].project),
                None,
                TieStep.LOT,
                Text("抽签决定。", "The lot decided."),
            ),
        ),
        vacant=0,
        unreviewed=(),
        version=1,
        digest=DIGESTS[0],
        trace="pingxuan-selection-trace/1\nrecord 00\noutcome settled\n",
        decided_at=ANNOUNCED,
        announced_at=ANNOUNCED,
        objections_until=ANNOUNCED + timedelta(days=5),
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def _inputs(votes: int, number: int) -> tuple[InputValue, ...]:
    score, half = Decimal(60 + number * 7 % 39), Decimal("0.5")
    share = divide(Decimal(votes), Decimal(18), 4)
    return (
        InputValue(InputSource.PUBLIC_VOTE, Normalisation.SHARE_OF_HIGHEST, half, Decimal(votes), share, half * share),
        InputValue(InputSource.EXPERT_SCORES, Normalisation.AS_IS, half, score, score, half * score),
    )


def _order(scored: tuple[tuple[InputValue, ...], int]) -> tuple[Decimal, int]:
    inputs, number = scored
    return -inputs[0].weighted - inputs[1].weighted, number


def an_objection(**changes: object) -> ObjectionOnRecord:
    objection = ObjectionOnRecord(1, "某社区居民", "项目 31 的得票有误。", ANNOUNCED + timedelta(days=1), 31)
    answered = replace(
        objection,
        answer=localized(zh="已重新清点，无误。", en="Counted again; nothing is wrong."),
        answered_at=ANNOUNCED + timedelta(days=2),
    )
    return replace(answered, **changes)  # type: ignore[arg-type]


def a_report(**changes: object) -> Report:
    """The report of a campaign whose finalists are final and whose winners are announced."""
    campaign = a_campaign(awards=(Award("TOP", localized(zh="十大", en="Top ten"), 10),), published_at=ANNOUNCED)
    stages = tuple(
        replace(each, decided=True, decided_at=each.decided_at or ANNOUNCED) if each.code == "FINALIST" else each
        for each in campaign.stages
    )
    announcements = (Announcement("FINALIST", ANNOUNCED, ANNOUNCED + timedelta(days=5), CONFIRMED),)
    campaign = replace(campaign, stages=stages, announcements=announcements)
    annex = Annex(
        ANNOUNCED + timedelta(days=3),
        localized(zh="项目 30 退出。", en="Project 30 was withdrawn."),
        *DIGESTS[1:],
        (ChangedRow(30, True, False, 30, None), ChangedRow(31, False, True, 31, 30)),
    )
    reviews = [Scored(e, p, {"need": Decimal(60 + (e * 11 + p * 7) % 40)}) for e in range(1, 6) for p in range(1, 31)]
    report = Report(
        standings=standings_of(campaign),
        hours={
            f"{day}T{hour:02}+0800": 1 + (hour * 7 + n) % 23
            for n, day in enumerate(DAYS)
            for hour in range(24 if n < 9 else 12)
        },
        recounted=Recounted(2457, 4, 3, ()),
        stages=(
            a_stage(campaign, "FINALIST", confirmed_at=CONFIRMED, annexes=(annex,), objections=(an_objection(),)),
            a_stage(campaign, "WINNER", objections=(an_objection(answer=None, answered_at=None),)),
        ),
        scores=statistics(reviews, (NEED,), Aggregation()),
        agreement=Agreement(Decimal("0.6123"), None, 5, 30),
    )
    return replace(report, **changes)  # type: ignore[arg-type]
