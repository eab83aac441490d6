"""Does the page about campaign files have every key, and what may stand there?"""

from collections.abc import Iterator
from pathlib import Path

from api.formats.campaign.project_shapes import FigureShape, ImageShape, LinkShape, ProjectShape
from api.formats.campaign.rule_shapes import BudgetShape, ClaimShape, EligibilityShape, GroupShape, RulesShape
from api.formats.campaign.shapes import CampaignShape, DistrictShape, DistrictsShape, description_of, fields_at, keys_of
from api.formats.campaign.value_types import Shape

PAGE = (Path(__file__).parents[2] / "docs" / "campaign-file.md").read_text("utf-8")


def tables(shape: type[Shape]) -> Iterator[type[Shape]]:
    """This shape, and those of the tables in it."""
    yield shape
    for key in keys_of(shape):
        if (inner := fields_at(shape, (key,))[0]) is not None:
            yield from tables(inner)


def table(shape: type[Shape]) -> str:
    """The rows of a shape as the page has them."""
    rows = [
        f"| `{key}` | {description_of(field).en} | {'needed' if field.is_required() else ''} |"
        for key, field in keys_of(shape).items()
    ]
    return "\n".join(["| key | value | |", "|---|---|---|", *rows])


def test_the_page_has_a_table_of_the_keys_of_each_table() -> None:
    shapes = {*tables(CampaignShape), DistrictShape}
    assert {ProjectShape, FigureShape, ImageShape, LinkShape, RulesShape, GroupShape, BudgetShape} <= shapes
    assert {EligibilityShape, ClaimShape} <= shapes
    for shape in shapes:
        assert f"{table(shape)}\n" in PAGE, f"docs/campaign-file.md should have:\n{table(shape)}"
    assert PAGE.count("| key | value | |") == len(shapes)


def test_every_value_is_described_in_both_languages() -> None:
    for shape in {*tables(CampaignShape), *tables(DistrictsShape)}:
        for key, field in keys_of(shape).items():
            text = description_of(field)
            assert text.zh != text.en, key
