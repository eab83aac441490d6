"""How providers are asked over HTTP: within a time, up to a size, and with no word of theirs passed on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_BODY_BYTES = 256 * 1024  # bytes of an answer; WeChat's have half a kilobyte, a large set of keys has fifty
CONNECT_TIMEOUT = 3.0  # seconds to reach a host, out of the whole
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}  # what unpacks small stays small
log = logging.getLogger("pingxuan.identity")


class Outside:
    """The way out of this process: one pool of connections, and one patience for every sign-in."""

    def __init__(self, session: aiohttp.ClientSession, patience: float) -> None:
        self._session = session
        self._patience = patience

    @asynccontextmanager
    async def timeout(self, host: str) -> AsyncIterator[None]:
        """Whatever is asked inside ends in time. Raises ApiError PROVIDER_UNREACHABLE when it would not."""
        try:
            async with asyncio.timeout(self._patience):
                yield
        except TimeoutError:
            log.warning("%s did not answer within %s s", host, self._patience)
            raise sign_in_error(SignInError.PROVIDER_UNREACHABLE) from None

    async def ask(self, host: str, url: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object that is found there, whatever it is labelled. To be asked within_patience.

        host is what the log calls the provider; the address is not logged, for it holds our secret and the person's
        code. Raises ApiError PROVIDER_UNREACHABLE or PROVIDER_FAILED.
        """
        try:
            return _object(await self._body(url, parameters))
        except aiohttp.ClientConnectionError as error:
            log.warning("%s cannot be reached: %s", host, type(error).__name__)
            raise sign_in_error(SignInError.PROVIDER_UNREACHABLE) from None
        except (aiohttp.ClientError, ValueError) as error:
            log.warning("%s gave no answer that can be used: %s", host, _named(error))
            raise sign_in_error(SignInError.PROVIDER_FAILED) from None

    async def _body(self, url: str, parameters: Mapping[str, str] | None) -> bytes:
        body = bytearray()
        async with self._session.get(url, params=parameters, headers=HEADERS, allow_redirects=False) as response:
            if response.status != 200:
                raise _Unusable(f"status {response.status}")
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _Unusable(f"more than {MAX_BODY_BYTES} bytes")
        return bytes(body)


class _Unusable(ValueError):
    """An answer that is none, in our own words."""


@asynccontextmanager
async def open_provider_client(patience: float) -> AsyncIterator[Outside]:
    """A way out that is closed afterwards; a sign-in waits so many seconds, whatever it asks."""
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )
    async with session:
        yield Outside(session, patience)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _Unusable("no JSON") from None
    if not isinstance(found, dict):
        raise _Unusable("JSON that is no object")
    return found


def _named(error: Exception) -> str:
    return str(error) if isinstance(error, _Unusable) else type(error).__name__
