"""What experts do with their reviews: save, submit, abstain, recuse themselves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from api.domain.audit_trail import TrailKind
from api.domain.campaigns.acts import not_standing
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused, stale_problem
from api.domain.campaigns.projects import Project, Standing
from api.domain.review.acts import PanelPhase, ReviewAct, after, needs_all_scores, phase
from api.domain.review.panel import Expert, Panel, Review
from api.domain.review.rubric import MistakeKind, mistakes
from api.domain.review.terms import ExpertState, ReviewState
from api.domain.texts import Text
from api.services.campaign_acts import unknown_project
from api.services.panel_acts import PanelActs, too_early, too_late
from api.services.review_texts import checked_comment, checked_line

REVIEW = Text("评审", "The review")
WAY_ON, NO_WAY_BACK = Text("请先保存评分。", "Save scores first."), Text("此状态不可更改。", "There is no way back.")
STATES_IN_CHINESE = {
    ReviewState.NOT_BEGUN: "未开始",
    ReviewState.DRAFT: "草稿",
    ReviewState.SUBMITTED: "已提交",
    ReviewState.ABSTAINED: "弃权",
    ReviewState.RECUSED: "回避",
    ReviewState.VOIDED: "作废",
}
Change = Callable[[Review], Review]


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What an expert sends: scores by criterion, in their order, and a comment."""

    scores: Sequence[tuple[str, Decimal]]
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewKey:
    """Which review of a viewer's own is meant, and which revision of it, where that matters."""

    campaign: str
    project: int
    expected: int | None = None


class Reviewing(PanelActs):
    """Does what experts ask for, each with their own reviews alone. Every act raises ActFailed, and ApiError NOT_FOUND."""

    async def save(self, by: str, key: ReviewKey, draft: ReviewDraft) -> int:
        """Store scores; returns the expert's number. A submitted review stays submitted, so it has to be complete."""
        comment = checked_comment(draft.comment)

        def change(review: Review) -> Review:
            return replace(review, scores=dict(draft.scores), comment=comment, reason=None)

        def problems(panel: Panel, review: Review) -> list[Problem]:
            complete = needs_all_scores(review.state, ReviewAct.SAVE)
            return _score_problems(panel, draft.scores, complete=complete)

        return await self._act(by, key, ReviewAct.SAVE, change, problems)

    async def submit(self, by: str, key: ReviewKey) -> int:
        """Let what was saved count."""

        def problems(panel: Panel, review: Review) -> list[Problem]:
            if review.state is ReviewState.SUBMITTED:
                message = Text("该评审已提交。", "The review is submitted already.")
                return [Problem(ProblemCode.NO_CHANGE, message, ("project",))]
            if review.state in {ReviewState.NOT_BEGUN, ReviewState.DRAFT}:
                return _score_problems(panel, [*review.scores.items()], complete=True)
            return []

        return await self._act(by, key, ReviewAct.SUBMIT, lambda review: review, problems)

    async def abstain(self, by: str, key: ReviewKey, reason: str) -> int:
        """Give no scores, for a reason; it can be taken up again."""
        return await self._give_no_scores(by, key, ReviewAct.ABSTAIN, reason)

    async def recuse(self, by: str, key: ReviewKey, reason: str) -> int:
        """Give no scores, for a conflict of interest; also before reviewing begins, and for good."""
        return await self._give_no_scores(by, key, ReviewAct.RECUSE, reason)

    async def _give_no_scores(self, by: str, key: ReviewKey, act: ReviewAct, reason: str) -> int:
        given = checked_line(reason)

        def change(review: Review) -> Review:
            return replace(review, scores={}, comment=None, reason=given)

        def problems(_: Panel, review: Review) -> list[Problem]:
            return [_no_change(review)] if after(ReviewState.NOT_BEGUN, act) is review.state else []

        return await self._act(by, key, act, change, problems)

    async def _act(
        self,
        by: str,
        key: ReviewKey,
        act: ReviewAct,
        change: Change,
        problems: Callable[[Panel, Review], list[Problem]],
    ) -> int:
        async with self._locked(key.campaign, by) as (locked, panel):
            now, expert = self.clock(), _on_panel(panel, by)
            project = panel.campaign.by_number.get(key.project)
            if project is None:
                raise unknown_project(panel.campaign, key.project)
            review = panel.review(expert.number, key.project)
            if review is None and act is ReviewAct.RECUSE and project.standing is Standing.STANDING:
                review = Review(expert.number, key.project)  # a conflict with what was not assigned
            found = [*_untimely(panel, act, now), *_not_to_review(project, review)]
            if review is not None:
                found += problems(panel, review)
                found += _impossible(review, act, key.expected, found)
            if found or review is None:
                raise ActFailed(found)
            changed = _after(change(review), review, act, now)
            if not _same(changed, review):
                event = None
                if (kind := _kind(review, act)) is not None:
                    details = review_details(changed)
                    event = self._event(panel.campaign, by, kind, details, now)
                await locked.put([changed], event)
        return expert.number


def _after(changed: Review, before: Review, act: ReviewAct, now: datetime) -> Review:
    state = after(before.state, act)
    if state is None:
        raise LookupError(f"a review that is {before.state.name} allows no {act.name}")
    return replace(changed, state=state, by_organizer=False, revision=before.revision + 1, updated_at=now)


def _same(one: Review, other: Review) -> bool:
    """Whether nothing would change but the number of the revision."""
    return replace(one, revision=other.revision, updated_at=other.updated_at) == other


def _kind(review: Review, act: ReviewAct) -> TrailKind | None:
    """What goes on record; nothing of a draft, which counts nowhere and has its own history."""
    match act:
        case ReviewAct.SAVE:
            return TrailKind.REVIEW_REVISED if review.state is ReviewState.SUBMITTED else None
        case ReviewAct.SUBMIT:
            return TrailKind.REVIEW_SUBMITTED
        case ReviewAct.ABSTAIN:
            return TrailKind.REVIEW_ABSTAINED
        case ReviewAct.RECUSE:
            return TrailKind.REVIEW_RECUSED
        case ReviewAct.VOID:
            raise ValueError("no expert voids a review")


def review_details(review: Review) -> Mapping[str, object]:
    """What the trail says of a review: which one, by numbers, and how often it was changed."""
    return {"expert": str(review.expert), "project": str(review.project), "revision": str(review.revision)}


def _on_panel(panel: Panel, viewer: str) -> Expert:
    expert = panel.expert_of(viewer)
    if expert is None or expert.state is not ExpertState.ACCEPTED:
        raise refused(
            ProblemCode.NOT_ON_PANEL,
            Text(
                "您不是评选“{slug}”的评审专家。",
                "You are not on the panel of the campaign {slug}.",
                slug=panel.campaign.slug,
            ),
            "project",
        )
    return expert


def _untimely(panel: Panel, act: ReviewAct, now: datetime) -> Iterator[Problem]:
    match phase(panel.terms, now):
        case PanelPhase.UPCOMING if act is not ReviewAct.RECUSE:
            yield too_early(panel)
        case PanelPhase.CLOSED:
            yield too_late(panel)


def _not_to_review(project: Project, review: Review | None) -> Iterator[Problem]:
    if project.standing is not Standing.STANDING:
        yield from not_standing(project).problems
    elif review is None:
        message = Text(
            "第{number}号未分配给您评审。", "Project number {number} is not assigned to you.", number=project.number
        )
        yield Problem(ProblemCode.NOT_ASSIGNED, message, ("project",))


def _impossible(review: Review, act: ReviewAct, expected: int | None, found: Sequence[Problem]) -> Iterator[Problem]:
    unchanged = any(problem.code is ProblemCode.NO_CHANGE for problem in found)
    if after(review.state, act) is None and not unchanged and not found:
        way = WAY_ON if after(review.state, ReviewAct.SAVE) else NO_WAY_BACK
        message = Text(
            "该评审现为“{states_in_chinese}”，不能这样做。{way}",
            "The review is {state}, so this cannot be done. {way}",
            states_in_chinese=STATES_IN_CHINESE[review.state],
            way=way,
            state=review.state.name,
        )
        yield Problem(ProblemCode.WRONG_STATE, message, ("project",))
    if expected is not None and expected != review.revision:
        yield stale_problem(expected, review.revision, REVIEW)


def _no_change(review: Review) -> Problem:
    message = Text(
        "该评审已是“{states_in_chinese}”。",
        "The review is {state} already.",
        states_in_chinese=STATES_IN_CHINESE[review.state],
        state=review.state.name,
    )
    return Problem(ProblemCode.NO_CHANGE, message, ("project",))


def _score_problems(panel: Panel, scores: Sequence[tuple[str, Decimal]], *, complete: bool) -> list[Problem]:
    """Everything that is wrong with scores, with paths into `input`."""
    found = []
    for mistake in mistakes(panel.campaign.criteria, scores, complete=complete):
        field = "criterion" if mistake.kind in {MistakeKind.UNKNOWN_CRITERION, MistakeKind.REPEATED} else "score"
        place = () if mistake.index is None else (str(mistake.index), field)
        found.append(Problem(ProblemCode.INVALID_INPUT, mistake.message, ("input", "scores", *place)))
    return found
