"""Can only those projects be voted for that stand, and does the voter learn why another one cannot?"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.projects import Standing
from api.domain.texts import localized
from api.domain.voting.rules.eligible_projects import (
    EligibleProjectsRule,
    NotStandingProject,
    ProjectsNotStanding,
    UnknownProjects,
)
from tests.campaigns import a_campaign, a_project, project_ids
from tests.domain.voting.rules.judged import reported

REASON = localized(zh="申报材料不实。", en="Its application was untrue.")
LEFT = a_project(2, standing=Standing.WITHDRAWN)
OUT = a_project(3, standing=Standing.DISQUALIFIED, standing_reason=REASON)
CAMPAIGN = a_campaign(projects=(a_project(1), LEFT, OUT, a_project(4)))
RULE = EligibleProjectsRule()


def test_projects_that_stand_no_longer_are_told_with_their_reasons() -> None:
    assert reported(RULE, CAMPAIGN, *project_ids(1, 4)) == []
    [lost] = reported(RULE, CAMPAIGN, *project_ids(3, 1, 2, 3))
    assert lost == ProjectsNotStanding(
        project_ids(3, 2),
        (
            NotStandingProject(*project_ids(3), OUT.title, Standing.DISQUALIFIED, REASON),
            NotStandingProject(*project_ids(2), LEFT.title, Standing.WITHDRAWN, None),
        ),
    )
    assert (
        lost.message.zh
        == "以下项目已不能投票：项目3（已被取消资格：申报材料不实）、项目2（已退出评选）。请改选其他项目。"
    )
    assert lost.message.en == (
        "These projects stand no longer: Project 3 (disqualified: Its application was untrue), Project 2 (withdrawn). Choose "
        "others."
    )


def test_unknown_projects_are_another_matter() -> None:
    assert [type(violation) for violation in reported(RULE, CAMPAIGN, *project_ids(2, 99))] == [
        UnknownProjects,
        ProjectsNotStanding,
    ]


@given(
    standings=st.lists(st.sampled_from(Standing), max_size=8),
    chosen=st.lists(st.integers(1, 10)),
)
def test_exactly_what_stands_may_be_chosen(standings: list[Standing], chosen: list[int]) -> None:
    projects = tuple(replace(a_project(n), standing=standing) for n, standing in enumerate(standings, 1))
    found = reported(RULE, a_campaign(projects=projects), *project_ids(*chosen))
    unknown = [n for n in dict.fromkeys(chosen) if n > len(standings)]
    lost = [n for n in dict.fromkeys(chosen) if n <= len(standings) and standings[n - 1] is not Standing.STANDING]
    ids = {type(violation): violation.project_ids for violation in found}
    assert ids == {
        **({UnknownProjects: project_ids(*unknown)} if unknown else {}),
        **({ProjectsNotStanding: project_ids(*lost)} if lost else {}),
    }
