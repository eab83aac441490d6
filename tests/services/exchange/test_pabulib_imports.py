"""Does a Pabulib file of every shape become a campaign with the tallies its ballots say, and every mistake leave nothing?"""

from collections import Counter
from decimal import Decimal

import pytest

from api.domain.exchange.problems import FileRefused
from api.formats.pabulib import PabulibParser
from api.services.exchange import campaign_import
from api.storage.database.connection import Database
from tests.pabulib_files import PabulibFile, right_files, wrong_files
from tests.services.exchange.test_campaign_import import handler, recounted
from tests.stored import every_row
from tests.works import import_work


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in small parts."""
    monkeypatch.setattr(campaign_import, "PARSED_AT_ONCE", 1_000)


def counting(file: PabulibFile) -> list[tuple[str, ...]]:
    """The ballots of a file that keep its rules, said in other words than the rules'."""
    costs = {row["project_id"]: Decimal(row["cost"]) for row in file.projects}
    least, most = int(file.meta.get("min_length", "1")), int(file.meta.get("max_length", str(len(costs))))
    limit, seen, found = Decimal(file.meta.get("max_sum_cost", "Infinity")), set[str](), []
    for voter, written in file.ballots():
        codes = tuple(code.strip() for code in written)
        price = sum(costs.get(code, Decimal()) for code in codes if costs.get(code) != 999_999_999)
        is_right = least <= len(codes) <= most and len({*codes}) == len(codes) and {*codes} <= costs.keys()
        if is_right and price <= limit and voter not in seen:
            seen.add(voter)
            found.append(codes)
    return found


async def test_a_file_of_every_shape_is_taken_with_every_ballot_that_keeps_its_rules(database: Database) -> None:
    for number, (name, file) in enumerate(right_files().items()):
        work = import_work(file.content(), id=f"{number:026}")
        end = await handler(database, parser=PabulibParser).run(work)
        assert end.result is not None
        if "categories" in name:  # of these the rules of groups have tests of their own
            assert end.result.accepted + sum(end.result.refused.values()) == len(file.votes)
            continue
        expected = counting(file)
        votes = Counter(code for codes in expected for code in codes)
        assert end.result.accepted == len(expected), name
        assert sum(end.result.refused.values()) == len(file.votes) - len(expected), name
        assert end.result.counted == {row["project_id"]: votes[row["project_id"]] for row in file.projects}, name
        if expected:
            stored = await recounted(database, work.job.campaign or "")
            assert sorted(n for n in stored.values() if n) == sorted(n for n in votes.values() if n), name


async def test_every_mistake_is_told_by_its_line_and_leaves_nothing_behind(database: Database) -> None:
    before = await every_row(database)
    for name, file in wrong_files().items():
        work = import_work(file.content)
        with pytest.raises(FileRefused) as refused:
            await handler(database, parser=PabulibParser).run(work)
        assert file.line in {problem.line for problem in refused.value.file_problems}, name
        await handler(database, parser=PabulibParser).undo(work)
    assert await every_row(database) == before
