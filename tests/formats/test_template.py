"""Is the file that a selection begins with in order, as it is and with what its comments offer for experts?"""

from datetime import UTC, datetime
from pathlib import Path

from api.domain.campaigns.completeness import incompleteness
from api.domain.selection.terms import InputSource, StageKind
from api.formats.campaign_toml import mistakes_in, read_campaign_file
from api.formats.campaign_toml.template import new_campaign_file

TODAY = datetime(2026, 3, 1, tzinfo=UTC)
OFFERED = (
    "inputs = [",
    "    { source",
    "]",
    "[panel]",
    "opens_at",
    "closes_at",
    "aggregation",
    "[[criteria]]",
    'code = "EFFECT"',
    'name = { zh = "实效" }',
    "maximum",
)


def test_it_is_decided_by_votes(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(new_campaign_file("new", TODAY), "utf-8")
    assert mistakes_in(file) == ()
    campaign, _ = read_campaign_file(file)
    assert [stage.kind for stage in campaign.stages] == [StageKind.PUBLIC_VOTE]
    assert incompleteness(campaign, TODAY) == ()


def test_what_it_offers_for_experts_is_in_order_once_it_is_taken(tmp_path: Path) -> None:
    lines = new_campaign_file("new", TODAY).splitlines()
    text = "\n".join(line[2:] if line[:2] == "# " and line[2:].startswith(OFFERED) else line for line in lines)
    file = tmp_path / "new.toml"
    file.write_text(text.replace('kind = "PUBLIC_VOTE" ', 'kind = "EXPERT_SCORES" ', 1), "utf-8")
    assert mistakes_in(file) == ()
    campaign, _ = read_campaign_file(file)
    assert campaign.panel is not None
    assert [each.source for each in campaign.stages[0].scored_by] == [
        InputSource.PUBLIC_VOTE,
        InputSource.EXPERT_SCORES,
    ]
