"""Does every step of the page about the experts' panel work as it stands, in the order of the page?"""

from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.api.test_docs import blocks
from tests.conftest import SETTINGS
from tests.servers import ROOT, Client

CAMPAIGN = ROOT / "examples" / "selection" / "fifty-thirty-ten.toml"
STEPS = {block.split()[1].partition("(")[0]: block for block in blocks(ROOT / "docs" / "experts.md", "graphql")}


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with running([CAMPAIGN], at="2017-03-25T08:00:00+08:00", settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


async def test_a_panel_is_invited_reviews_and_is_counted(sandbox: SandboxServer) -> None:
    async with aiohttp.ClientSession() as http:
        api, organizer = Client(http, sandbox), sandbox.voters["organizer"].token

        async def step(name: str, token: str | None, **variables: Any) -> Any:
            [payload] = (await api.data(STEPS[name], variables, token)).values()
            assert payload.get("problems", []) == [], payload
            return payload

        invited = (await step("Invite", organizer))["invitations"]
        assert [[each["number"] for each in made["conflicts"]] for made in invited] == [[3], []]
        tokens = [await api.sign_in(), await api.sign_in()]
        for token, made in zip(tokens, invited, strict=True):
            assert (await step("Accept", token, code=made["code"]))["expert"]["id"] == made["expert"]["id"]
        assigned = (await step("Assign", organizer))["assignments"]
        assert sorted(len(each["projects"]) for each in assigned) == [25, 25]
        mine = (await step("Own", tokens[0]))["reviews"]
        assert len(mine) == 26, "those that are assigned, and the conflict"
        first = next(review for review in mine if review["state"] == "NOT_BEGUN")
        sandbox.clock.set("2017-03-25T09:00:00+08:00")
        about = first["project"]["id"]
        saved = (await step("Save", tokens[0], project=about, revision=first["revision"]))["review"]
        assert saved == {"state": "DRAFT", "revision": 1, "total": "82.5"}
        assert (await step("Submit", tokens[0], project=about))["review"]["state"] == "SUBMITTED"
        panel = (await step("Progress", organizer))["panel"]
        assert [each["submitted"] for each in panel["progress"]["byExpert"]] == [1, 0]
        assert (panel["scores"], panel["agreement"]) == (None, None)
        sandbox.clock.set("2017-04-05T18:00:00+08:00")
        [scored] = (await step("Progress", organizer))["panel"]["scores"]
        assert scored["score"] == "82.5"
        dropped = (await step("Drop", organizer, expert=invited[0]["expert"]["id"]))["expert"]
        assert dropped == {"state": "DROPPED", "droppedReason": "Fell ill"}
        assert (await step("Progress", organizer))["panel"]["effectiveQuorum"] == 2
