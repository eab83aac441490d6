"""Does the client that ariadne-codegen makes of the schema walk the way of a vote? ariadne_journey.py URL."""

import asyncio
import json
import sys
import time
from typing import TypeVar

from generated.pingxuan_client import CastBallotInput, Client, Credential, GuestCredential
from generated.pingxuan_client.cast import CastCastBallotViolationsTooFewChoices
from generated.pingxuan_client.exceptions import GraphQLClientGraphQLMultiError

T = TypeVar("T")


def answered(field: T | None) -> T:
    """A field that is null only where it is refused, which the client has raised by then."""
    assert field is not None
    return field


async def journey(url: str) -> dict[str, object]:
    nobody = Client(url=url)
    candidates = answered((await nobody.candidates(first=12)).projects)
    page = answered((await nobody.candidates(first=3, after=candidates.page_info.end_cursor)).projects)
    ballot = CastBallotInput(project_ids=[project.id for project in candidates.nodes])
    try:
        await nobody.cast(input=ballot)
    except GraphQLClientGraphQLMultiError as refusal:
        stranger = [(error.extensions or {})["code"] for error in refusal.errors]
    credential = Credential(guest=GuestCredential(name=f"ariadne {time.time_ns()}"))
    session = answered((await nobody.sign_in(credential)).sign_in)
    sent = {"Authorization": f"Bearer {session.token}"}
    voter = Client(url=url, headers=sent, ws_url=url.replace("http", "ws"), ws_connection_init_payload=dict(sent))
    too_few = CastBallotInput(project_ids=ballot.project_ids[:2])
    refused = answered((await voter.cast(input=too_few)).cast_ballot).violations
    heard = []
    rankings = voter.ranking(first=1)
    heard.append((await anext(rankings)).results_changed.nodes[0].votes)
    cast = answered((await voter.cast(input=ballot)).cast_ballot).ballot
    heard.append((await anext(rankings)).results_changed.nodes[0].votes)
    assert cast is not None
    return {
        "total": candidates.total_count,
        "list": [project.number for project in candidates.nodes],
        "page": [project.number for project in page.nodes],
        "stranger": stranger,
        "refused": [
            [violation.code.value, violation.chosen]
            for violation in refused
            if isinstance(violation, CastCastBallotViolationsTooFewChoices)
        ],
        "day": cast.day.isoformat(),
        "heard": heard,
    }


print(json.dumps(asyncio.run(journey(sys.argv[1]))))
