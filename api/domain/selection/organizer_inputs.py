"""What an organizer gives to the decision of a stage, as it was sent: read, or refused with everything that is wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.campaigns.acts import checked_reason
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.campaigns.projects import Project
from api.domain.campaigns.stages import Stage, TieStep
from api.domain.ids import ProjectId, parse_id
from api.domain.selection.lot import is_promised
from api.domain.selection.record import StageDecision, TieDecision
from api.domain.selection.terms import StageKind
from api.domain.texts import LocalizedText, Text, joined

DECIDED_BY_PEOPLE = (TieStep.EXPERT_REVOTE, TieStep.RECORDED_DECISION)
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentTieDecision:
    """How a tie was decided, as it was sent: projects by id, the reason by language."""

    step: TieStep
    order: Sequence[str]
    votes: Sequence[int]
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SentStageDecision:
    """What the organizer decided, as it was sent."""

    selected: Sequence[str]
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """All that was sent for the decision of a stage."""

    decisions: Sequence[SentTieDecision] = ()
    seed: str | None = None
    decision: SentStageDecision | None = None


@dataclass(frozen=True, slots=True)
class OrganizerInputs:
    """The same, as a record has it."""

    decisions: tuple[TieDecision, ...] = ()
    seed: str | None = None
    decision: StageDecision | None = None


class _Reader:
    """Reads what was sent, and keeps what is wrong. candidates: those that can be named."""

    def __init__(self, campaign: Campaign, stage: Stage, candidates: Iterable[Project]) -> None:
        self.campaign, self.stage = campaign, stage
        self.candidates = {each.number for each in candidates if each.stands}
        self.problems: list[Problem] = []

    def refuse(self, path: Path, message: Text) -> None:
        self.problems.append(Problem(ProblemCode.INVALID_INPUT, message, path))

    def numbers(self, ids: Sequence[str], path: Path) -> tuple[int, ...]:
        """The numbers of projects that can be selected in the stage, each named once."""
        found: list[int] = []
        for place, name in enumerate(ids):
            project, where = parse_id(name), (*path, str(place))
            is_own = isinstance(project, ProjectId) and project.campaign == self.campaign.slug
            if not isinstance(project, ProjectId) or not is_own or project.number not in self.candidates:
                message = Text(
                    "“{name}”不是本阶段可入选的候选的id。",
                    "“{name}” is the id of none who can be selected here.",
                    name=name[:80],
                )
                self.refuse(where, message)
            elif project.number in found:
                self.refuse(
                    where,
                    Text(
                        "第{number}号出现了不止一次。",
                        "Number {number} is named more than once.",
                        number=project.number,
                    ),
                )
            else:
                found.append(project.number)
        return tuple(found)

    def reason(self, reason: Mapping[str, str], path: Path) -> LocalizedText | None:
        try:
            return checked_reason(self.campaign, reason, path)
        except ActFailed as refusal:
            self.problems += refusal.problems
            return None

    def seed(self, seed: str | None) -> str | None:
        promised = self.campaign.lot_digest
        if seed is not None and promised is None:
            message = Text(
                "投票开始前没有公布抽签种子的摘要，不能抽签。",
                "No lot can be drawn: no digest of a seed was published before voting opened.",
            )
            self.refuse(("seed",), message)
        elif seed is not None and not (seed and is_promised(seed, promised)):
            self.refuse(
                ("seed",),
                Text(
                    "种子的SHA-256不是投票开始前公布的{promised}。",
                    "The SHA-256 of this seed is not the one published before voting opened, {promised}.",
                    promised=promised,
                ),
            )
        return seed

    def tie_decisions(self, sent: Sequence[SentTieDecision]) -> Iterator[TieDecision]:
        known: set[tuple[TieStep, frozenset[int]]] = set()
        for place, each in enumerate(sent):
            path = ("decisions", str(place))
            if each.step not in DECIDED_BY_PEOPLE or each.step not in self.stage.ties:
                usable = [step.name for step in self.stage.ties if step in DECIDED_BY_PEOPLE]
                message = Text(
                    "该阶段并列时没有这一步可由人决定；可写：{steps}。",
                    "No tie of the stage is decided so by people; there are: {steps}.",
                    steps=joined(usable) if usable else Text("无", "none"),
                )
                self.refuse((*path, "step"), message)
            order = self.numbers(each.order, (*path, "order"))
            if len(each.order) < 2:
                self.refuse((*path, "order"), Text("order须至少写两个候选。", "order names two projects at least."))
            if (each.step, frozenset(order)) in known:
                self.refuse(path, Text("同一组并列写了两次。", "The same tie is decided twice."))
            known.add((each.step, frozenset(order)))
            self._votes(each, path)
            reason = self.reason(each.reason, (*path, "reason"))
            if reason is not None:
                yield TieDecision(each.step, order, reason, tuple(each.votes))

    def _votes(self, sent: SentTieDecision, path: Path) -> None:
        expected = len(sent.order) if sent.step is TieStep.EXPERT_REVOTE else 0
        falls = sorted(sent.votes, reverse=True) == list(sent.votes) and all(votes >= 0 for votes in sent.votes)
        if len(sent.votes) != expected or not falls:
            self.refuse(
                (*path, "votes"),
                Text(
                    "votes只在EXPERT_REVOTE时填写：与order一一对应，由多到少。",
                    "votes are for EXPERT_REVOTE alone: one number for each of order, the highest first.",
                ),
            )

    def decision(self, sent: SentStageDecision | None) -> StageDecision | None:
        if sent is None:
            return None
        if self.stage.kind is not StageKind.DECISION:
            kind = self.stage.kind.name
            self.refuse(
                ("decision",),
                Text(
                    "该阶段的方式是{kind}，不由主办方直接决定。",
                    "The stage is decided by {kind}, not by a decision of the organizer.",
                    kind=kind,
                ),
            )
        selected = self.numbers(sent.selected, ("decision", "selected"))
        if len(selected) > self.stage.seats:
            seats = self.stage.seats
            self.refuse(
                ("decision", "selected"), Text("该阶段只有{seats}个名额。", "The stage has {seats} seats.", seats=seats)
            )
        reason = self.reason(sent.reason, ("decision", "reason"))
        return None if reason is None else StageDecision(selected, reason)


def read_inputs(campaign: Campaign, stage: Stage, candidates: Iterable[Project], sent: Sent) -> OrganizerInputs:
    """Read what was sent. Raises ActFailed with everything that is wrong."""
    reader = _Reader(campaign, stage, candidates)
    given = OrganizerInputs(
        decisions=tuple(reader.tie_decisions(sent.decisions)),
        seed=reader.seed(sent.seed),
        decision=reader.decision(sent.decision),
    )
    if reader.problems:
        raise ActFailed(reader.problems)
    return given
