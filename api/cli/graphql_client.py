"""Calling a GraphQL endpoint over HTTP, as any client would."""

import asyncio
from typing import Any

import aiohttp
from yarl import URL

from api.cli.errors import CommandError

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30)
MAX_TRIES = 3
RETRY_INTERVAL = 0.2  # seconds before the second try; the third waits twice as long


class GraphQLClientError(CommandError):
    """An endpoint that cannot be reached, or answers what no GraphQL server should."""


class RateLimited(Exception):
    """The server has had enough for now, and says for how many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class GraphQLClient:
    """One endpoint, over connections that are kept open."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        given = URL(url)
        self._url = given / "graphql" if given.path == "/" else given  # a server's address alone is enough

    async def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The data of an operation, tried up to three times: make it safe to repeat. Raises CallerError.

        Where the server says to come again later, it does, and waits as long as it is told.
        """
        while True:
            try:
                return await self._try(query, variables, token)
            except RateLimited as told:
                await asyncio.sleep(told.seconds)

    async def _try(self, query: str, variables: dict[str, Any] | None, token: str | None) -> dict[str, Any]:
        for attempt in range(1, MAX_TRIES + 1):
            try:
                return await self._ask(query, variables, token)
            except (aiohttp.ClientError, TimeoutError) as error:
                if attempt == MAX_TRIES:
                    raise GraphQLClientError(f"{self._url} does not answer: {error or type(error).__name__}") from error
                await asyncio.sleep(RETRY_INTERVAL * attempt)
        raise AssertionError("unreachable")

    async def _ask(self, query: str, variables: dict[str, Any] | None, token: str | None) -> dict[str, Any]:
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
        body = {"query": query, "variables": variables or {}}
        async with self._session.post(self._url, json=body, headers=headers, timeout=REQUEST_TIMEOUT) as response:
            if response.content_type not in ("application/json", "application/graphql-response+json"):
                raise GraphQLClientError(
                    f"{self._url} answers {response.status} {response.content_type}, which is not GraphQL"
                )
            answer: dict[str, Any] = await response.json()
        for error in answer.get("errors", ()):
            if (error.get("extensions") or {}).get("code") == "RATE_LIMITED":
                raise RateLimited(error["extensions"]["retryAfter"])
        if answer.get("errors"):
            raise GraphQLClientError("; ".join(str(error.get("message")) for error in answer["errors"]))
        data: dict[str, Any] = answer["data"]
        return data
