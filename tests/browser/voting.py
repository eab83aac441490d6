"""What do tests of the voting page do in it? What voters do, in either language, on a phone and at a desk."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.visits import Visit
from tests.servers import Server

WORDS = {
    "zh-CN": {
        "review": "查看选票",
        "cast": "投出选票",
        "sign in": "以访客登录",
        "name": "您的称呼",
        "thanks": "选票已投出并计入",
        "more": "还差{}个",
        "title": "第三届上海社会建设十大创新项目",
        "live": "实时更新",
    },
    "en-GB": {
        "review": "Review ballot",
        "cast": "Cast ballot",
        "sign in": "Sign in as guest",
        "name": "Your name",
        "thanks": "Your ballot is cast and counted",
        "more": "{} more needed",
        "title": "Third Shanghai Top Ten Social Construction Innovation Projects",
        "live": "Live",
    },
}
SIZES = {320: 568, 360: 740, 1280: 800}


@dataclass
class Booth:
    """A visit to the voting page, by somebody who speaks this language."""

    request_info: Visit
    locale: str = "en-GB"

    @property
    def page(self) -> Page:
        return self.request_info.page

    def word(self, name: str) -> str:
        return WORDS[self.locale][name]

    async def open(self, address: str = "/") -> None:
        """Open the page at an address of the server and wait for what it shows."""
        await self.page.goto(self.request_info.server.origin + address)
        await expect(self.page.locator("#waiting")).to_have_count(0)

    def box(self, number: int) -> Locator:
        return self.page.locator(".card").nth(number - 1).locator("input")

    async def choose(self, *numbers: int) -> None:
        for number in numbers:
            await self.box(number).check()

    async def review(self) -> None:
        await self.page.get_by_role("link", name=self.word("review")).click()
        await expect(self.page.get_by_role("dialog")).to_be_visible()

    async def sign_in(self, name: str) -> None:
        await self.page.get_by_label(self.word("name")).fill(name)
        await self.page.get_by_role("button", name=self.word("sign in")).click()
        await expect(self.cast_button).to_be_visible()

    @property
    def cast_button(self) -> Locator:
        return self.page.get_by_role("button", name=self.word("cast"))

    @property
    def told(self) -> Locator:
        """What the dialog says happened."""
        return self.page.locator(".told")

    async def receipt(self) -> str:
        """The id on the receipt that is shown now."""
        await expect(self.page.get_by_role("heading", name=self.word("thanks"))).to_be_visible()
        return await self.page.locator("#ballot-id").inner_text()

    async def vote(self, name: str, *numbers: int) -> None:
        """Choose, sign in and press the button; what comes of it is another matter."""
        await self.choose(*numbers)
        await self.review()
        await self.sign_in(name)
        await self.press_cast()

    async def press_cast(self) -> None:
        """By the keyboard, since Playwright's pointer waits for a button that says what is missing to be enabled."""
        await self.cast_button.press("Enter")


Enter = Callable[..., Awaitable[Booth]]


async def speak(page: Page, language: str) -> None:
    """Choose a language, by what it calls itself, from the list above."""
    await page.locator("#languages summary").click()
    await page.locator("#languages").get_by_role("button", name=language).click()


def operation(body: Any, name: str) -> bool:
    """Whether a request's body is this operation of the page."""
    return isinstance(body, dict) and f" {name}" in body.get("query", "").partition("(")[0].partition("{")[0]


def listen(booth: Booth) -> list[dict[str, Any]]:
    """The inputs of the ballots that the page sends from now on."""
    sent: list[dict[str, Any]] = []

    def note(request: Any) -> None:
        body = request.post_data_json if request.method == "POST" else None
        if operation(body, "Cast"):
            sent.append(body["variables"]["input"])

    booth.page.on("request", note)
    return sent


def elsewhere(name: str, server: Server) -> Callable[[Any], Awaitable[None]]:
    """Sends one operation of the page to another server: the world has moved on while the page was open."""

    async def send(route: Any) -> None:
        moved = operation(route.request.post_data_json, name)
        await route.continue_(**({"url": server.url} if moved else {}))

    return send


def answering(name: str, *answers: Any) -> Callable[[Any], Awaitable[None]]:
    """Answers one operation of the page with these, one after the other, and then leaves it to the server."""
    left = list(answers)

    async def answer(route: Any) -> None:
        if left and operation(route.request.post_data_json, name):
            await route.fulfill(json=left.pop(0))
        else:
            await route.continue_()

    return answer


def error(code: str, message: str = "Something.", **more: Any) -> dict[str, Any]:
    """An answer that is an error."""
    return {"errors": [{"message": message, "extensions": {"code": code, **more}}]}
