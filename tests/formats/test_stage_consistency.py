"""Is whatever no stage can be decided by told with its place, in both languages, and with what would be right?"""

import tomllib
from pathlib import Path

import pytest

from api.formats.campaign.consistency import campaign_findings
from api.formats.campaign.findings import key_of
from api.formats.campaign_toml import mistakes_in
from tests.selection_files import DIGEST, FILE, changed

FINALIST, WINNER = "stages[2] (code FINALIST)", "stages[3] (code WINNER)"
SHARE = 'source = "PUBLIC_VOTE"\nweight = "0.3"\nnormalisation = "SHARE_OF_HIGHEST"\n'
SCORES = '[[stages.inputs]]\nsource = "EXPERT_SCORES"\nweight = "0.6"\n'
PANEL = FILE[FILE.index("[panel]") : FILE.index("[[criteria]]")]
LADDER = 'points = [20, 18, "16.5"], floor = 5'
BANDS = "bands = [{ at_least = 1000, points = 50 }, { at_least = 2000, points = 100 }]"
TIES = 'ties = ["FURTHER_CRITERION", "LOT"]\n'
FURTHER = 'further_criteria = [{ source = "CRITERION", criterion = "IDEA" }, { source = "PUBLIC_VOTE" }]\n'
OPENS, CLOSES = "opens_at = 2017-04-10T09:00:00+08:00\n", "closes_at = 2017-04-12T18:00:00+08:00\n"
EVERY = ", ".join(f'{{ channel = "{name}", weight = 0 }}' for name in ("WEB", "WECHAT", "SMS", "PAPER", "ON_SITE"))
MISTAKES: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "inputs of a decision": (
        [('kind = "SUBMISSION"', 'inputs = [{ source = "PUBLIC_VOTE" }]')],
        "stages[1] (code SUBMITTED).inputs",
        "says nothing while kind is DECISION",
    ),
    "a threshold of a submission": (
        [('kind = "SUBMISSION"', 'kind = "SUBMISSION"\nthreshold = 60')],
        "stages[1] (code SUBMITTED).threshold",
        "says nothing while kind is SUBMISSION",
    ),
    "places of a decision": (
        [('kind = "SUBMISSION"', "places = 2")],
        "stages[1] (code SUBMITTED).places",
        "says nothing while kind is DECISION",
    ),
    "a ballot's dates without a ballot": (
        [(TIES, TIES + OPENS)],
        f"{FINALIST}.opens_at",
        "says nothing while kind is EXPERT_SCORES",
    ),
    "the kind's own source is missing": (
        [(SCORES, "")],
        f"{FINALIST}.inputs",
        "has no EXPERT_SCORES, but kind is EXPERT_SCORES",
    ),
    "all weights are 0": (
        [('weight = "0.3"', "weight = 0"), ('weight = "0.1"', "weight = 0"), (SCORES, SCORES.replace('"0.6"', "0"))],
        f"{FINALIST}.inputs",
        "have no weight above 0",
    ),
    "a ballot of experts in a stage of another kind": (
        [(SCORES, SCORES + '[[stages.inputs]]\nsource = "EXPERT_BALLOT"\n')],
        f"{FINALIST}.inputs[4].source",
        'is the text "EXPERT_BALLOT", but kind is EXPERT_SCORES',
    ),
    "a share of ballots of scores": (
        [(SCORES, SCORES + 'normalisation = "SHARE_OF_BALLOTS"\n')],
        f"{FINALIST}.inputs[3].normalisation",
        "experts' scores are no ballots",
    ),
    "a share of the highest of standard scores": (
        [
            ('method = "TRIMMED_MEAN", drop = 1, trim_from = 5', "standardised = true"),
            (SCORES, SCORES + 'normalisation = "SHARE_OF_HIGHEST"\n'),
        ],
        f"{FINALIST}.inputs[3].normalisation",
        "standard scores may be below 0",
    ),
    "points without a ladder": (
        [(SHARE, SHARE + "points = [3]\n")],
        f"{FINALIST}.inputs[1].points",
        "SHARE_OF_HIGHEST",
    ),
    "bands on a ladder": ([(LADDER, f"{LADDER}, {BANDS}")], f"{WINNER}.inputs[2].bands", "RANK_LADDER"),
    "a ladder without points": ([(LADDER, "floor = 5")], f"{WINNER}.inputs[2].points", "is missing"),
    "points that rise": (
        [("[20, 18,", "[20, 21,")],
        f"{WINNER}.inputs[2].points[2]",
        'is the text "21", more than the place before has',
    ),
    "a floor above the last points": (
        [("floor = 5", "floor = 17")],
        f"{WINNER}.inputs[2].floor",
        "more than the lowest of the points",
    ),
    "no bands": ([(BANDS, "")], f"{FINALIST}.inputs[2].bands", "is missing"),
    "a band twice": ([("at_least = 2000", "at_least = 1000")], f"{FINALIST}.inputs[2].bands[2].at_least", "again"),
    "points that fall with the value": (
        [("points = 100", "points = 40")],
        f"{FINALIST}.inputs[2].bands[2].points",
        "not more than the 50 from 1000 on",
    ),
    "a floor above the lowest band": ([("floor = 10", "floor = 51")], f"{FINALIST}.inputs[2].floor", "lowest"),
    "channels of scores": (
        [(SCORES, SCORES + 'channels = [{ channel = "SMS", weight = 2 }]\n')],
        f"{FINALIST}.inputs[3].channels",
        "source is EXPERT_SCORES",
    ),
    "a channel twice": (
        [('{ channel = "SMS", weight = "0.5" }', '{ channel = "SMS", weight = 1 }, { channel = "SMS", weight = 2 }')],
        f"{FINALIST}.inputs[1].channels[2].channel",
        'is the text "SMS" again',
    ),
    "channels that count nothing": (
        [('{ channel = "SMS", weight = "0.5" }', EVERY)],
        f"{FINALIST}.inputs[1].channels",
        "makes the votes of every channel count nothing",
    ),
    "no panel": ([(PANEL, "")], "panel", "is missing"),
    "no further criteria": ([(FURTHER, "")], f"{FINALIST}.further_criteria", "is missing"),
    "further criteria for nothing": (
        [(TIES, 'ties = ["LOT"]\n')],
        f"{FINALIST}.further_criteria",
        "FURTHER_CRITERION is not among ties",
    ),
    "an unknown criterion": (
        [('criterion = "IDEA"', 'criterion = "IDEAS"')],
        f"{FINALIST}.further_criteria[1].criterion",
        "names no criterion",
    ),
    "no criterion": (
        [(', criterion = "IDEA"', "")],
        f"{FINALIST}.further_criteria[1].criterion",
        "is missing",
    ),
    "a criterion of votes": (
        [('{ source = "PUBLIC_VOTE" }]', '{ source = "PUBLIC_VOTE", criterion = "IDEA" }]')],
        f"{FINALIST}.further_criteria[2].criterion",
        "source is PUBLIC_VOTE",
    ),
    "a further criterion twice": (
        [('{ source = "PUBLIC_VOTE" }]', '{ source = "PUBLIC_VOTE" }, { source = "PUBLIC_VOTE" }]')],
        f"{FINALIST}.further_criteria[3].source",
        "again",
    ),
    "ballots of experts break ties where there are none": (
        [('{ source = "PUBLIC_VOTE" }]', '{ source = "EXPERT_BALLOT" }]')],
        f"{FINALIST}.further_criteria[2].source",
        "but kind is EXPERT_SCORES",
    ),
    "lots without a digest": ([(f'lot_digest = "{DIGEST}"\n', "")], "lot_digest", "is missing"),
    "a digest without lots": (
        [(TIES, 'ties = ["FURTHER_CRITERION", "ALL_IN"]\n')],
        "lot_digest",
        "LOT is among the ties of no stage",
    ),
    "a digest that is none": ([(DIGEST, DIGEST.upper())], "lot_digest", "is the text"),
    "a ballot of experts without dates": ([(OPENS, "")], f"{WINNER}.opens_at", "is missing"),
    "a ballot of experts that never closes": ([(CLOSES, "")], f"{WINNER}.closes_at", "is missing"),
    "a ballot of experts that closes at once": (
        [(CLOSES, OPENS.replace("opens", "closes"))],
        f"{WINNER}.closes_at",
        "not after opens_at",
    ),
    "a ballot of experts before voting closes": (
        [(OPENS, "opens_at = 2017-03-31T11:59:59+08:00\n"), ("closes_at = 2017-04-05", "closes_at = 2017-03-26")],
        f"{WINNER}.opens_at",
        "before voting closes",
    ),
    "a ballot of experts before the scores are in": (
        [(OPENS, "opens_at = 2017-04-05T11:59:59+08:00\n")],
        f"{WINNER}.opens_at",
        f"before the panel closes, which {FINALIST} goes by",
    ),
    "more choices than finalists": (
        [("choices = { minimum = 1, maximum = 3 }", "choices = { minimum = 1, maximum = 5 }")],
        f"{WINNER}.choices.maximum",
        "but the stage has 4 candidates",
    ),
    "a minimum above the maximum": (
        [("choices = { minimum = 1, maximum = 3 }", "choices = { minimum = 4, maximum = 3 }")],
        f"{WINNER}.choices.minimum",
        "more than maximum",
    ),
    "a threshold that nobody reaches": (
        [('threshold = "59.5"', "threshold = 101")],
        f"{FINALIST}.threshold",
        "more than the highest score that there can be, 100",
    ),
    "an award that nobody reaches": (
        [("threshold = 150", "threshold = 221")],
        "awards[1] (code GOLD).threshold",
        "more than the highest score that there can be, 220",
    ),
    "too many decimal places": ([("places = 2\nties", "places = 13\nties")], f"{FINALIST}.places", "is the number 13"),
    "a float": ([('weight = "0.3"', "weight = 0.3")], f"{FINALIST}.inputs[1].weight", "is the number 0.3"),
    "a weight below 0": ([('weight = "0.3"', "weight = -1")], f"{FINALIST}.inputs[1].weight", "is the number -1"),
    "a number without end": (
        [("floor = 5", 'floor = "0.1234567"')],
        f"{WINNER}.inputs[2].floor",
        'is the text "0.1234567"',
    ),
    "a kind that there is not": (
        [('kind = "EXPERT_BALLOT"', 'kind = "EXPERT_BALLOTS"')],
        f"{WINNER}.kind",
        'Did you mean "EXPERT_BALLOT"?',
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_alone_with_its_place_and_remedy(tmp_path: Path, name: str) -> None:
    changes, key, problem = MISTAKES[name]
    file = tmp_path / "campaign.toml"
    file.write_text(changed(*changes), "utf-8")
    mistakes = [mistake for mistake in mistakes_in(file) if mistake.key == key]
    assert len(mistakes) == 1, mistakes_in(file)
    assert problem in f"{mistakes[0].problem}. {mistakes[0].remedy}"
    others = {mistake.key for mistake in mistakes_in(file)} - {key}
    assert others <= {f"{WINNER}.choices", "lot_digest", f"{FINALIST}.threshold"} or name == "a kind that there is not"


@pytest.mark.parametrize("name", MISTAKES)
def test_it_is_told_in_chinese_as_well(name: str) -> None:
    tree = tomllib.loads(changed(*MISTAKES[name][0]))
    for finding in campaign_findings(tree, []):
        assert key_of(finding.place, tree)
        assert finding.problem.zh != finding.problem.en
        assert finding.remedy.zh.endswith("。")


ODD = [
    None,
    True,
    1.5,
    "",
    "X",
    [],
    [1],
    {},
    {"code": []},
    [[]],
    [{"source": {}}],
    [{"source": "PUBLIC_VOTE", "points": 1}],
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_values_of_any_other_type_break_nothing(odd: object) -> None:
    tree = tomllib.loads(FILE)
    for table in (
        tree,
        tree["panel"],
        tree["panel"]["aggregation"],
        *tree["criteria"],
        *tree["stages"],
        *tree["awards"],
    ):
        for key in list(table):
            kept, table[key] = table[key], odd
            campaign_findings(tree, [])
            table[key] = kept
    for stage in tree["stages"]:
        for row in (*stage.get("inputs", ()), *stage.get("further_criteria", ())):
            for key in list(row):
                kept, row[key] = row[key], odd
                campaign_findings(tree, [])
                row[key] = kept


def test_a_stage_by_votes_needs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "campaign.toml"
    text = changed((PANEL, ""), (f'lot_digest = "{DIGEST}"\n', ""))
    head, tail = text[: text.index('[[stages]]\ncode = "FINALIST"')], text[text.index("[[projects]]") :]
    stage = '[[stages]]\ncode = "WINNER"\nname = { zh = "获奖" }\nseats = 2\ndecided = false\nkind = "PUBLIC_VOTE"\n'
    file.write_text(f"{head}{stage}{tail}", "utf-8")
    assert mistakes_in(file) == ()
