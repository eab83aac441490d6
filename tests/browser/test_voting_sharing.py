"""Does a link lead to what it names, does the page give such links out, and do phones fetch pictures in their size?"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image as Pictures
from playwright.async_api import Page, expect

from api.content.images import read_image
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.projects import Image
from api.domain.images import ImageFile
from api.storage.database.connection import open_database
from api.storage.images import SqlImageStore
from tests.browser.voting import Enter
from tests.browser_files import needs_packages
from tests.campaigns import HUANGPU, OPENS, SLUG, a_campaign, a_project, both
from tests.pictures import encoded
from tests.servers import Server, serving
from tests.stored import store

pytestmark = pytest.mark.browser

HERE = f"/c/{SLUG}"
# How the modules of the code on a poster, at its place and in its size, agree with the library's own for an address.
AGREES = """async ([src, url]) => {
  const script = document.querySelector("script[src]").src;
  const { default: encode } = await import(new URL("../vendor/qr/index.js", script).href);
  const rows = encode(url, "raw", { ecc: "medium", border: 3 });
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const pixel = Math.floor(240 / rows.length);
  const at = (left, module) => left + Math.floor((module + 0.5) * pixel);
  const isDark = (x, y) => pen.getImageData(at(750 - 48 - 240, x), at(1120 - 240 - 30, y), 1, 1).data[0] < 128;
  return rows.length > 20 && rows.every((row, y) => row.every((dark, x) => dark === isDark(x, y)));
}"""


def uploaded(database_url: str, image: ImageFile) -> None:
    """Store a picture as a version that made no sizes did."""

    async def run() -> None:
        async with open_database(database_url) as database:
            event = AuditEvent(OPENS, TrailKind.IMAGE_UPLOADED, SLUG)
            await SqlImageStore(database).keep(image, SLUG, 10, event)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a campaign whose candidates have pictures."""
    url = f"sqlite://{tmp_path_factory.mktemp('shared')}/selection.sqlite3"
    image = read_image(encoded(Pictures.new("RGB", (1600, 1200), "seagreen")))
    images = (Image(image.url, image.width, image.height, both("照片", "A photograph")),)
    store(url, a_campaign(projects=tuple(a_project(number, images=images) for number in range(1, 51)), cover=images[0]))
    uploaded(url, image)
    with serving(url) as server:
        yield server


async def behind(page: Page, address: str) -> None:
    """Wait until the address in the bar is this one."""
    await page.wait_for_function(
        "(address) => location.pathname + location.search + location.hash === address", arg=address
    )


async def test_a_links_path_leads_to_what_it_names_and_back_and_reload_stay_there(
    enter: Enter, pictured: Server
) -> None:
    booth = await enter(width=360, at=pictured)
    page, dialog = booth.page, booth.page.get_by_role("dialog")
    await booth.open(f"{HERE}/projects/17?from=singlemessage")
    await expect(dialog).to_contain_text("Project 17")
    await behind(page, f"{HERE}?from=singlemessage#/candidate/17")
    await page.reload()
    await expect(dialog).to_contain_text("Project 17")
    await dialog.get_by_role("link", name="Close").click()
    await expect(page.locator(".card").first).to_be_visible()
    await booth.open(f"{HERE}/ranking")
    await expect(page.locator("#standings")).to_be_visible()
    await page.get_by_role("link", name="Vote", exact=True).click()
    await expect(page.locator("#standings")).to_have_count(0)
    await page.go_back()
    await expect(page.locator("#standings")).to_be_visible()
    await booth.open(f"{HERE}/districts/{HUANGPU.code}?theme=THEME_9")
    await expect(page.locator(".card:visible h3")).to_have_text(["Project 22"])
    await behind(page, f"{HERE}#/")
    await page.reload()
    await expect(page.locator(".card:visible h3")).to_have_text(["Project 22"])
    await booth.open(f"{HERE}?search=Project%2031")
    await expect(page.locator(".card:visible h3")).to_have_text(["Project 31"])
    booth.request_info.troubled = True  # 404 is what the browser complains of
    await booth.open(f"{HERE}/projects/99")
    await expect(page.locator(".notice")).to_have_text("There is no such project.")


@needs_packages
async def test_what_is_shown_is_shared_by_a_link_by_the_phones_sheet_or_by_a_poster(
    enter: Enter, pictured: Server
) -> None:
    booth = await enter(width=360, at=pictured)
    page, dialog = booth.page, booth.page.get_by_role("dialog")
    await page.add_init_script("navigator.share = async (given) => { window.given = given; }")
    link = dialog.get_by_label("Link")
    await booth.open(f"{HERE}#/candidate/17")
    await dialog.get_by_role("link", name="Share").click()
    url = f"{pictured.origin}{HERE}/projects/17"
    await expect(link).to_have_value(url)
    await dialog.get_by_role("button", name="Share…").click()
    title = "Third Shanghai Top Ten Social Construction Innovation Projects"
    assert await page.evaluate("given") == {"title": f"Project 17 · {title}", "url": url}
    await dialog.get_by_role("button", name="Copy the link").click()
    await expect(page.locator(".notice")).to_be_visible()
    poster = dialog.get_by_role("img", name="Poster: Project 17, with a QR code")
    assert await page.evaluate(AGREES, [await poster.get_attribute("src"), url])
    assert not await page.evaluate(AGREES, [await poster.get_attribute("src"), f"{url}1"])
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.go_back()
    await expect(dialog.locator("h2")).to_have_text("Project 17")
    await booth.open(f"{HERE}/districts/{HUANGPU.code}?theme=THEME_9")
    await page.locator(".head").get_by_role("link", name="Share").click()
    await expect(link).to_have_value(f"{pictured.origin}{HERE}/districts/{HUANGPU.code}?theme=THEME_9")
    await dialog.get_by_role("link", name="Close").click()
    await booth.open(f"{HERE}/ranking#/share")
    await expect(link).to_have_value(f"{pictured.origin}{HERE}/districts/{HUANGPU.code}?theme=THEME_9")
    await booth.open(f"{HERE}#/ranking")
    await expect(page.locator("#standings")).to_be_visible()
    await page.evaluate("location.hash = '#/share'")
    await expect(link).to_have_value(f"{pictured.origin}{HERE}/ranking")


async def test_a_phone_fetches_pictures_in_the_size_in_which_it_shows_them(enter: Enter, pictured: Server) -> None:
    booth = await enter(width=320, at=pictured)
    sizes: list[str] = []
    booth.page.on(
        "request", lambda request: sizes.append(Path(request.url).stem[64:]) if "/images/" in request.url else None
    )
    async with booth.page.expect_response("**/images/*-320.jpg") as first:
        await booth.open(HERE)
    assert (await first.value).status == 200
    await expect(booth.page.locator(".card").first.locator("img")).to_have_js_property("naturalWidth", 320)
    assert set(sizes) == {"-320"}, "one picture that all candidates have"
    await booth.page.locator(".card h3 a").nth(1).click()
    await expect(booth.page.get_by_role("dialog").locator("img")).to_have_js_property("naturalWidth", 320)
