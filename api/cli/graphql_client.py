"""A client of a GraphQL endpoint over HTTP."""

import asyncio
from typing import Any

import aiohttp
from yarl import URL

from api.cli.errors import CommandError

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=40)  # seconds: longer than a server takes to give up
MAX_ATTEMPTS = 3
RETRY_INTERVAL = 0.2  # seconds before the second attempt; twice that before the third


class GraphQLClientError(CommandError):
    """The endpoint cannot be reached, gives no GraphQL response, or one with errors."""


class RateLimited(Exception):
    """The server limits the rate of requests and says for how many seconds to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class GraphQLClient:
    """Sends operations to one endpoint; url may be the address of the server alone, with a slash at its end."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = _endpoint(url)
        self._place = str(self._url.with_user(None).with_query(None))  # without a password, and what else may be secret

    async def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """Execute an operation and return its data. Raises GraphQLClientError.

        After a network failure it is repeated, up to MAX_ATTEMPTS in all, and after RATE_LIMITED as often as the server asks:
        make it idempotent.
        """
        while True:
            try:
                return await self._with_retries(query, variables, token)
            except RateLimited as error:
                await asyncio.sleep(error.seconds)

    async def _with_retries(self, query: str, variables: dict[str, Any] | None, token: str | None) -> dict[str, Any]:
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                return await self._post(query, variables, token)
            except (aiohttp.ClientError, TimeoutError) as error:
                if attempt == MAX_ATTEMPTS:
                    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
                    raise GraphQLClientError(
                        f"{self._place} does not answer: {reason}; see that it is served"
                    ) from error
                await asyncio.sleep(RETRY_INTERVAL * attempt)
        raise AssertionError("unreachable")

    async def _post(self, query: str, variables: dict[str, Any] | None, token: str | None) -> dict[str, Any]:
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
        body = {"query": query, "variables": variables or {}}
        async with self._session.post(self._url, json=body, headers=headers, timeout=REQUEST_TIMEOUT) as response:
            if response.content_type not in ("application/json", "application/graphql-response+json"):
                raise GraphQLClientError(
                    f"{self._place} answers {response.status} {response.content_type}, which is not GraphQL"
                )
            answer: dict[str, Any] = await response.json()
        for error in answer.get("errors", ()):
            if (error.get("extensions") or {}).get("code") == "RATE_LIMITED":
                raise RateLimited(error["extensions"]["retryAfter"])
        if answer.get("errors"):
            raise GraphQLClientError("; ".join(str(error.get("message")) for error in answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data


def _endpoint(url: str) -> URL:
    """The address of a server or an endpoint. What is malformed is not quoted: any part of it may be a password."""
    try:
        address = URL(url)
    except ValueError:
        address = URL()
    if address.scheme not in ("http", "https") or not address.host or not address.port:
        raise GraphQLClientError("--url is no address; give one such as https://vote.example.cn/graphql")
    return address / "graphql" if address.path.endswith("/") else address
