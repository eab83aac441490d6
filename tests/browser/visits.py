"""What goes wrong in a page while a test looks at it?"""

from dataclasses import dataclass, field

from playwright.async_api import ConsoleMessage, Page, Request, expect

from tests.servers import PATIENCE, Server


@dataclass
class Visit:
    """A page that is being looked at, and whatever went wrong in it."""

    page: Page
    server: Server
    complaints: list[str] = field(default_factory=list)
    troubled: bool = False  # the network fails on purpose, so what fails by it is not held against the page

    def instrumentation(self) -> None:
        """Write down errors, failures, and requests to anybody but the server; wait for as long as a busy machine may need."""
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _failed(self, request: Request) -> None:
        """Whatever was on its way when a page is left is no failure."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server.origin}/", "data:", "blob:")):
            self.complaints.append(f"a request to {request.url}")


async def go_to(page: Page, address: str) -> None:
    """Go to an address behind `#`, and wait until all that was shown before has gone."""
    await page.evaluate(
        """(address) => {
          if (location.hash === address) return;
          for (const shown of document.getElementById("main").children) shown.dataset.left = "";
          location.hash = address;
        }""",
        address,
    )
    await expect(page.locator("#main > [data-left]")).to_have_count(0)
