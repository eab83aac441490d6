"""Is an import that cannot be made refused before its file is sent, with all that is wrong with it?"""

from dataclasses import replace
from datetime import date

import pytest

from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms
from api.domain.voting.channels import Channel
from api.services.jobs.import_terms import check_size, checked_terms
from tests.campaigns import DURING, a_campaign
from tests.jobs import BALLOTS

MADE = ImportTerms(ImportContent.CAMPAIGN, FileFormat.PABULIB, "warszawa.pb")
PROJECTS = ImportTerms(ImportContent.PROJECTS, FileFormat.CSV, "projects.csv")


@pytest.mark.parametrize(
    ("terms", "made_for", "paths"),
    [
        (replace(MADE, format=FileFormat.CSV), None, ["format"]),
        (replace(MADE, format=FileFormat.REPORT), None, ["format"]),
        (replace(BALLOTS, format=FileFormat.PABULIB), a_campaign(), ["format"]),
        (MADE, "No Slug", ["campaign"]),
        (MADE, "a" * 65, ["campaign"]),
        (replace(MADE, file_name="/"), "Über", ["fileName", "campaign"]),
        (replace(MADE, file_name="a" * 201), None, ["fileName"]),
        (replace(MADE, file_name="a\x00b"), None, ["fileName"]),
        (replace(PROJECTS, place="五里桥"), a_campaign(), ["place"]),
        (replace(PROJECTS, day=date(2017, 3, 25)), a_campaign(), ["day"]),
        (replace(BALLOTS, place=None), a_campaign(), ["place"]),
        (replace(BALLOTS, place="  ", channel=Channel.WEB), a_campaign(), ["place", "channel"]),
        (replace(BALLOTS, day=date(2017, 4, 2)), a_campaign(), ["day"]),
        (replace(BALLOTS, day=date(2017, 3, 26)), a_campaign(), ["day"]),
    ],
)
def test_what_is_wrong_is_told_with_its_path(terms: ImportTerms, made_for: object, paths: list[str]) -> None:
    with pytest.raises(ActFailed) as refused:
        checked_terms(terms, made_for, DURING)  # type: ignore[arg-type]
    assert [problem.path for problem in refused.value.problems] == [("input", path) for path in paths]


def test_texts_are_trimmed_and_the_day_is_the_last_that_has_begun() -> None:
    asked = replace(BALLOTS, file_name=" /home/lin/选票.csv ", place=" 五里桥 ", day=None)
    assert checked_terms(asked, a_campaign(), DURING) == replace(BALLOTS, file_name="选票.csv")
    assert checked_terms(MADE, None, DURING) == MADE
    assert checked_terms(MADE, "warsaw-2026", DURING) == replace(MADE, slug_chosen=True)
    assert checked_terms(PROJECTS, a_campaign(), DURING) == PROJECTS


def test_a_size_is_within_the_limit() -> None:
    for size in (None, 0, 10):
        check_size(size, 10)
    for size, code in ((11, ProblemCode.FILE_TOO_LARGE), (-1, ProblemCode.INVALID_INPUT)):
        with pytest.raises(ActFailed) as refused:
            check_size(size, 10)
        [problem] = refused.value.problems
        assert (problem.code, problem.path) == (code, ("input", "size"))
