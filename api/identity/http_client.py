"""The HTTP client for identity providers: with a time limit and a size limit, and with nothing passed on that they say."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson

from api.identity.sign_in_errors import SignInError, sign_in_error

MAX_BODY_BYTES = 256 * 1024  # bytes of a response; WeChat's have half a kilobyte, a large JWKS has fifty
CONNECT_TIMEOUT = 3.0  # seconds to reach a host, out of the whole
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity"}  # uncompressed, so that MAX_BODY_BYTES holds
log = logging.getLogger("pingxuan.identity")


class ProviderClient:
    """One pool of connections for all providers. timeout_seconds: for a whole sign-in, however many requests it takes."""

    def __init__(self, session: aiohttp.ClientSession, timeout_seconds: float) -> None:
        self._session = session
        self._timeout_seconds = timeout_seconds

    @asynccontextmanager
    async def timeout(self, provider: str) -> AsyncIterator[None]:
        """Limit the time of the requests within the block. Raises ApiError PROVIDER_UNREACHABLE when it runs out."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                yield
        except TimeoutError:
            log.warning("%s did not answer within %s s", provider, self._timeout_seconds)
            raise sign_in_error(SignInError.PROVIDER_UNREACHABLE) from None

    async def get_json(self, provider: str, url: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Get a JSON object, whatever its content type. To be called within `timeout`.

        provider is what the log calls it; the URL is not logged, because it holds our secret and the person's code.
        Raises ApiError PROVIDER_UNREACHABLE or PROVIDER_FAILED.
        """
        return await self._json(provider, url, params=params)

    async def post_json(
        self, provider: str, url: str, body: Mapping[str, object], params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Post a JSON object and get one; see get_json. Neither the URL nor the body is logged."""
        return await self._json(provider, url, params=params, body=orjson.dumps(body))

    async def _json(
        self, provider: str, url: str, *, params: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> dict[str, Any]:
        try:
            return _parse_object(await self._response(url, params, body))
        except aiohttp.ClientConnectionError as error:
            log.warning("%s cannot be reached: %s", provider, type(error).__name__)
            raise sign_in_error(SignInError.PROVIDER_UNREACHABLE) from None
        except (aiohttp.ClientError, ValueError) as error:
            log.warning("%s gave no answer that can be used: %s", provider, _describe(error))
            raise sign_in_error(SignInError.PROVIDER_FAILED) from None

    async def _response(self, url: str, params: Mapping[str, str] | None, sent: bytes | None) -> bytes:
        """Get, or post what is sent."""
        body = bytearray()
        method, headers = ("GET", HEADERS) if sent is None else ("POST", HEADERS | {"Content-Type": "application/json"})
        options: dict[str, Any] = {"params": params, "data": sent, "headers": headers, "allow_redirects": False}
        async with self._session.request(method, url, **options) as response:
            if response.status != 200:
                raise _InvalidResponse(f"status {response.status}")
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _InvalidResponse(f"more than {MAX_BODY_BYTES} bytes")
        return bytes(body)


class _InvalidResponse(ValueError):
    """A response that cannot be used, with a reason that repeats nothing of it and may be logged."""


@asynccontextmanager
async def open_provider_client(timeout_seconds: float) -> AsyncIterator[ProviderClient]:
    """A client that is closed afterwards. timeout_seconds: for a whole sign-in."""
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )
    async with session:
        yield ProviderClient(session, timeout_seconds)


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _InvalidResponse("no JSON") from None
    if not isinstance(value, dict):
        raise _InvalidResponse("JSON that is no object")
    return value


def _describe(error: Exception) -> str:
    return str(error) if isinstance(error, _InvalidResponse) else type(error).__name__
