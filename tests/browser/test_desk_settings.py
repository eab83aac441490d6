"""Can an organizer state at the desk how a selection is decided: stages, formulas, panel, rubric, awards?"""

import hashlib

import pytest
from playwright.async_api import expect

from tests.browser.deciding import at
from tests.browser.desks import Organizer, Sit

pytestmark = pytest.mark.browser
INPUT = "query($slug: String!) { campaignInput(campaign: $slug) }"


async def test_a_formula_a_panel_and_its_rubric_are_stated_and_what_is_wrong_is_said_beside_it(
    sit: Sit, organizer: Organizer
) -> None:
    slug = await organizer.campaign("stated", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings", width=360)
    await desk.choose(stages_0_kind="EXPERT_SCORES", stages_0_ties="FURTHER_CRITERION")
    for source, weight in (("PUBLIC_VOTE", "0.4"), ("EXPERT_SCORES", "0.6")):
        await desk.press("Add a part")
        index = 0 if source == "PUBLIC_VOTE" else 1
        await desk.choose(**{f"stages_0_inputs_{index}_source": source})
        await desk.fill(**{f"stages_0_inputs_{index}_weight": weight})
    await desk.choose(stages_0_inputs_0_normalisation="RANK_LADDER")
    await desk.fill(stages_0_inputs_0_points="20, 18，16", stages_0_inputs_0_floor="1", stages_0_threshold="60")
    await desk.press("Add a criterion", desk.page.locator("#f-stages-0-problem").locator(".."))
    await desk.choose(stages_0_furtherCriteria_0_source="CRITERION")
    await desk.fill(stages_0_furtherCriteria_0_criterion="NOVELTY")
    await desk.press("Save settings")
    await expect(desk.page.locator(".problem:not(:empty)").first).to_be_visible()
    await desk.page.get_by_label("Experts take part").check()
    await desk.fill(panel_opensAt="2017-04-01T09:00", panel_closesAt="2017-04-05T18:00", panel_quorum="3")
    await desk.choose(panel_aggregation_method="TRIMMED_MEAN")
    await desk.fill(panel_aggregation_drop="1", panel_aggregation_trimFrom="5")
    criteria = desk.page.locator("fieldset.list", has=desk.page.locator("legend", has_text="Criteria"))
    await criteria.locator("> button.add").click()
    await desk.fill(criteria_0_code="NOVELTY", criteria_0_name_zh="创新性", criteria_0_name_en="Novelty")
    await desk.fill(criteria_0_weight="10", criteria_0_maximum="10")
    await desk.page.get_by_label("If still tied, way number 2").select_option("LOT")
    await desk.page.get_by_label("Seed", exact=True).fill("黄浦江 2017")
    await desk.press("Make the digest of this seed")
    await expect(desk.page.locator("#f-lotDigest")).to_have_value(hashlib.sha256("黄浦江 2017".encode()).hexdigest())
    await desk.press("Add a meaning")
    await desk.fill(
        criteria_0_anchors_0_score="8", criteria_0_anchors_0_text_zh="首创", criteria_0_anchors_0_text_en="New"
    )
    await desk.press("Save settings")
    await expect(desk.page.locator(".notice")).to_have_text("Saved.")
    tree = (await organizer.api.data(INPUT, {"slug": slug}, organizer.token))["campaignInput"]
    assert [(one["source"], one["weight"]) for one in tree["stages"][0]["inputs"]] == [
        ("PUBLIC_VOTE", "0.4"),
        ("EXPERT_SCORES", "0.6"),
    ]
    assert tree["stages"][0]["inputs"][0]["points"] == ["20", "18", "16"]
    assert tree["stages"][0]["furtherCriteria"] == [{"source": "CRITERION", "criterion": "NOVELTY"}]
    assert tree["panel"]["aggregation"]["method"] == "TRIMMED_MEAN"
    assert tree["criteria"][0]["anchors"] == [{"score": "8", "text": {"zh": "首创", "en": "New"}}]
    await desk.press("Save settings")
    await expect(desk.page.locator(".notice")).to_have_text("Nothing has changed.")
