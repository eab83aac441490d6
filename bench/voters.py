"""Where do hundreds of thousands of voters come from? Each ballot needs another, so their tokens are made once and kept."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.identity import providers
from api.identity.tokens import SignedTokens
from api.services.sessions import Authenticator

CACHE = Path(__file__).with_name(".cache")
TOKEN_LIFETIME = timedelta(weeks=4)  # longer than any benchmark


@dataclass(frozen=True)
class Voters:
    """A file with one token a line, all lines equally long."""

    file: Path
    width: int
    count: int


def voters(count: int, secret: str, morning: str) -> Voters:
    """At least so many tokens of different guests, as `pingxuan token --count` prints them."""
    files = sorted(CACHE.glob("sessions-*.txt"), key=lambda file: file.stat().st_size)
    file = next((file for file in files if _count(file) >= count), None) or _make(count, secret, morning)
    with file.open("rb") as lines:
        width = len(lines.readline())
    return Voters(file, width, file.stat().st_size // width)


def _count(file: Path) -> int:
    return int(file.stem.rpartition("-")[2])


def _make(count: int, secret: str, morning: str) -> Path:
    tokens = asyncio.run(_tokens(count, secret, morning))
    if len({len(token) for token in tokens}) != 1:
        raise RuntimeError("tokens of different lengths cannot be found by their line number")
    CACHE.mkdir(exist_ok=True)
    file = CACHE / f"sessions-{count}.txt"
    file.write_text("\n".join(tokens) + "\n")
    return file


async def _tokens(count: int, secret: str, morning: str) -> list[str]:
    authenticator = Authenticator(
        providers(guests=True), SignedTokens([secret.encode()], TOKEN_LIFETIME), secret.encode()
    )
    now = datetime.fromisoformat(morning)
    return [(await authenticator.sign_in("guest", f"voter-{number}", now)).token for number in range(count)]
