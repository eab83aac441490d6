"""Do findings at the desk read in the words of its form, where the API tells them by its own names?"""

import pytest
from playwright.async_api import expect

from tests.browser.deciding import at
from tests.browser.desks import Organizer, Sit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("locale", "beside", "above"),
    [
        ("zh-CN", "截止：是时刻2017-03-21 18:00，不晚于“开始”。", "投票时间 › 截止：是时刻"),
        ("en-GB", "“Closes” is the time 2017-03-21 18:00, not after “Opens”.", "“Voting period › Closes” is the time"),
    ],
)
async def test_a_finding_names_the_fields_as_the_form_does_and_times_as_they_are_typed(
    sit: Sit, organizer: Organizer, locale: str, beside: str, above: str
) -> None:
    slug = await organizer.campaign(f"worded-{locale.lower()}", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings", locale=locale)
    await desk.fill(votingWindow_closesAt="2017-03-21T18:00")
    await expect(desk.page.locator("#f-votingWindow-closesAt-problem")).to_contain_text(beside)
    await desk.page.locator(".findings summary").click()
    await expect(desk.page.locator(".findings li")).to_contain_text(above)


async def test_what_a_draft_lacks_is_told_in_the_words_of_the_form(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("lacking", presented=False, numbers=[1])
    desk = await at(sit, organizer, f"#/campaign/{slug}", locale="zh-CN")
    found = desk.page.locator("section [role=status] li")
    await expect(found).to_have_text("投票规则 › 一张选票选几个 › 至多：是数字3，多于候选项目数。请写数字1或更小的数。")


async def test_a_weight_in_per_cent_is_told_what_it_is_as_a_number(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("weighted", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}/settings")
    await desk.choose(stages_0_kind="PUBLIC_VOTE")
    await desk.press("Add a part")
    await desk.fill(stages_0_inputs_0_weight="40%")
    problem = desk.page.locator("#f-stages-0-inputs-0-weight-problem")
    await expect(problem).to_have_text("Weight: write 40% as 0.4.")
    await desk.fill(stages_0_inputs_0_weight="two fifths")
    await expect(problem).to_have_text("Weight: “two fifths” is no number. Write one such as 0.4 or 12.")
    await desk.press("Save settings")
    await expect(desk.page.locator("form > .problem")).to_contain_text("two fifths")
    await desk.fill(stages_0_inputs_0_weight="0.4")
    await expect(problem).to_be_empty()


async def test_the_preview_shows_how_each_stage_is_decided(sit: Sit, organizer: Organizer) -> None:
    slug = await organizer.campaign("previewed", presented=False)
    desk = await at(sit, organizer, f"#/campaign/{slug}", width=320)
    rules = desk.page.locator(".preview .stage-rules li")
    await expect(rules).to_contain_text("Winners · seats: 1")
    await expect(rules).to_contain_text("The organizer selects at most 1 project")
