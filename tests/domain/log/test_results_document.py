"""Is the document of a result canonical, and does it say what counts?"""

import json
from datetime import date

from api.domain.log.results_document import DayCounts, LogCounts, results_document
from tests.campaigns import a_campaign, a_project


def test_it_says_days_totals_and_every_project() -> None:
    campaign = a_campaign(projects=(a_project(2, position=1), a_project(1, position=2)))
    counts = LogCounts({date(2017, 3, 23): DayCounts(2), date(2017, 3, 22): DayCounts(10, 2, 1)}, {1: 7, 2: 3}, {1: 4})
    document = results_document(campaign, counts)
    assert json.loads(document) == {
        "format": "pingxuan/result/v1",
        "campaign": "shanghai-2017",
        "ballots": {"cast": 12, "counted": 9, "held": 2, "voided": 1},
        "days": [
            {"day": "2017-03-22", "cast": 10, "counted": 7, "held": 2, "voided": 1},
            {"day": "2017-03-23", "cast": 2, "counted": 2, "held": 0, "voided": 0},
        ],
        "projects": [
            {"number": 1, "votes": 3, "voidedVotes": 0},
            {"number": 2, "votes": 7, "voidedVotes": 4},
        ],
    }
    assert document.startswith(b'{"ballots":{"cast":12,"counted":9,"held":2,"voided":1},"campaign":')


def test_without_ballots_all_is_zero() -> None:
    document = json.loads(results_document(a_campaign(), LogCounts()))
    assert document["ballots"] == {"cast": 0, "counted": 0, "held": 0, "voided": 0}
    assert (document["days"], len(document["projects"])) == ([], 50)
