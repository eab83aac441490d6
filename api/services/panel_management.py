"""What organizers do with a panel once experts are invited: assign, declare conflicts, drop an expert, move the deadline."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.acts import checked_reason
from api.domain.campaigns.expert_times import require_panel_may_close
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.errors import ApiError, not_found
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.assignment import Assignment, Task, assign
from api.domain.review.panel import BEGUN, Expert, Panel, Review
from api.domain.review.terms import ExpertState, ReviewState
from api.domain.texts import Text
from api.services.campaign_acts import Reason, recorded_reason, unknown_project
from api.services.panel_acts import PanelActs, too_late
from api.services.review_texts import checked_line
from api.services.reviewing import review_details

MAX_SEED_LENGTH = 200  # characters
MAX_WISH = 1_000_000


@dataclass(frozen=True, slots=True)
class AssignmentWish:
    """How many experts a project needs, the most that one takes, and what a fair order is drawn by."""

    per_project: int
    most_per_expert: int
    seed: str
    dry_run: bool = False


class PanelManagement(PanelActs):
    """Does what organizers ask for. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def assign(self, slug: str, by: str, wish: AssignmentWish) -> Mapping[int, tuple[int, ...]]:
        """Assign reviews; returns the numbers of the projects by expert. What was begun stays as it is."""
        _check(wish)
        async with self._locked(slug) as (locked, panel):
            now = self.clock()
            if phase(panel.terms, now) is PanelPhase.CLOSED:
                raise ActFailed([too_late(panel)])
            # In a thread: with many experts and projects it takes a while, in which others are served.
            assignment = await asyncio.to_thread(assign, _task(panel, wish), wish.seed)
            if assignment.missing:
                raise ActFailed([_missing(number, lacking) for number, lacking in assignment.missing.items()])
            if not wish.dry_run:
                details = {
                    "perProject": str(wish.per_project),
                    "mostPerExpert": str(wish.most_per_expert),
                    "seed": wish.seed,
                    "reviews": str(len(assignment.pairs)),
                }
                event = self._event(panel.campaign, by, TrailKind.REVIEWS_ASSIGNED, details, now)
                await locked.assign(_assigned(panel, assignment, now), event)
        return {
            expert.number: tuple(sorted(project for number, project in assignment.pairs if number == expert.number))
            for expert in panel.experts
            if expert.state is ExpertState.ACCEPTED
        }

    async def declare_conflict(self, slug: str, by: str, pair: tuple[int, int], reason: str) -> None:
        """Keep an expert from a project; scores that they have given it count no more."""
        given = checked_line(reason)
        async with self._locked(slug) as (locked, panel):
            now, expert = self.clock(), _present(panel, pair[0])
            if pair[1] not in panel.campaign.by_number:
                raise unknown_project(panel.campaign, pair[1])
            review = panel.by_pair.get(pair) or Review(*pair)
            problems = [too_late(panel)] if phase(panel.terms, now) is PanelPhase.CLOSED else []
            if review.state is ReviewState.RECUSED or pair in panel.own_organizations:
                message = Text("该专家早已回避此项目。", "The expert is kept from the project already.")
                problems.append(Problem(ProblemCode.NO_CHANGE, message, ("project",)))
            if problems:
                raise ActFailed(problems)
            recused = Review(
                expert.number,
                pair[1],
                ReviewState.RECUSED,
                assigned=review.assigned,
                reason=given,
                by_organizer=True,
                revision=review.revision + 1,
                updated_at=now,
            )
            details = review_details(recused)
            await locked.put([recused], self._event(panel.campaign, by, TrailKind.CONFLICT_DECLARED, details, now))

    async def drop(self, slug: str, by: str, number: int, reason: Reason) -> None:
        """Take an expert off the panel: all of their reviews are void, and the quorum is lower by one."""
        async with self._locked(slug) as (locked, panel):
            now, expert, why = self.clock(), _present(panel, number), checked_reason(panel.campaign, reason)
            own = [review for review in panel.reviews if review.expert == number]
            void = partial(replace, state=ReviewState.VOIDED, updated_at=now)
            voided = [void(review, revision=review.revision + 1) for review in own]
            gone = replace(expert, dropped_at=now, dropped_reason=why)
            others = tuple(gone if each is expert else each for each in panel.experts)
            quorum = replace(panel, experts=others).quorum
            details = {
                "expert": str(number),
                "reviews": str(sum(review.state is ReviewState.SUBMITTED for review in own)),
                **({} if quorum is None else {"quorum": str(quorum)}),
                **recorded_reason(why),
            }
            grant = None if expert.viewer is None else Grant(expert.viewer, Role.EXPERT, slug)
            event = self._event(panel.campaign, by, TrailKind.EXPERT_DROPPED, details, now)
            await locked.drop(gone, voided, grant, event)

    async def extend(self, slug: str, by: str, closes_at: datetime, reason: Reason) -> None:
        """Move the deadline to a later moment, while it has not passed."""
        async with self._locked(slug) as (locked, panel):
            now, before = self.clock(), panel.campaign
            why, was = checked_reason(before, reason), panel.terms.closes_at
            if now >= was:
                raise ActFailed([too_late(panel)])
            if closes_at <= was:
                raise refused(
                    ProblemCode.INVALID_INPUT,
                    Text(
                        "closesAt须晚于现在的截止时间{was}。",
                        "closesAt is not later than the present deadline, {was}.",
                        was=before.calendar.local(was).isoformat(),
                    ),
                    "closesAt",
                )
            require_panel_may_close(before, closes_at)
            later = closes_at.astimezone(UTC)
            changed = replace(before, panel=replace(panel.terms, closes_at=later))
            details = {"closesAt": later.isoformat(), "was": was.isoformat(), **recorded_reason(why)}
            await locked.change(before, changed, self._event(before, by, TrailKind.PANEL_EXTENDED, details, now))


def _check(wish: AssignmentWish) -> None:
    problems = []
    for name, value in (("perProject", wish.per_project), ("mostPerExpert", wish.most_per_expert)):
        if not 0 < value <= MAX_WISH:
            message = Text("{name}须为1至{max_wish}。", "{name} is 1 to {max_wish}.", name=name, max_wish=MAX_WISH)
            problems.append(Problem(ProblemCode.INVALID_INPUT, message, ("input", name)))
    if not 0 < len(wish.seed) <= MAX_SEED_LENGTH or not wish.seed.isprintable():
        message = Text(
            "seed须为1至{max_seed_length}个可见字符。",
            "seed has 1 to {max_seed_length} printable characters.",
            max_seed_length=MAX_SEED_LENGTH,
        )
        problems.append(Problem(ProblemCode.INVALID_INPUT, message, ("input", "seed")))
    if problems:
        raise ActFailed(problems)


def _task(panel: Panel, wish: AssignmentWish) -> Task:
    """Who has accepted, and every project that stands; what was begun stays, and who gives no scores is not asked again."""
    experts = frozenset(each.number for each in panel.experts if each.state is ExpertState.ACCEPTED)
    projects = frozenset(project.number for project in panel.standing)
    stored = [review for review in panel.reviews if review.expert in experts]
    return Task(
        experts,
        projects,
        wish.per_project,
        wish.most_per_expert,
        conflicts=panel.own_organizations
        | {r.pair for r in stored if r.state in {ReviewState.RECUSED, ReviewState.ABSTAINED}},
        locked=frozenset(r.pair for r in stored if r.state in BEGUN and r.project in projects),
    )


def _assigned(panel: Panel, assignment: Assignment, now: datetime) -> list[Review]:
    new = [Review(*pair, assigned=True, updated_at=now) for pair in sorted(assignment.pairs - panel.by_pair.keys())]
    kept = (panel.by_pair[pair] for pair in sorted(assignment.pairs & panel.by_pair.keys()))
    return new + [replace(review, assigned=True) for review in kept]


def _missing(number: int, lacking: int) -> Problem:
    message = Text(
        "第{number}号还缺{lacking}位评审专家。",
        "Project number {number} would have {lacking} experts too few.",
        number=number,
        lacking=lacking,
    )
    return Problem(ProblemCode.TOO_FEW_EXPERTS, message, ("input", "perProject"))


def _present(panel: Panel, number: int) -> Expert:
    """An expert who is not dropped. Raises ActFailed for one who is, and ApiError NOT_FOUND."""
    expert = panel.by_number.get(number)
    if expert is None:
        raise unknown_expert(panel.campaign.slug, number)
    if expert.state is ExpertState.DROPPED:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text("第{number}号专家早已退出评审。", "Expert number {number} has been dropped already.", number=number),
            "expert",
        )
    return expert


def unknown_expert(slug: str, number: int) -> ApiError:
    """The error where a panel has no expert of this number."""
    return not_found(
        Text(
            "评选“{slug}”中没有第{number}号专家。",
            "The panel of {slug} has no expert number {number}.",
            slug=slug,
            number=number,
        ),
        argument="expert",
    )
