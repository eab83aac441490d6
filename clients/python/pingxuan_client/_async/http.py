"""How is an operation asked over HTTP, and asked again when that may help?"""

import json
from asyncio import sleep
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from pingxuan_client.answers import Answer, plain, read_answer
from pingxuan_client.errors import Refused, Unreachable, wait_for


class AsyncClosing(Protocol):
    """What is closed with its client."""

    async def aclose(self) -> None: ...


class AsyncHttp:
    """One server, asked as whoever `token` belongs to, in `language`."""

    def __init__(
        self,
        url: str,
        token: str | None,
        language: str | None,
        timeout: float,
        attempts: int,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.url = url
        self.token = token
        self.language = language
        self.attempts = attempts
        self.live_now: set[AsyncClosing] = set()
        self._http = httpx.AsyncClient(timeout=timeout, transport=transport)

    def headers(self) -> dict[str, str]:
        """What each request and each connection says of the caller."""
        signed_in = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return signed_in | ({"Accept-Language": self.language} if self.language else {})

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        repeatable: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """What was answered last, whether or not there are errors. Repeatable: the same may be sent again."""
        body = json.dumps({"query": query, "variables": plain(variables or {})})
        failures = 0
        while True:
            answer: Answer | None = None
            try:
                answer = await self._once(body, headers or self.headers())
                if not answer.errors:
                    return answer
                failure: Refused | Unreachable = Refused(answer.errors)
            except Unreachable as unreachable:
                failure = unreachable
            failures += 1
            wait = wait_for(failure, failures - 1) if repeatable and failures < self.attempts else None
            if wait is not None:
                await sleep(wait)
            elif answer is not None:
                return answer
            else:
                raise failure

    async def execute(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data of a query; raises Refused where any part was."""
        return (await self.ask(query, variables)).whole()

    async def _once(self, body: str, caller: Mapping[str, str]) -> Answer:
        headers = {
            **caller,
            "Content-Type": "application/json",
            "Accept": "application/graphql-response+json, application/json",
        }
        try:
            response = await self._http.post(self.url, content=body, headers=headers)
        except httpx.TransportError as error:
            raise Unreachable(f"{self.url} cannot be reached: {error}") from error
        return read_answer(response.text, response.status_code)

    async def aclose(self) -> None:
        """Close the connections, those of what is live too."""
        for live in list(self.live_now):
            await live.aclose()
        await self._http.aclose()
