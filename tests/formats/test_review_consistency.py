"""Is whatever no panel can score by told with its place and with what would be right?"""

from pathlib import Path

import pytest

from api.formats.campaign_toml import mistakes_in
from tests.selection_files import FILE, changed

CRAFT, NOTE = "criteria[1] (code CRAFT)", "criteria[3] (code NOTE)"
TERMS = 'method = "TRIMMED_MEAN", drop = 1, trim_from = 5, places = 2'
CRITERIA = FILE[FILE.index("[[criteria]]") : FILE.index("[[stages]]")]
MISTAKES: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "no criteria": ([(CRITERIA, "")], "criteria", "is missing"),
    "a criterion without a scale": ([("maximum = 100\nstep = 5", "step = 5")], f"{CRAFT}.maximum", "is missing"),
    "nothing that counts": (
        [('weight = "0.6"', "counted = false"), ('weight = "0.4"', "weight = 0")],
        "criteria",
        "hold none that counts",
    ),
    "a maximum that is the minimum": (
        [("maximum = 5\n", "maximum = 1\n")],
        f"{NOTE}.maximum",
        "not more than minimum",
    ),
    "a step of nothing": ([("step = 5", "step = 0")], f"{CRAFT}.step", "which makes no scale"),
    "a step that leaves a rest": ([("step = 5", "step = 30")], f"{CRAFT}.step", "which does not divide 0 to 100"),
    "an anchor between two scores": (
        [("score = 60", "score = 62")],
        f"{CRAFT}.anchors[1].score",
        "Write one from 0 to 100 in steps of 5.",
    ),
    "an anchor above the scale": (
        [("score = 90", "score = 105")],
        f"{CRAFT}.anchors[2].score",
        "no score on the scale",
    ),
    "two anchors of one score": ([("score = 90", "score = 60")], f"{CRAFT}.anchors[2].score", "again"),
    "a panel that closes before it opens": (
        [("closes_at = 2017-04-05", "closes_at = 2017-03-24")],
        "panel.closes_at",
        "not after opens_at",
    ),
    "a panel of two years": (
        [("opens_at = 2017-03-25", "opens_at = 2015-03-25")],
        "panel.closes_at",
        "742 days after opens_at",
    ),
    "no expert": ([("quorum = 3", "quorum = 0")], "panel.quorum", "Write a whole number from 1 to 1000."),
    "more dropped than there are": (
        [("drop = 1, trim_from = 5", "drop = 2, trim_from = 4")],
        "panel.aggregation.trim_from",
        "Write 5 or more.",
    ),
    "more dropped than usual": (
        [("drop = 1, trim_from = 5", "drop = 2")],
        "panel.aggregation.trim_from",
        "is the number 3",
    ),
    "a median that drops": ([(TERMS, 'method = "MEDIAN", drop = 1')], "panel.aggregation.drop", "method is MEDIAN"),
    "a mean of trimmed criteria": (
        [(TERMS, "per_criterion = true")],
        "panel.aggregation.per_criterion",
        "method is MEAN",
    ),
    "ranks of standard scores": (
        [(TERMS, 'method = "RANK_SUM", standardised = true')],
        "panel.aggregation.standardised",
        "method is RANK_SUM",
    ),
    "criteria of standard scores": (
        [("trim_from = 5", "trim_from = 5, per_criterion = true, standardised = true")],
        "panel.aggregation.per_criterion",
        "standardised is true",
    ),
    "standard scores of some kind": (
        [("trim_from = 5", "trim_from = 5, standardised_from = 8")],
        "panel.aggregation.standardised_from",
        "standardised is not true",
    ),
    "too many places": ([("places = 2 }", "places = 13 }")], "panel.aggregation.places", "is the number 13"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_remedy(tmp_path: Path, name: str) -> None:
    changes, key, problem = MISTAKES[name]
    file = tmp_path / "campaign.toml"
    file.write_text(changed(*changes), "utf-8")
    mistakes = [mistake for mistake in mistakes_in(file) if mistake.key == key]
    assert len(mistakes) == 1, mistakes_in(file)
    assert problem in f"{mistakes[0].problem}. {mistakes[0].remedy}"


def test_criteria_without_a_panel_need_no_scale(tmp_path: Path) -> None:
    head = FILE[: FILE.index("lot_digest")] + FILE[FILE.index("[voting_window]") : FILE.index("[panel]")]
    criterion = '[[criteria]]\ncode = "CRAFT"\nname = { zh = "技艺" }\n'
    file = tmp_path / "campaign.toml"
    file.write_text(f"{head}{criterion}{FILE[FILE.index('[[projects]]') :]}", "utf-8")
    assert mistakes_in(file) == ()
