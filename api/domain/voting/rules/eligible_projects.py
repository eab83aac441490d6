"""That the projects on a ballot stand in its campaign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from api.domain.campaigns.projects import Project, Standing
from api.domain.texts import LocalizedText, Text, localized
from api.domain.voting.rules.base import CHOICES, JudgedBallot, Rule, RuledCampaign, Violation, listed, unstopped

STANDINGS = {
    Standing.WITHDRAWN: Text("已退出评选", "withdrawn"),
    Standing.DISQUALIFIED: Text("已被取消资格", "disqualified"),
}


@dataclass(frozen=True, slots=True)
class UnknownProjects(Violation):
    """Ids that name no project of the campaign, each listed once, in the order they first appear."""

    project_ids: tuple[str, ...]
    code: ClassVar = "UNKNOWN_PROJECTS"
    rule: ClassVar = "ELIGIBLE_PROJECTS"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        ids = listed(self.project_ids)
        these = "This id names" if len(self.project_ids) == 1 else "These ids name"
        return Text(
            "以下id不是本次评选的候选项目：{ids}。请重新获取项目列表。",
            "{these} no project of this campaign: {ids}. Fetch its projects and use their ids.",
            ids=ids,
            these=these,
        )

    @classmethod
    def example(cls) -> "UnknownProjects":
        return cls(("project/shanghai-2017/99",))


@dataclass(frozen=True, slots=True)
class NotStandingProject:
    """That a project does not stand any more, and why; reason: None where nobody has said."""

    project_id: str
    title: LocalizedText
    standing: Standing
    reason: LocalizedText | None

    @property
    def text(self) -> Text:
        """It in a sentence, with the reason: Shared Homes (withdrawn: its organization has left)."""
        title, what = self.title, STANDINGS[self.standing]
        if self.reason is None:
            return Text("{title}（{what}）", "{title} ({what})", title=title, what=what)
        why = unstopped(self.reason)
        return Text("{title}（{what}：{why}）", "{title} ({what}: {why})", title=title, what=what, why=why)


@dataclass(frozen=True, slots=True)
class ProjectsNotStanding(Violation):
    """Projects that were withdrawn or disqualified, each listed once, in the order they first appear."""

    project_ids: tuple[str, ...]
    standings: tuple[NotStandingProject, ...]
    code: ClassVar = "PROJECTS_NOT_STANDING"
    rule: ClassVar = "ELIGIBLE_PROJECTS"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        return Text(
            "以下项目已不能投票：{projects}。请改选其他项目。",
            "These projects stand no longer: {projects}. Choose others.",
            projects=listed([each.text for each in self.standings]),
        )

    @classmethod
    def example(cls) -> "ProjectsNotStanding":
        name, title = "project/shanghai-2017/7", localized(zh="同心家园", en="Shared Homes")
        reason = localized(zh="承办单位退出", en="its organization has left")
        return cls((name,), (NotStandingProject(name, title, Standing.WITHDRAWN, reason),))


@dataclass(frozen=True, slots=True)
class EligibleProjectsRule(Rule):
    """Only projects that stand in the campaign."""

    code: ClassVar[str] = "ELIGIBLE_PROJECTS"

    def description(self, campaign: RuledCampaign) -> Text:
        return Text("只能选择本次评选的候选项目。", "Only projects that stand in this campaign may be chosen.")

    def violations(self, attempt: JudgedBallot) -> Sequence[Violation]:
        return () if attempt.chosen <= attempt.campaign.standing_ids else list(_not_standing(attempt))


def _not_standing(attempt: JudgedBallot) -> Iterator[Violation]:
    chosen, projects = dict.fromkeys(attempt.draft.project_ids), attempt.campaign.by_id
    if unknown := tuple(name for name in chosen if name not in projects):
        yield UnknownProjects(unknown)
    if lost := tuple(name for name in chosen if name in projects and name not in attempt.campaign.standing_ids):
        yield ProjectsNotStanding(lost, tuple(_standing(name, projects[name]) for name in lost))


def _standing(project_id: str, project: Project) -> NotStandingProject:
    return NotStandingProject(project_id, project.title, project.standing, project.standing_reason)
