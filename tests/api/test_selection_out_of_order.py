"""Is every act out of order, twice, stale, at once, too late or without the role refused by its code, and nothing half done?"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.leak_campaigns import path_of, seeded
from tests.leak_panels import ANNOUNCED, BALLOT, CONFIRMED, DEADLINE, JUROR, RIVAL, SLUG, UNTIL, Panel, Secrets, prepare
from tests.leak_worlds import LIMITS, World
from tests.servers import Json

PROJECT, TEXT = f'project: "project/{SLUG}/4"', '{zh: "理由", en: "A reason"}'
FINALIST, WINNER = (f'campaign: "{SLUG}", stage: "{stage}"' for stage in ("FINALIST", "WINNER"))
STALE = f'digest: "{"0" * 64}"'
SCORED = 'input: {scores: [{criterion: "INNOVATION", score: "40"}]}'
ACTS: Mapping[str, tuple[str, str, str]] = {  # who does it, the mutation, and what is sent
    "invite": ("organizer", "inviteExperts", f'campaign: "{SLUG}", invitations: [{{name: "Hu"}}]'),
    "accept": ("wang", "acceptInvitation", 'code: "not-a-code"'),
    "assign": (
        "organizer",
        "assignReviews",
        f'campaign: "{SLUG}", input: {{perProject: 1, mostPerExpert: 9, seed: "s"}}',
    ),
    "conflict": ("organizer", "declareConflict", f'expert: "expert/{SLUG}/2", {PROJECT}, reason: "x"'),
    "drop": ("organizer", "dropExpert", f'expert: "expert/{SLUG}/2", reason: {TEXT}'),
    "extend": (
        "organizer",
        "extendPanel",
        f'campaign: "{SLUG}", closesAt: "2017-04-05T20:00:00+08:00", reason: {TEXT}',
    ),
    "save": (JUROR, "saveReview", f"{PROJECT}, {SCORED}"),
    "submit": (JUROR, "submitReview", PROJECT),
    "abstain": (JUROR, "abstainFromReview", f'{PROJECT}, reason: "x"'),
    "recuse": (JUROR, "recuseFromReview", f'{PROJECT}, reason: "x"'),
    "plan": ("organizer", "planSelection", FINALIST),
    "commit": ("organizer", "commitSelection", f"{FINALIST}, {STALE}"),
    "announce": ("organizer", "announceSelection", f'{FINALIST}, objectionsUntil: "{UNTIL}"'),
    "announce for no time": (
        "organizer",
        "announceSelection",
        f'{FINALIST}, objectionsUntil: "2017-03-01T00:00:00+08:00"',
    ),
    "announce for ever": (
        "organizer",
        "announceSelection",
        f'{FINALIST}, objectionsUntil: "9999-12-31T23:59:59Z"',
    ),
    "object": ("organizer", "recordObjection", f'{FINALIST}, input: {{by: "Mr Li", text: "No"}}'),
    "answer": ("organizer", "answerObjection", f'objection: "objection/{SLUG}/FINALIST/1", answer: {TEXT}'),
    "confirm": ("organizer", "confirmSelection", FINALIST),
    "correct": ("organizer", "correctSelection", f"{FINALIST}, {STALE}, reason: {TEXT}"),
    "vote": (JUROR, "castExpertBallot", f'{WINNER}, projects: ["project/{SLUG}/4"]'),
    "plan the last": ("organizer", "planSelection", WINNER),
    "commit the last": ("organizer", "commitSelection", f"{WINNER}, {STALE}"),
    "announce the last": ("organizer", "announceSelection", f'{WINNER}, objectionsUntil: "2017-04-20T00:00:00+08:00"'),
    "confirm the last": ("organizer", "confirmSelection", WINNER),
}
NOT_RECORDED = ("ACCESS_DENIED", "INVITATION_REFUSED", "BALLOT_REFUSED")  # what the trail says of refusals


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    settings = SETTINGS | {f"PINGXUAN_LIMIT_{name}": value for name, value in LIMITS.items()}
    with running(at="2017-03-21T12:00:00+08:00", settings=settings) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture(scope="module")
def file(sandbox: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(prepare(tmp_path_factory.mktemp("panels"), seeded(sandbox), sandbox.voters["chen"].id))


@pytest.fixture
async def panel(sandbox: SandboxServer, file: Path) -> AsyncIterator[Panel]:
    async with aiohttp.ClientSession() as http:
        tokens: dict[str, str | None] = {name: voter.token for name, voter in sandbox.voters.items()}
        guests = {name: sandbox.sign_in(name).token for name in (JUROR, RIVAL)}
        world = World(sandbox, http, {**tokens, **guests, "nobody": None})
        world.restart(file)
        yield Panel(world, Secrets())


def stored(panel: Panel) -> list[str]:
    """All that the database holds but what is said of refusals, and the log, which is sealed meanwhile."""
    unlike = (*NOT_RECORDED, "rate_limit", "sqlite_sequence", '"logs"', '"log_')
    with sqlite3.connect(path_of(panel.world.sandbox)) as database:
        return [line for line in database.iterdump() if not any(word in line for word in unlike)]


async def told(panel: Panel, role: str, mutation: str, given: str) -> list[str]:
    """The codes of the problems of an act, or of its errors."""
    document = f"mutation {{ {mutation}({given}) {{ problems {{ code path message(language: ZH) }} }} }}"
    answer = await panel.world.send(role, document, {})
    body: Json = json.loads(answer[answer.index(b"\n{") :])
    errors = [error["extensions"]["code"] for error in body.get("errors", ())]
    return errors or [problem["code"] for problem in body["data"][mutation]["problems"]]


async def begun(panel: Panel) -> None:
    panel.world.show("2017-03-23 09:00")


# By moment what is refused, and why. The plan writes nothing; what is not named here is in order.
OVER = dict.fromkeys(("invite", "assign", "conflict", "extend", "save", "abstain", "recuse"), "TOO_LATE") | {
    "accept": "INVALID_INVITATION",
    "submit": "TOO_LATE NO_CHANGE",
}
UNDECIDED = dict.fromkeys(
    ("plan", "commit", "announce", "announce for no time", "object", "answer", "confirm", "correct"), "WRONG_PHASE"
)
LAST = ("plan the last", "commit the last", "announce the last")
VOTING = UNDECIDED | dict.fromkeys((*LAST, "confirm the last"), "WRONG_PHASE")
UNANNOUNCED = dict.fromkeys(("object", "confirm", "correct"), "WRONG_STATE") | {
    "commit": "STALE_PLAN",
    "answer": "INVALID_INPUT",
    "vote": "EARLIER_STAGE",
    "confirm the last": "WRONG_STATE",
    **dict.fromkeys(LAST, "EARLIER_STAGE TOO_EARLY"),
}
PUBLIC = dict.fromkeys(("commit", "announce", "announce for no time", "confirm the last"), "WRONG_STATE") | {
    "answer": "NO_CHANGE",
    "correct": "STALE_PLAN",
}
CONFIRMED_ONCE = PUBLIC | {"object": "TOO_LATE", "confirm": "NO_CHANGE"}
REFUSED: Mapping[str, Mapping[str, str]] = {
    "begun": VOTING
    | dict.fromkeys(("save", "submit", "abstain", "recuse", "vote"), "FORBIDDEN")
    | dict.fromkeys(("conflict", "drop"), "NOT_FOUND")
    | {"accept": "INVALID_INVITATION"},
    "scoring": VOTING | {"accept": "INVALID_INVITATION", "submit": "NO_CHANGE", "vote": "EARLIER_STAGE"},
    "scored": OVER | UNANNOUNCED | dict.fromkeys(("announce", "announce for no time"), "WRONG_STATE"),
    "committed": OVER | UNANNOUNCED | dict.fromkeys(("announce for no time", "announce for ever"), "INVALID_INPUT"),
    "announced": OVER | PUBLIC | {"confirm": "TOO_EARLY", "vote": "TOO_EARLY", **dict.fromkeys(LAST, "TOO_EARLY")},
    "balloting": OVER | CONFIRMED_ONCE | dict.fromkeys(LAST, "TOO_EARLY"),
    "balloted": OVER
    | CONFIRMED_ONCE
    | {"vote": "TOO_LATE", "commit the last": "STALE_PLAN", "announce the last": "WRONG_STATE"},
    "won": OVER
    | CONFIRMED_ONCE
    | {"vote": "TOO_LATE", "commit the last": "STALE_PLAN"}
    | dict.fromkeys(("plan", "commit", "announce", "announce for no time", "correct"), "LATER_STAGE"),
}


@pytest.mark.parametrize("moment", REFUSED)
async def test_an_act_out_of_order_is_refused_by_its_code_and_changes_nothing(panel: Panel, moment: str) -> None:
    await (begun(panel) if moment == "begun" else getattr(panel, moment)())
    before = stored(panel)
    found = {name: " ".join(await told(panel, *ACTS[name])) for name in REFUSED[moment]}
    assert found == REFUSED[moment]
    if moment not in {"begun", "scoring"}:
        plan = "plan the last" if moment == "won" else "plan"
        assert await told(panel, *ACTS[plan]) == []
    assert stored(panel) == before


async def test_an_act_without_the_role_is_refused_and_changes_nothing(panel: Panel) -> None:
    await panel.balloting()
    before = stored(panel)
    for name, (doer, *act) in ACTS.items():
        others = {"nobody", "wang", "chen", "auditor", JUROR if doer == "organizer" else "organizer"}
        codes = {role: await told(panel, role, *act) for role in others} if name != "accept" else {}
        assert codes == (
            {role: ["FORBIDDEN"] for role in codes} | ({"nobody": ["UNAUTHENTICATED"]} if codes else {})
        ), name
    assert stored(panel) == before


async def test_an_act_on_an_old_revision_is_refused_and_changes_nothing(panel: Panel) -> None:
    await panel.scoring()
    for name in ("save", "submit"):
        doer, mutation, given = ACTS[name]
        before = stored(panel)
        assert "STALE_REVISION" in await told(panel, doer, mutation, f"{given}, expectedRevision: 1")
        assert stored(panel) == before
    panel.world.show(DEADLINE)
    digest = await planned(panel, FINALIST)
    await refused_as_stale(panel, "commitSelection", f"{FINALIST}, digest: {digest}")
    await panel.do("organizer", "commitSelection", f"{FINALIST}, digest: {digest}", "selection { digest }")
    panel.world.show(ANNOUNCED)
    await refused_as_stale(panel, "announceSelection", f'{FINALIST}, objectionsUntil: "{UNTIL}"')
    await panel.do("organizer", "announceSelection", f'{FINALIST}, objectionsUntil: "{UNTIL}"', "selection { digest }")
    panel.world.show(CONFIRMED)
    await refused_as_stale(panel, "confirmSelection", FINALIST)


async def refused_as_stale(panel: Panel, mutation: str, given: str) -> None:
    before = stored(panel)
    assert await told(panel, "organizer", mutation, f"{given}, expectedRevision: 0") == ["STALE_REVISION"]
    assert stored(panel) == before


async def planned(panel: Panel, about: str) -> str:
    """The digest of a plan, as it is written in a document."""
    plan = await panel.do("organizer", "planSelection", about, "plan { digest }")
    return json.dumps(plan["plan"]["digest"])


async def test_of_four_who_do_the_same_at_once_one_has_done_it(panel: Panel) -> None:
    await panel.scored()
    digest = await planned(panel, FINALIST)
    await one_of_four(panel, "organizer", "commitSelection", f"{FINALIST}, digest: {digest}, expectedRevision: 1")
    assert sum(line.startswith('INSERT INTO "selections"') for line in stored(panel)) == 1
    panel.world.show(ANNOUNCED)
    await one_of_four(panel, "organizer", "announceSelection", f'{FINALIST}, objectionsUntil: "{UNTIL}"')
    await panel.do(
        "organizer", "recordObjection", f'{FINALIST}, input: {{by: "A", text: "No"}}', "selection { digest }"
    )
    await one_of_four(panel, "organizer", *ACTS["answer"][1:])
    panel.world.show(CONFIRMED)
    await one_of_four(panel, "organizer", "confirmSelection", FINALIST)
    panel.world.show(BALLOT)
    doer, mutation, given = ACTS["vote"]
    await one_of_four(panel, doer, mutation, f"{given}, expectedRevision: 0")


async def one_of_four(panel: Panel, role: str, mutation: str, given: str) -> None:
    codes = await asyncio.gather(*(told(panel, role, mutation, given) for _ in range(4)))
    assert codes.count([]) == 1, codes
    assert all(len(each) == 1 and each != ["INTERNAL"] for each in codes if each), codes


async def test_a_ballot_for_a_project_that_is_out_since_counts_for_the_others(panel: Panel) -> None:
    await panel.balloted()
    reason = f"reason: {TEXT}, replacement: REFILL"
    await panel.do("organizer", "disqualifyProject", f'project: "project/{SLUG}/5", {reason}', "project { id }")
    digest = await planned(panel, FINALIST)
    about = f"{FINALIST}, digest: {digest}, reason: {TEXT}"
    await panel.do("organizer", "correctSelection", about, "selection { digest }")
    plan = await panel.do("organizer", "planSelection", WINNER, "plan { rows { project { number } score selected } }")
    rows = {row["project"]["number"]: (row["score"], row["selected"]) for row in plan["plan"]["rows"]}
    assert rows == {6: ("1", True), 4: ("0", False), 3: ("0", False)}
