"""Does an organizer get at the desk from nothing to a vote, without a shell?"""

import pytest
from playwright.async_api import expect

from tests.browser.desks import Desk, Sit
from tests.browser.voting import Enter
from tests.pictures import a_picture
from tests.servers import Server, serving

SLUG = "volunteers-2017"
TABLE = "编号\t姓名\t单位\t类别\n" + "\n".join(
    f"{n}\t志愿者{n}号\t第{n}街道\t{'助老' if n % 2 else '环保'}" for n in range(1, 11)
)
PHOTO = {"name": "照片.png", "mimeType": "image/png", "buffer": a_picture(600, 400)}


async def described(desk: Desk) -> None:
    """The volunteers' campaign in the form: two categories, at most three from each, in Chinese alone."""
    await desk.fill(title_zh="最美志愿者评选", organizer_zh="区文明办", candidateTerm_zh="志愿者")
    await desk.fill(rules_choices_minimum="2", rules_choices_maximum="6")
    for n, (code, name) in enumerate([("CARE", "助老"), ("GREEN", "环保")]):
        await desk.press("添加类别")
        await desk.fill(**{f"themes_{n}_code": code, f"themes_{n}_name_zh": name})
    await desk.press("添加分类限制")
    await desk.choose(rules_groups_0_groupBy="THEME")
    await desk.fill(rules_groups_0_maximum="3")
    await desk.fill(stages_0_name_zh="最美志愿者", stages_0_seats="2")


async def with_photo(desk: Desk, number: int) -> None:
    await desk.page.locator(f"[data-number='{number}'] .edit").click()
    editor = desk.page.locator(".editor")
    await editor.locator("#f-images-file").set_input_files(PHOTO)
    await editor.locator("#f-images-0-alternative-zh").fill("一位志愿者在街道旁")
    await desk.press("完成")


@pytest.mark.browser
async def test_the_volunteers_are_put_to_the_vote_from_nothing(sit: Sit, enter: Enter, desk_server: Server) -> None:
    desk = await sit("zh-CN", 360)
    await desk.enter("主办方")
    await desk.go("#/new")
    await desk.press("创建草稿")
    await expect(desk.page.locator("#f-slug-problem")).to_have_text("请填写地址名。")
    await desk.fill(slug=SLUG, votingWindow_opensAt="2017-03-22T08:00", votingWindow_closesAt="2017-03-31T18:00")
    await expect(desk.page.locator("#f-title-zh")).to_have_attribute("aria-invalid", "true"), "what the API finds"
    await described(desk)
    await expect(desk.page.locator("[aria-invalid]")).to_have_count(0), "and as one types, no longer"
    await desk.press("创建草稿")

    await desk.press("粘贴表格")
    await desk.page.locator("#pasted").fill(TABLE)
    await desk.press("加入候选", desk.dialog)
    await expect(desk.page.locator(".candidates > li")).to_have_count(10)
    await with_photo(desk, 1)
    await desk.press("保存候选")
    await expect(desk.page.locator(".notice")).to_have_text("已保存。")

    visitor = await enter("zh-CN", 360, desk_server)
    await visitor.page.goto(f"{desk_server.origin}/?campaign={SLUG}")
    await expect(visitor.page.locator("#waiting")).to_have_count(0)
    await expect(visitor.page.locator(".card")).to_have_count(0), "a draft is unseen"

    await desk.go(f"#/campaign/{SLUG}")
    await expect(desk.page.get_by_text("没有发现问题，可以公开了。")).to_be_visible()
    await desk.act("公开评选", reason_zh="领导小组三月二十日会议通过。")
    await desk.done()
    await expect(desk.page.locator(".head .phase")).to_have_text("投票进行中")

    booth = await enter("zh-CN", 360, desk_server)
    await booth.open(f"/?campaign={SLUG}")
    await booth.vote("张三", 1, 3, 5, 2)
    await booth.receipt()
    await desk.page.reload()
    await expect(desk.page.locator(".numbers dd").first).to_have_text("1")
    with serving(desk_server.database_url, clock="2017-04-01T09:00:00+08:00") as later:
        reader = await enter("zh-CN", 360, later)
        await reader.open(f"/?campaign={SLUG}#/ranking")
        leaders = reader.page.locator(".standings li")
        await expect(leaders).to_have_count(10)
        assert {(await leaders.nth(n).locator(".place").inner_text()) for n in range(4)} == {"1"}
        await expect(leaders.first).to_contain_text("1票")
        await reader.page.close()
