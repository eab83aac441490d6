"""Does the page that checks a log find what is wrong with one, from disk as well, and without standing still?"""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from api.transparency.key_file import make_key_file
from tests.browser.accessibility import grave
from tests.browser.voting import Enter
from tests.log_maker import DAYS, RULES, LogMaker, digest, small_log, write
from tests.servers import PATIENCE, Client, Server, pingxuan, serving
from tests.waiting import until

pytestmark = pytest.mark.browser

AFTERWARDS = "2017-05-20T09:00:00+08:00"
WIDTHS = {"zh-CN": 320, "en-GB": 1280}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def saved(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as somebody has saved it."""
    async with aiohttp.ClientSession() as session, session.get(f"{server.origin}/verify") as response:
        assert response.status == 200
        file = tmp_path_factory.mktemp("saved") / "verify.html"
        file.write_bytes(await response.read())
    return file


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, saved: Path) -> AsyncIterator[Page]:
    """The saved page, opened from disk; it may not ask anybody anything."""
    page = await chromium.new_page(locale="en-GB")
    page.set_default_timeout(PATIENCE * 1000)
    wrong: list[str] = []
    await page.goto(saved.as_uri())
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url))
    yield page
    assert wrong == []


async def verdict(page: Page, folder: Path) -> Locator:
    await page.locator("#folder").set_input_files(folder)
    await expect(page.locator("#verdict")).to_be_visible()
    return page.locator(".verdict")


async def test_a_log_that_can_be_counted(page: Page, tmp_path: Path) -> None:
    log = small_log()
    shown = await verdict(page, write(log.files(seen=(3, 8)), tmp_path / "log"))
    await expect(shown).to_contain_text("Sound and countable")
    text = await page.locator("#report").inner_text()
    for part in (log.origin, log.root.hex(), log.signer.vkey, "w1, w2", "2026-05-02"):
        assert part in text
    rows = await page.locator("section:has(h2:text('Counted again')) tbody tr").all_inner_texts()
    votes = {each["number"]: each["votes"] for each in log.result_tree()["projects"] if each["votes"]}
    assert {int(row.split()[0]): int(row.split()[1]) for row in rows} == votes


@pytest.mark.parametrize(
    ("is_closed", "is_open", "why"), [(False, False, "has not closed"), (True, False, "not open yet")]
)
async def test_a_log_that_cannot_be_counted_yet(
    page: Page, tmp_path: Path, is_closed: bool, is_open: bool, why: str
) -> None:
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot((1, 2))
    if is_closed:
        log.day(DAYS[0])
        log.closed()
    shown = await verdict(page, write(log.files(is_open=is_open), tmp_path / "log"))
    await expect(shown).to_contain_text("Sound, not yet countable")
    await expect(shown).to_contain_text(why)


async def test_a_log_of_several_tiles_goes_on_from_what_it_was(page: Page, tmp_path: Path) -> None:
    log = LogMaker()
    log.rules()
    for number in range(70_000 // 100):
        log.ballot((1 + number % 3, 5), DAYS[number % 3])
    shown = await verdict(page, write(log.files(seen=(1, 255, 256, 257, 600)), tmp_path / "log"))
    await expect(shown).to_contain_text("Sound")
    await expect(page.locator("#report")).to_contain_text("Older checkpoints checked")


async def test_a_servers_own_log_that_was_saved(page: Page, seeded_2017: Path, tmp_path: Path) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    assert pingxuan(url, "simulate", "300", "--seed", "1").returncode == 0
    make_key_file(tmp_path / "keys")
    sealing = {"LOG_SEAL_INTERVAL": "1", "LOG_SEAL_MINIMUM": "1", "LOG_SEAL_DEADLINE": "60"}
    with serving(
        url, clock=AFTERWARDS, LOG_KEYS=str(tmp_path / "keys"), LOG_ORIGIN="vote.test/log", **sealing
    ) as server:
        async with aiohttp.ClientSession() as session:
            api = Client(session, server)

            async def is_countable() -> bool:
                log = (await api.data("{ campaign { log { countable } } }"))["campaign"]["log"]
                return bool(log and log["countable"])

            await until(is_countable)
        saved = pingxuan(url, "verify", f"{server.origin}/log/shanghai-2017", "--save", str(tmp_path / "log"))
        assert saved.returncode == 0, saved.stdout + saved.stderr
    shown = await verdict(page, tmp_path / "log")
    await expect(shown).to_contain_text("Sound and countable")
    await expect(page.locator("#report")).to_contain_text("vote.test/log/shanghai-2017")


def flip(files: dict[str, bytes], path: str, at: int) -> None:
    changed = bytearray(files[path])
    changed[at] ^= 1
    files[path] = bytes(changed)


def path_like(files: dict[str, bytes], start: str) -> str:
    return min(path for path in files if path.startswith(start))


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("tile/entries/", "An entry was changed"),
        ("tile/0/", "A hash in a tile"),
        ("checkpoint", "does not hold"),
        ("openings/", "committed to"),
        ("documents/", "A document is not the one"),
        ("checkpoint.8", "does not hold"),
    ],
)
async def test_a_flipped_bit_is_found_and_named(page: Page, tmp_path: Path, start: str, says: str) -> None:
    files = small_log().files(seen=(8,))
    path = path_like(files, start)
    at = {"tile/entries/": files[path].find(b"ballot") + 20, "openings/": files[path].find(b",") - 60}.get(start, 3)
    flip(files, path, at)
    shown = await verdict(page, write(files, tmp_path / "log"))
    await expect(shown).to_contain_text("Broken")
    await expect(shown).to_contain_text(says)
    await expect(shown).to_contain_text(path)


def doubled(log: LogMaker) -> None:
    log.ballot((1, 2), number=7)
    log.ballot((1, 2), number=7)


def released_unheld(log: LogMaker) -> None:
    log.ruling("release", log.ballot((1, 2)))


def miscounted(log: LogMaker) -> None:
    log.ballot((1, 2))
    log.closed(2)


def too_many(log: LogMaker) -> None:
    log.ballot((1, 2, 3, 5))
    log.closed()
    log.result()


def unheard_of(log: LogMaker) -> None:
    log.ballot((1, 99))
    log.closed()
    log.result()


def false_result(log: LogMaker) -> None:
    log.ballot((1, 2))
    log.closed()
    tree = log.result_tree()
    tree["projects"][0]["votes"] += 1
    log.result(tree)


def read_in_two_ways(log: LogMaker) -> None:
    log.ballot((1, 2))
    log.closed()
    log.result()
    text = log.documents[-1] = log.documents[-1].replace('"votes":1', '"votes":9,"votes":1', 1)
    log.entries[-1] = f"result {digest(text)}".encode()


@pytest.mark.parametrize(
    ("write_wrongly", "says", "entry"),
    [
        (doubled, "in the log twice", "2"),
        (released_unheld, "A ruling is on", "2"),
        (miscounted, "A number of ballots", "2"),
        (too_many, "breaks the rules", "1"),
        (unheard_of, "breaks the rules", "1"),
        (false_result, "not what the ballots come to", "3"),
        (read_in_two_ways, "A document is not the one", "3"),
    ],
)
async def test_what_an_honest_log_never_has_is_found_and_named(
    page: Page, tmp_path: Path, write_wrongly: Callable[[LogMaker], None], says: str, entry: str
) -> None:
    log = LogMaker()
    log.rules()
    write_wrongly(log)
    shown = await verdict(page, write(log.files(), tmp_path / "log"))
    await expect(shown).to_contain_text(says)
    await expect(shown.locator("dd").nth(1)).to_have_text(entry)


async def test_a_forked_log_and_one_with_too_few_witnesses(page: Page, tmp_path: Path) -> None:
    log, other = small_log(), LogMaker()
    other.rules()
    other.ballot((1, 3))
    files = log.files() | {"checkpoint.2": other.note().encode()}
    await expect(await verdict(page, write(files, tmp_path / "forked"))).to_contain_text(
        "does not begin with what was signed"
    )
    files = log.files() | {"checkpoint": log.note(witnesses=()).encode()}
    await expect(await verdict(page, write(files, tmp_path / "alone"))).to_contain_text("Too few witnesses")


async def test_a_receipt_is_held_against_the_log(page: Page, tmp_path: Path) -> None:
    log = LogMaker()
    log.rules()
    index = log.ballot((1, 2), number=5, key="0123456789")
    log.closed()
    log.result()
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(log.receipt(index, 5, "0123456789", [b"x" * 32])))
    await page.locator("#receipt").set_input_files(receipt)
    said = page.locator(".receipts li")
    await expect(said).to_contain_text("by the key that it names itself")
    await verdict(page, write(log.files(), tmp_path / "log"))
    await expect(said).to_contain_text("entry 1 of the log. The opened ballot: 1, 2, Counted.")
    for change, says in (
        (("projects", [1, 3]), "another ballot"),
        (("batchIndex", 1), "not in the batch"),
        (("format", "x"), "no receipt"),
    ):
        wrong = log.receipt(index, 5, "0123456789", [b"x" * 32]) | dict([change])
        receipt.write_text(json.dumps(wrong))
        await page.locator("#receipt").set_input_files(receipt)
        await expect(said).to_contain_text(says)


@pytest.mark.parametrize("text", ["{}", '{"candidates": 3}', "[]", "null", "3", '{"candidates": [null]}'])
async def test_a_document_of_another_shape_is_no_failure_of_the_page(page: Page, tmp_path: Path, text: str) -> None:
    log = LogMaker()
    log.documents.append(text)
    log.add(f"rules {digest(text)}")
    log.ballot((1, 2))
    log.closed()
    log.result()
    await expect(await verdict(page, write(log.files(), tmp_path / "log"))).to_contain_text("A document is not the one")


async def test_a_verdict_is_gone_when_another_log_is_chosen(page: Page, tmp_path: Path) -> None:
    await verdict(page, write(small_log().files(), tmp_path / "log"))
    await page.locator("#receipt").set_input_files(
        write({"r.json": b'{"format": "pingxuan/receipt/v1", "projects": [], "batchHashes": []}'}, tmp_path) / "r.json"
    )
    await expect(page.locator(".receipts li")).to_contain_text("something is missing")
    await expect(page.locator(".verdict")).to_contain_text("Sound and countable")
    await expect(await verdict(page, write({"checkpoint": b"", "keys": b""}, tmp_path / "other"))).to_contain_text(
        "Broken"
    )


async def test_what_is_no_log_is_said(page: Page, tmp_path: Path) -> None:
    await page.locator("#folder").set_input_files(write({"something": b"else"}, tmp_path / "no"))
    await expect(page.locator("#status")).to_contain_text("no log here")


async def test_the_page_answers_while_it_checks_a_hundred_thousand_ballots(page: Page, tmp_path: Path) -> None:
    log = LogMaker()
    log.rules()
    for number in range(100_000):
        log.ballot((1 + number % 3, 5), DAYS[0], number)
    log.day(DAYS[0])
    log.closed()
    log.result()
    folder = write(log.files(), tmp_path / "log")
    await page.evaluate(
        """() => {
          window.told = new Set();
          setInterval(() => window.told.add(document.getElementById("status").textContent), 10);
        }"""
    )
    await page.locator("#folder").set_input_files(folder)
    await expect(page.locator(".verdict")).to_contain_text("Sound and countable", timeout=180_000)
    assert await page.evaluate("window.told.size") > 5  # it told how far it was, and timers ran meanwhile


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "dark"), ("en-GB", "light")])
async def test_axe_finds_nothing_serious_and_nothing_sticks_out(
    enter: Enter, axe: str, tmp_path: Path, locale: str, scheme: str
) -> None:
    booth = await enter(locale, WIDTHS[locale], color_scheme=scheme)
    await booth.page.goto(f"{booth.request_info.server.origin}/verify")
    for name in ("good", "broken"):
        files = small_log().files()
        if name == "broken":
            flip(files, path_like(files, "tile/0/"), 5)
        await verdict(booth.page, write(files, tmp_path / name))
        assert await grave(booth.page, axe) == []
        assert await booth.page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[locale]
    await booth.page.get_by_role("button", name="English" if locale == "zh-CN" else "简体中文").click()
    await expect(booth.page.locator("#verdict")).to_have_text("Broken" if locale == "zh-CN" else "有问题")


async def test_files_may_be_dropped_as_well(page: Page, tmp_path: Path) -> None:
    log = small_log()
    receipt = json.dumps(log.receipt(2, 2))
    await page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "receipt.json", { type: "application/json" }));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        receipt,
    )
    await expect(page.locator(".receipts li")).to_contain_text("Receipt: receipt.json")


async def test_a_day_whose_numbers_were_never_stated_is_waited_for(page: Page, tmp_path: Path) -> None:
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot((1, 2))
    log.closed()
    log.result()
    shown = await verdict(page, write(log.files(), tmp_path / "log"))
    await expect(shown).to_contain_text("how many people signed in")


async def test_votes_cast_one_by_one_are_counted(page: Page, tmp_path: Path) -> None:
    quota = {"code": "VOTE_QUOTA", "limit": 2, "per_project": 1, "period": "DAY"}
    candidates = [{"number": n, "position": n, "ruled_by": [None]} for n in range(1, 7)]
    log = LogMaker(rules_tree={**RULES, "rules": [quota], "candidates": candidates})
    log.rules()
    log.window()
    log.ballot((1,))
    log.day(DAYS[0])
    log.closed()
    log.result()
    shown = await verdict(page, write(log.files(), tmp_path / "log"))
    await expect(shown).to_contain_text("Sound and countable")
