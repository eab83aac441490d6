"""What does a report have in tests? A count, two stages of which one is final, a tie, an objection and a correction."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement, Award, Criterion
from api.domain.campaigns.stages import TieStep
from api.domain.exact import divide
from api.domain.results.ranking import Standings, standings
from api.domain.results.report import Recounted, Report, StageReport
from api.domain.results.tallies import Counts
from api.domain.review.aggregation import Scored
from api.domain.review.agreement import Agreement
from api.domain.review.statistics import statistics
from api.domain.review.terms import Aggregation
from api.domain.selection.outcome import InputScore, Outcome, OutcomeRow
from api.domain.selection.terms import InputSource, Normalisation, StageInput, StageKind
from api.domain.selection.ties import Tie, TieDetail
from api.domain.selection.versions import Objection, SelectionVersion, StageSelection
from api.domain.texts import localized
from tests.campaigns import CLOSES, DAYS, a_campaign

ANNOUNCED = CLOSES + timedelta(days=3)
UNTIL = ANNOUNCED + timedelta(days=5)
CONFIRMED = CLOSES + timedelta(days=9)
AS_OF = CLOSES + timedelta(days=20)
DIGESTS = tuple(character * 64 for character in "ab")
TRACE = "pingxuan-selection-trace/1\nrecord 00\noutcome settled\n"
NEED = Criterion("need", localized(zh="需求", en="Need"), maximum=Decimal(100))
HALF = Decimal("0.5")
INPUTS = (
    StageInput(InputSource.PUBLIC_VOTE, HALF, Normalisation.SHARE_OF_HIGHEST),
    StageInput(InputSource.EXPERT_SCORES, HALF, Normalisation.AS_IS),
)


def counts_of(campaign: Campaign) -> Counts:
    """More votes for the lower numbers, equal ones for neighbours, on every day."""
    votes = {day: {p.position: 3 * (60 - p.number // 2 * 2) for p in campaign.projects} for day in DAYS}
    return Counts({day: 200 + 10 * n for n, day in enumerate(DAYS)}, votes, {DAYS[0]: 4}, {DAYS[1]: 3})


def standings_of(campaign: Campaign) -> Standings:
    return standings(campaign, counts_of(campaign), AS_OF)


def an_outcome(campaign: Campaign, seats: int) -> Outcome:
    """An outcome of votes and experts' scores, half and half, with a tie at the line that lots have settled."""
    votes = {each.number: each.votes for each in standings_of(campaign).ranked}
    scored = {number: _inputs(own, number) for number, own in votes.items()}
    totals = {number: inputs[0].weighted + inputs[1].weighted for number, inputs in scored.items()}
    ordered = sorted(totals, key=lambda number: (-totals[number], number))
    rows = tuple(
        OutcomeRow(
            number, scored[number], totals[number], place, place <= seats, "TOP" if place < seats else None, False
        )
        for place, number in enumerate(ordered, 1)
    )
    numbers = frozenset(ordered[seats - 1 : seats + 1])
    lot = TieDetail(TieStep.LOT, 1, numbers, values=tuple((number, "0f") for number in ordered[seats - 1 : seats + 1]))
    tie = Tie(numbers, 1, None, TieStep.LOT, frozenset({ordered[seats - 1]}), (), details=(lot,))
    return Outcome(rows, (tie,), 0, {}, (), (), False)


def _inputs(votes: int, number: int) -> tuple[InputScore, ...]:
    score, share = Decimal(60 + number * 7 % 39), divide(Decimal(votes), Decimal(18), 4)
    return (
        InputScore(INPUTS[0], Decimal(votes), share, HALF * share),
        InputScore(INPUTS[1], score, score, HALF * score),
    )


def a_stage(
    campaign: Campaign, code: str, objections: tuple[Objection, ...] = (), *, corrected: bool = False
) -> StageReport:
    """A stage's decision, and one correction of it: that the last of the selected and the next have changed places."""
    stage = next(each for each in campaign.stages if each.code == code)
    announcement = next((each for each in campaign.announcements if each.stage == code), None)
    outcome = an_outcome(campaign, stage.seats)
    versions = [SelectionVersion(code, 1, ANNOUNCED, outcome, DIGESTS[0])]
    if corrected:
        rows = list(outcome.rows)
        last, following = rows[stage.seats - 1 : stage.seats + 1]
        rows[stage.seats - 1] = replace(last, selected=False)
        rows[stage.seats] = replace(following, selected=True)
        why = localized(zh="票数录入有误。", en="Votes were entered wrongly.")
        later = ANNOUNCED + timedelta(days=3)
        versions.append(SelectionVersion(code, 2, later, replace(outcome, rows=tuple(rows)), DIGESTS[1], why))
    how = {"kind": StageKind.EXPERT_SCORES, "inputs": INPUTS, "ties": (TieStep.FURTHER_CRITERION, TieStep.LOT)}
    stage = replace(stage, **how)  # type: ignore[arg-type]
    return StageReport(stage, StageSelection(code, tuple(versions), objections), TRACE, announcement)


def an_objection(**changes: Any) -> Objection:
    """An objection to the finalists that was answered."""
    return replace(
        Objection(
            stage="FINALIST",
            number=1,
            at=ANNOUNCED + timedelta(days=1),
            by="某社区居民",
            text="项目 31 的得票有误。",
            project=31,
            answer=localized(zh="已重新清点，无误。", en="Counted again; nothing is wrong."),
            answered_at=ANNOUNCED + timedelta(days=2),
        ),
        **changes,
    )


def a_reported_campaign(*, final: bool = False) -> Campaign:
    """Its finalists are final, and its winners announced or final too."""
    campaign = a_campaign(awards=(Award("TOP", localized(zh="十大", en="Top ten"), 10),), published_at=ANNOUNCED)
    stages = tuple(replace(each, decided=True, decided_at=each.decided_at or ANNOUNCED) for each in campaign.stages)
    announcements = (
        Announcement("FINALIST", ANNOUNCED, UNTIL, CONFIRMED),
        Announcement("WINNER", ANNOUNCED, UNTIL, CONFIRMED if final else None),
    )
    return replace(campaign, stages=stages, announcements=announcements)


def a_report(*, final: bool = False, **changes: Any) -> Report:
    """The report of that campaign."""
    campaign = a_reported_campaign(final=final)
    reviews = [Scored(e, p, {"need": Decimal(60 + (e * 11 + p * 7) % 40)}) for e in range(1, 6) for p in range(1, 31)]
    open_objection = an_objection(stage="WINNER", answer=None, answered_at=None)
    report = Report(
        standings=standings_of(campaign),
        hours={f"{day}T{hour:02}+0800": (hour * 7 + n) % 23 for n, day in enumerate(DAYS) for hour in range(24)},
        recounted=Recounted(2457, 4, 3, ()),
        stages=(
            a_stage(campaign, "FINALIST", (an_objection(),), corrected=True),
            a_stage(campaign, "WINNER", (open_objection,)),
        ),
        scores=statistics(reviews, (NEED,), Aggregation()),
        agreement=Agreement(Decimal("0.6123"), None, 5, 30),
    )
    return replace(report, **changes)
