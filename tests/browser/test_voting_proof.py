"""Is a ballot's receipt kept, checked on the device and told apart from a wrong one, and does it say what it proves?"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from api.domain.log.proof_files import ProofFile
from api.transparency.key_file import make_key_file
from tests.browser.accessibility import grave
from tests.browser.receipts import ORIGIN, Notary
from tests.browser.voting import Booth, Enter
from tests.log_maker import Signer
from tests.servers import SEED, Server, pingxuan, prepare, serving

pytestmark = pytest.mark.browser

OFFLINE = "Object.defineProperty(window.crypto, 'subtle', { value: undefined })"  # as on a page without HTTPS


def verdict(booth: Booth) -> Locator:
    return booth.page.locator(".proof .verdict").first


async def vote(
    enter: Enter, notary: Notary, locale: str = "en-GB", width: int = 1280, script: str = "", **more: Any
) -> Booth:
    """Cast a ballot while the notary signs; the receipt is on the screen."""
    booth = await enter(locale, width, **more)
    if script:
        await booth.page.add_init_script(script)
    await booth.page.route("**/graphql", notary.answer)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    return booth


@pytest.mark.parametrize("script", ["", OFFLINE], ids=["https", "http"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_a_receipt_is_checked_on_the_device(enter: Enter, locale: str, script: str) -> None:
    booth = await vote(enter, Notary(), locale, script=script)
    await expect(verdict(booth)).to_contain_text("已核对" if locale == "zh-CN" else "Checked: the server has signed")
    await expect(booth.page.locator(".proof")).to_contain_text("想买票的人" if locale == "zh-CN" else "buy your vote")


async def test_the_file_to_keep_holds_all_that_is_needed(enter: Enter, tmp_path: Path) -> None:
    booth = await vote(enter, Notary())
    async with booth.page.expect_download() as saving:
        await booth.page.get_by_role("button", name="Save the proof").click()
    await (await saving.value).save_as(tmp_path / "receipt.json")
    file = json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    assert file["format"] == "pingxuan/receipt/v1"
    assert (file["campaign"], file["day"], file["origin"]) == ("shanghai-2017", "2017-03-22", ORIGIN)
    assert file["projects"] == list(range(1, 11))
    assert len(file["idempotencyKey"]) == 32
    assert file["ballotId"] == await booth.page.locator("#ballot-id").inner_text()
    assert file["note"].startswith("pingxuan/receipts/v1\n")
    assert {"leafHash", "batchIndex", "batchSize", "batchHashes", "sealBy"} <= file.keys()


async def test_it_says_sealed_once_the_log_has_it(enter: Enter) -> None:
    notary = Notary()
    booth = await vote(enter, notary)
    await expect(verdict(booth)).to_have_class("verdict signed")
    notary.sealed = True
    await booth.page.reload()
    await expect(verdict(booth)).to_have_text(
        "Sealed This ballot is entry 2 of the public log, as checked on this device."
    )
    await booth.open("/#/receipt")
    await expect(booth.page.locator(".mine li")).to_contain_text("Sealed")
    notary.sealed = False  # and now it takes that back
    await booth.page.go_back()
    await booth.page.reload()
    await expect(booth.page.get_by_role("alert")).to_contain_text("was in the log")


async def test_a_promise_that_was_not_kept_is_said(enter: Enter) -> None:
    booth = await vote(enter, Notary(seal_by="2017-03-22T00:00:00Z"))
    await expect(booth.page.get_by_role("alert")).to_contain_text("should have been in the public log")


def flipped(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (
            lambda receipt: receipt.update(note=receipt["note"].replace("02:05:00", "02:06:00")),
            "signature is not of this",
        ),
        (lambda receipt: receipt.update(sealBy="2017-03-22T02:06:00Z"), "signature is not of this"),
        (lambda receipt: receipt.update(batchIndex=0), "not in the batch"),
        (lambda receipt: receipt["batchHashes"].reverse(), "not in the batch"),
        (lambda receipt: receipt.update(leafHash=flipped(receipt["leafHash"])), "about another ballot"),
        (lambda receipt: receipt.update(note="Accepted."), "something is missing"),
    ],
)
async def test_a_wrong_receipt_is_said_loudly(enter: Enter, spoil: Callable[[Any], object], why: str) -> None:
    booth = await vote(enter, Notary(spoil=spoil))
    alert = booth.page.get_by_role("alert")
    await expect(alert).to_contain_text(why)
    await expect(alert).to_contain_text("Save it first")


async def test_a_proof_of_another_tree_is_said_loudly(enter: Enter) -> None:
    def reverse(receipt: dict[str, Any]) -> None:
        receipt["inclusion"]["hashes"].reverse()

    booth = await vote(enter, Notary(sealed=True, spoil=reverse))
    await expect(booth.page.get_by_role("alert")).to_contain_text("proves it wrongly")


async def test_another_key_is_said_and_the_one_seen_first_is_remembered(enter: Enter) -> None:
    notary = Notary()
    booth = await vote(enter, notary)
    await expect(verdict(booth)).to_have_class("verdict signed")
    before, notary.receipt_key = notary.receipt_key, Signer("somebody else")
    notary.receipt_key.name = before.name
    await booth.page.reload()
    change = booth.page.locator(".proof .verdict").nth(1)
    await expect(change).to_contain_text(f"changed from {before.key_id.hex()}")


async def test_a_kept_receipt_is_there_without_a_network_and_when_the_server_denies_it(enter: Enter) -> None:
    notary = Notary()
    booth = await vote(enter, notary)
    await expect(verdict(booth)).to_have_class("verdict signed")  # by then the device has what it checks with
    address = (await booth.page.evaluate("location.hash")).removesuffix("/cast")
    booth.request_info.troubled = True
    await booth.page.evaluate("location.hash = '#/'")
    await expect(booth.page.locator(".card").first).to_be_visible()
    await booth.page.unroute("**/graphql")
    await booth.page.context.set_offline(True)
    await booth.page.evaluate("(address) => { location.hash = address; }", address)
    await expect(verdict(booth)).to_have_class("verdict signed")
    await expect(booth.page.locator(".slip .choices li")).to_have_count(10)
    await booth.page.context.set_offline(False)
    await booth.page.route("**/graphql", lambda route: route.fulfill(json={"data": {"ballot": None, "viewer": None}}))
    await booth.page.evaluate("location.hash = '#/ranking'")
    await booth.page.evaluate("(address) => { location.hash = address; }", address)
    await expect(booth.page.locator(".proof [role=alert]")).to_contain_text("says now that there is none")


async def test_a_ballot_of_another_device_is_checked_as_far_as_it_can_be(enter: Enter) -> None:
    notary = Notary()
    booth = await vote(enter, notary)
    await expect(verdict(booth)).to_have_class("verdict signed")  # by then the device has what it checks with
    address = (await booth.page.evaluate("location.hash")).removesuffix("/cast")
    other = await enter()
    await other.page.route("**/graphql", notary.answer)
    await other.open(f"/{address}")
    await expect(other.page.locator(".proof")).to_contain_text("not cast on this device")
    await expect(other.page.get_by_role("button", name="Save the proof")).to_have_count(0)


@pytest.fixture(scope="module")
def logging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that signs receipts, and seals whatever there is each second."""
    folder = tmp_path_factory.mktemp("logging")
    make_key_file(folder / "keys")
    url = f"sqlite://{folder}/selection.sqlite3"
    prepare(url, SEED)
    sealing = {"LOG_SEAL_INTERVAL": "1", "LOG_SEAL_MINIMUM": "1", "LOG_SEAL_DEADLINE": "60"}
    with serving(url, LOG_KEYS=str(folder / "keys"), LOG_ORIGIN="vote.test/log", **sealing) as server:
        yield server


@pytest.mark.parametrize("script", ["", OFFLINE], ids=["https", "http"])
async def test_a_servers_own_receipt_is_good_and_its_ballot_soon_sealed(
    enter: Enter, logging: Server, script: str, tmp_path: Path
) -> None:
    booth = await enter("zh-CN", 360, at=logging)
    if script:
        await booth.page.add_init_script(script)
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await expect(verdict(booth)).to_have_class(re.compile("signed|sealed"))
    for _ in range(60):
        await booth.page.reload()
        await expect(verdict(booth)).to_have_class(re.compile("signed|sealed"))
        if "sealed" in str(await verdict(booth).get_attribute("class")):
            break
    await expect(verdict(booth)).to_contain_text("已入日志")
    async with booth.page.expect_download() as saving:
        await booth.page.get_by_role("button", name="保存凭条").click()
    await (await saving.value).save_as(tmp_path / "receipt.json")
    checked = pingxuan(logging.database_url, "verify-receipt", str(tmp_path / "receipt.json"))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    async with booth.page.expect_download() as saving:
        await booth.page.get_by_role("button", name="保存入日志的证明").click()
    await (await saving.value).save_as(tmp_path / "receipt.tlog-proof")
    proof = ProofFile.parse((tmp_path / "receipt.tlog-proof").read_text("utf-8"))
    assert proof.proves(bytes.fromhex(json.loads((tmp_path / "receipt.json").read_text("utf-8"))["leafHash"]))
    await booth.page.goto(f"{logging.origin}/verify")
    await booth.page.locator("#receipt").set_input_files(tmp_path / "receipt.json")
    await expect(booth.page.locator(".receipts")).to_contain_text("签名无误")
    await booth.page.goto("about:blank")


async def test_a_server_that_keeps_a_log_and_signs_nothing_is_not_passed_over(enter: Enter) -> None:
    booth = await vote(enter, Notary(signs=False))
    await expect(booth.page.locator(".proof")).to_contain_text("gives no signed receipt")


async def test_a_server_without_a_log_shows_nothing_of_this(enter: Enter) -> None:
    booth = await enter()
    await booth.open()
    await booth.vote(f"voter {uuid4()}", *range(1, 11))
    await booth.receipt()
    await expect(booth.page.locator(".proof")).to_have_count(0)


@pytest.mark.parametrize(("locale", "width", "scheme"), [("zh-CN", 320, "dark"), ("en-GB", 360, "light")])
async def test_axe_finds_nothing_serious_on_a_proof(
    enter: Enter, axe: str, locale: str, width: int, scheme: str
) -> None:
    for notary in (Notary(), Notary(sealed=True), Notary(spoil=lambda receipt: receipt.update(batchIndex=0))):
        booth = await vote(enter, notary, locale, width, color_scheme=scheme, reduced_motion="reduce")
        await expect(verdict(booth)).to_be_visible()
        assert await grave(booth.page, axe) == []
        assert await booth.page.evaluate("document.documentElement.scrollWidth") <= width
