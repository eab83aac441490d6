"""Do simulated ballots keep the rules of groups and budgets, where a ballot can?"""

from pathlib import Path

import pytest

from api.domain.voting.judging import CastAttempt, judge
from api.formats.campaign_toml import read_campaign_file
from api.services.simulated_choices import choosable
from api.services.simulation import Simulation
from tests.campaigns import at

HEAD = """
slug = "town"
time_zone = "Asia/Shanghai"
languages = ["zh"]
title = { zh = "评选" }
organizer = { zh = "镇" }
results_visibility = "AFTER_CLOSE"
currency = "CNY"
voting_window = { opens_at = 2026-06-01T00:00:00+08:00, closes_at = 2026-06-10T09:00:00+08:00 }
themes = [{ code = "A", name = { zh = "甲" } }, { code = "B", name = { zh = "乙" } }]
"""
QUOTA = 'quota = { limit = 1, period = "HOUR" }'


@pytest.mark.parametrize(
    "rules",
    [
        'choices = { minimum = 4, maximum = 4 }\ngroups = [{ group_by = "THEME", minimum = 2, maximum = 2 }]',
        'choices = { minimum = 1, maximum = 8 }\ngroups = [{ group_by = "THEME", group = "A", maximum = 1 }]',
        "choices = { minimum = 3, maximum = 8 }\nbudget = { limit = 16 }",
    ],
)
def test_every_ballot_keeps_the_rules_of_its_campaign(tmp_path: Path, rules: str) -> None:
    file = tmp_path / "campaign.toml"
    rows = [
        f'[[projects]]\nnumber = {n}\ntitle = {{ zh = "{n}" }}\nthemes = ["{"AB"[n % 2]}"]\ncost = {n}'
        for n in range(1, 13)
    ]
    hours = 'hours = { from = "09:00", until = "10:00" }'
    file.write_text("\n".join([HEAD, "[rules]", rules, QUOTA, hours, *rows]), "utf-8")
    campaign, _ = read_campaign_file(file)
    simulation, now = Simulation(choosable(campaign), seed=7), at("2026-06-03 12:00")
    for _ in range(100):
        draft, moment = simulation.draft(), simulation.moment(campaign, now)
        assert judge(CastAttempt(draft, campaign, moment)) == ()
