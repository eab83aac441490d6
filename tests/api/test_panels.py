"""Does a panel go from its invitations to its scores, blind until the deadline, with every act out of place refused?"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.campaigns import at
from tests.conftest import SETTINGS
from tests.panels import (
    AFTERWARDS,
    INVITING,
    OWN_ORGANIZATION,
    REASON,
    REVIEWING,
    SLUG,
    Panelists,
    campaign_file,
    expert,
    problem_codes,
    project,
    scores,
)
from tests.servers import SEED, Client, Json, codes
from tests.sockets import talk

REFUSED = {"code": "INVALID_INVITATION", "path": ["code"]}
NODE = """query Node($id: ID!) { node(id: $id) { id ... on Review { state total comment }
  ... on Expert { name } } }"""
TRAIL = (
    "query Trail($slug: String) { trail(campaign: $slug, first: 100) { nodes { kind actor details { name value } } } }"
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """With the selection of 2017, which has no panel, and one with a panel."""
    folder: Path = tmp_path_factory.mktemp("panels")
    with running([SEED, campaign_file(folder)], at=at(INVITING).isoformat(), settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def panel(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Panelists:
    sandbox.reset()
    tokens = {name: voter.token or "" for name, voter in sandbox.voters.items()}
    return Panelists(Client(http, sandbox), sandbox, tokens["organizer"], tokens["auditor"])


def stored_bytes(sandbox: SandboxServer) -> bytes:
    """All that the database has in its file."""
    return Path(sandbox.database_url.removeprefix("sqlite://")).read_bytes()


async def trail(panel: Panelists) -> list[Json]:
    nodes: list[Json] = (await panel.api.data(TRAIL, {"slug": SLUG}, panel.organizer))["trail"]["nodes"]
    return nodes


async def test_an_invitation_is_accepted_once_by_whoever_has_its_code(panel: Panelists) -> None:
    tried = await panel.done(
        panel.organizer,
        "inviteExperts",
        campaign=SLUG,
        invitations=[{"name": "Lu", "organization": OWN_ORGANIZATION, "conflicts": [project(5)]}],
        dryRun=True,
    )
    assert [(each["code"], [p["number"] for p in each["conflicts"]]) for each in tried] == [(None, [2, 5])]
    first, second = await panel.invite("Lu", "Xu")
    assert [each["expert"]["number"] for each in (first, second)] == [1, 2], "the dry run has invited nobody"
    assert first["expiresAt"] == "2017-04-05T12:00:00+08:00"
    lu, xu = await panel.api.sign_in(), await panel.api.sign_in()
    accepted = await panel.done(lu, "acceptInvitation", code=f" {first['code'].upper().replace('-', ' ')}")
    assert (accepted["id"], accepted["name"], accepted["state"]) == (expert(1), "Lu", "ACCEPTED")
    roles = "{ viewer { grants { role campaign } roles } }"
    assert (await panel.api.data(roles, token=lu))["viewer"]["grants"] == [{"role": "EXPERT", "campaign": SLUG}]
    assert await panel.refused(lu, "acceptInvitation", code=second["code"]) == ["NO_CHANGE"]
    for token in (lu, xu):
        assert await panel.refused(token, "acceptInvitation", code=first["code"]) == ["INVALID_INVITATION"]
    assert (await panel.done(xu, "acceptInvitation", code=second["code"]))["number"] == 2
    assert first["code"].replace("-", "").encode() not in await asyncio.to_thread(stored_bytes, panel.sandbox)


async def test_what_is_wrong_with_an_invitation_is_not_told(panel: Panelists) -> None:
    used, dropped, expired = await panel.invite("used", "dropped", "expired", expiresAt="2017-03-25T13:00:00+08:00")
    await panel.done(await panel.api.sign_in(), "acceptInvitation", code=used["code"])
    await panel.done(panel.organizer, "dropExpert", expert=dropped["expert"]["id"], reason=REASON)
    panel.show("2017-03-25 13:00")
    guest = await panel.api.sign_in()
    wrong: list[Json] = [{"code": each["code"]} for each in (used, dropped, expired)]
    wrong += [{"code": text} for text in ("", "unknown", "评" * 500)]
    wrong += [{"campaign": slug} for slug in (SLUG, "shanghai-2017", "nowhere", "no slug")]
    answers = [await panel.act(guest, "acceptInvitation", **each) for each in wrong]
    assert all(answer == answers[0] for answer in answers)
    assert {key: answers[0]["problems"][0][key] for key in REFUSED} == REFUSED
    assert codes(await panel.ask(guest, "acceptInvitation")) == ["BAD_INPUT"]
    assert codes(await panel.ask(None, "acceptInvitation", code="x")) == ["UNAUTHENTICATED"]


async def test_an_invitation_to_a_draft_waits_until_it_is_presented(panel: Panelists) -> None:
    [made] = await panel.invite("Lu")
    guest = await panel.api.sign_in()
    set_state(panel, "DRAFT")
    assert await panel.refused(guest, "acceptInvitation", code=made["code"]) == ["TOO_EARLY"]
    assert await panel.refused(guest, "acceptInvitation", campaign=SLUG) == ["INVALID_INVITATION"]
    assert await panel.own(guest, None) == {}
    set_state(panel, "ARCHIVED")
    assert await panel.refused(guest, "acceptInvitation", code=made["code"]) == ["INVALID_INVITATION"]
    for name, arguments in ORGANIZERS:
        assert await panel.refused(panel.organizer, name, **arguments) == ["WRONG_PHASE"], name
    set_state(panel, "PRESENTED")
    assert (await panel.done(guest, "acceptInvitation", code=made["code"]))["state"] == "ACCEPTED"


def set_state(panel: Panelists, state: str) -> None:
    with sqlite3.connect(panel.sandbox.database_url.removeprefix("sqlite://")) as database:
        database.execute("update campaigns set state = ?, revision = revision + 1 where slug = ?", (state, SLUG))


async def test_guesses_at_codes_count_as_sign_ins(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    settings = SETTINGS | {"PINGXUAN_LIMIT_SIGN_INS": "5"}
    with running([campaign_file(tmp_path)], at=at(INVITING).isoformat(), settings=settings) as server:
        api = Client(http, server)
        token = server.voters["lin"].token
        guess = 'mutation { acceptInvitation(code: "guess") { problems { code } } }'
        answers = [await api.ask(guess, token=token) for _ in range(6)]
        assert [codes(answer) for answer in answers] == [[]] * 5 + [["RATE_LIMITED"]]


async def test_of_many_who_use_a_code_at_once_one_is_accepted(panel: Panelists) -> None:
    [made] = await panel.invite("Lu")
    tokens = [await panel.api.sign_in() for _ in range(5)]
    payloads = await asyncio.gather(*(panel.act(t, "acceptInvitation", code=made["code"]) for t in tokens))
    assert sorted(map(problem_codes, payloads)) == [[]] + [["INVALID_INVITATION"]] * 4


async def test_an_organizer_is_told_everything_that_is_wrong_with_invitations(panel: Panelists) -> None:
    wrong = [
        {"name": " ", "expiresAt": "2017-03-25T11:00:00+08:00"},
        {"name": "Lu", "organization": "\u0007", "conflicts": ["project/shanghai-2017/1", project(99)]},
        {"name": "Xu", "claim": {"claim": "employee", "value": ""}},
    ]
    payload = await panel.act(panel.organizer, "inviteExperts", campaign=SLUG, invitations=wrong)
    assert [problem["path"] for problem in payload["problems"]] == [
        ["invitations", "0", "name"],
        ["invitations", "0", "expiresAt"],
        ["invitations", "1", "organization"],
        ["invitations", "1", "conflicts"],
        ["invitations", "1", "conflicts"],
        ["invitations", "2", "claim"],
    ]
    one: Json = {"invitations": [{"name": "Lu"}]}
    for slug, code in (("shanghai-2017", "NO_PANEL"), ("nowhere", "NOT_FOUND"), ("no slug", "NOT_FOUND")):
        assert await panel.refused(panel.organizer, "inviteExperts", campaign=slug, **one) == [code]
    panel.show(AFTERWARDS)
    assert await panel.refused(panel.organizer, "inviteExperts", campaign=SLUG, **one) == ["TOO_LATE"]


async def test_without_an_assignment_everybody_reviews_everything_but_conflicts(panel: Panelists) -> None:
    await panel.join("Lu", organization=OWN_ORGANIZATION)
    lu = panel.experts[1]
    states = {number: review["state"] for number, review in (await panel.own(lu)).items()}
    assert states == {1: "NOT_BEGUN", 2: "RECUSED", 3: "NOT_BEGUN", 4: "NOT_BEGUN", 5: "NOT_BEGUN", 6: "NOT_BEGUN"}
    await panel.done(panel.organizer, "declareConflict", expert=expert(1), project=project(3), reason="His brother's")
    await panel.done(lu, "recuseFromReview", project=project(4), reason="I advised them")
    withdrawal = """mutation($project: ID!, $reason: TextInput!) {
      withdrawProject(project: $project, reason: $reason, replacement: REFILL) { problems { code } } }"""
    await panel.api.data(withdrawal, {"project": project(6), "reason": REASON}, panel.organizer)
    own = await panel.own(lu)
    assert {number: review["state"] for number, review in own.items()} == {
        1: "NOT_BEGUN",
        2: "RECUSED",
        3: "RECUSED",
        4: "RECUSED",
        5: "NOT_BEGUN",
    }
    assert {number: (own[number]["reason"], own[number]["byOrganizer"]) for number in (2, 3, 4)} == {
        2: (None, True),
        3: ("His brother's", True),
        4: ("I advised them", False),
    }
    panel.show(REVIEWING)
    for number, code in ((2, "WRONG_STATE"), (3, "WRONG_STATE"), (4, "WRONG_STATE"), (6, "NOT_STANDING")):
        refused = await panel.refused(lu, "saveReview", project=project(number), input={"scores": []})
        assert refused == [code], number
    assert await panel.own(lu, None) == own


async def test_a_review_goes_from_draft_to_submitted_and_is_revised_with_its_history(panel: Panelists) -> None:
    await panel.join("Lu")
    lu, one = panel.experts[1], project(1)
    panel.show(REVIEWING)
    draft = await panel.done(
        lu, "saveReview", project=one, input={"scores": scores("80"), "comment": " Fine\nwork "}, expectedRevision=0
    )
    assert (draft["state"], draft["revision"], draft["total"], draft["comment"]) == ("DRAFT", 1, None, "Fine\nwork")
    again = await panel.done(lu, "saveReview", project=one, input={"scores": scores("80.0"), "comment": "Fine\nwork"})
    assert again["revision"] == 1, "nothing has changed"
    assert await panel.refused(lu, "submitReview", project=one) == ["INVALID_INPUT", "INVALID_INPUT"]
    stale = await panel.act(lu, "saveReview", project=one, input={"scores": []}, expectedRevision=0)
    assert [(p["code"], p["expected"], p["present"]) for p in stale["problems"]] == [("STALE_REVISION", 0, 1)]
    wrong = [*scores("82", "101"), {"criterion": "CRAFT", "score": "80"}, {"criterion": "OTHER", "score": "1"}]
    refused = await panel.act(lu, "saveReview", project=one, input={"scores": wrong}, expectedRevision=7)
    assert [(problem["code"], problem["path"]) for problem in refused["problems"]] == [
        ("INVALID_INPUT", ["input", "scores", "0", "score"]),
        ("INVALID_INPUT", ["input", "scores", "1", "score"]),
        ("INVALID_INPUT", ["input", "scores", "2", "criterion"]),
        ("INVALID_INPUT", ["input", "scores", "3", "criterion"]),
        ("STALE_REVISION", ["expectedRevision"]),
    ]
    await panel.done(lu, "saveReview", project=one, input={"scores": scores("80", "71", "1.5")})
    submitted = await panel.done(lu, "submitReview", project=one, expectedRevision=2)
    assert (submitted["state"], submitted["total"], submitted["revision"]) == ("SUBMITTED", "76.4", 3)
    assert await panel.refused(lu, "submitReview", project=one) == ["NO_CHANGE"]
    incomplete = await panel.refused(lu, "saveReview", project=one, input={"scores": scores("90", "71")})
    assert incomplete == ["INVALID_INPUT"], "what counts stays complete"
    revised = await panel.done(lu, "saveReview", project=one, input={"scores": scores("90", "71", "1.5")})
    assert (revised["state"], revised["total"]) == ("SUBMITTED", "82.4")
    abstained = await panel.done(lu, "abstainFromReview", project=one, reason="Too close to call")
    assert (abstained["state"], abstained["total"], abstained["scores"]) == ("ABSTAINED", None, [])
    assert await panel.refused(lu, "abstainFromReview", project=one, reason="again") == ["NO_CHANGE"]
    taken_up = await panel.done(lu, "saveReview", project=one, input={"scores": scores("85")})
    history = [(each["revision"], each["state"], len(each["scores"])) for each in taken_up["history"]]
    assert history == [
        *[(1, "DRAFT", 1), (2, "DRAFT", 3), (3, "SUBMITTED", 3), (4, "SUBMITTED", 3)],
        *[(5, "ABSTAINED", 0), (6, "DRAFT", 1)],
    ]
    kinds = [entry["kind"] for entry in await trail(panel)]
    assert kinds[:3] == ["REVIEW_ABSTAINED", "REVIEW_REVISED", "REVIEW_SUBMITTED"], (
        "drafts are in their own history alone"
    )


async def test_reviews_are_saved_between_the_opening_and_the_deadline_alone(panel: Panelists) -> None:
    await panel.join("Lu")
    lu, draft = panel.experts[1], {"project": project(1), "input": {"scores": scores("80", "70", "1")}}
    for when, code in (("2017-03-25 11:59:59", "TOO_EARLY"), (AFTERWARDS, "TOO_LATE")):
        panel.show(when)
        assert await panel.refused(lu, "saveReview", **draft) == [code]
        assert code in await panel.refused(lu, "submitReview", project=project(1))
        assert await panel.refused(lu, "abstainFromReview", project=project(1), reason="x") == [code]
    for name, arguments in {
        "recuseFromReview": {"project": project(1), "reason": "x"},
        "declareConflict": {"expert": expert(1), "project": project(1), "reason": "x"},
        "assignReviews": {"campaign": SLUG, "input": {"perProject": 1, "mostPerExpert": 9, "seed": "s"}},
        "extendPanel": {"campaign": SLUG, "closesAt": "2017-04-09T12:00:00+08:00", "reason": REASON},
    }.items():
        by = lu if name == "recuseFromReview" else panel.organizer
        assert await panel.refused(by, name, **arguments) == ["TOO_LATE"], name
    [late] = (await panel.act(lu, "saveReview", **draft))["problems"]
    assert late["message"] == "The experts' deadline was 2017-04-05 12:00 (Asia/Shanghai); nothing changes any more."
    panel.show("2017-03-25 12:00")
    await panel.done(lu, "saveReview", **draft)
    assert await panel.refused(
        panel.organizer, "extendPanel", campaign=SLUG, closesAt="2017-04-05T12:00:00+08:00", reason=REASON
    ) == ["INVALID_INPUT"]
    extended = await panel.done(
        panel.organizer, "extendPanel", campaign=SLUG, closesAt="2017-04-06T12:00:00+08:00", reason=REASON
    )
    assert extended["panel"]["closesAt"] == "2017-04-06T12:00:00+08:00"
    panel.show(AFTERWARDS)
    await panel.done(lu, "submitReview", project=project(1))


async def test_reviews_are_assigned_evenly_again_and_again_and_what_was_begun_stays(panel: Panelists) -> None:
    await panel.join("Lu", organization=OWN_ORGANIZATION)
    await panel.join("Xu", "Wu", "Gu")
    wish = {"perProject": 2, "mostPerExpert": 3, "seed": "any"}
    tried = await panel.done(panel.organizer, "assignReviews", campaign=SLUG, input={**wish, "dryRun": True})
    assert len(await panel.own(panel.experts[2])) == 6, "a dry run assigns nothing"
    done = await panel.done(panel.organizer, "assignReviews", campaign=SLUG, input=wish)
    assert done == tried
    assert [len(each["projects"]) for each in done] == [3, 3, 3, 3]
    assert 2 not in [each["number"] for each in done[0]["projects"]], "it is of her own organization"
    own = await panel.own(panel.experts[2])
    assert {n for n, review in own.items() if review["assigned"]} == {each["number"] for each in done[1]["projects"]}
    panel.show(REVIEWING)
    begun, other = min(own), min({*range(1, 7)} - own.keys())
    await panel.submit(2, begun, "80", "70", "1")
    refused = await panel.refused(panel.experts[2], "saveReview", project=project(other), input={"scores": []})
    assert refused == ["NOT_ASSIGNED"]
    anew = await panel.done(panel.organizer, "assignReviews", campaign=SLUG, input={**wish, "seed": "another"})
    assert begun in [each["number"] for each in anew[1]["projects"]]
    assert (await panel.own(panel.experts[2]))[begun]["state"] == "SUBMITTED"
    too_few = await panel.refused(panel.organizer, "assignReviews", campaign=SLUG, input={**wish, "mostPerExpert": 2})
    assert set(too_few) == {"TOO_FEW_EXPERTS"}
    wrong = {"perProject": 0, "mostPerExpert": -1, "seed": ""}
    assert await panel.refused(panel.organizer, "assignReviews", campaign=SLUG, input=wrong) == ["INVALID_INPUT"] * 3


async def scored(panel: Panelists) -> None:
    """Three experts review two projects; the third abstains from one, has a draft of another, and the fourth is dropped."""
    await panel.join("Lu", "Xu", "Wu", "Gu")
    panel.show(REVIEWING)
    for number, craft in ((1, "60"), (2, "80"), (3, "100"), (4, "0")):
        await panel.submit(number, 1, craft, "50", "1")
    for number, craft in ((1, "50"), (2, "90")):
        await panel.submit(number, 2, craft, "50", "1")
    await panel.done(panel.experts[3], "abstainFromReview", project=project(2), reason="cannot say")
    draft = {"scores": scores("75"), "comment": "draft words"}
    await panel.done(panel.experts[3], "saveReview", project=project(3), input=draft)


async def test_until_the_deadline_staff_see_states_and_nothing_else(panel: Panelists) -> None:
    await scored(panel)
    for token in (panel.organizer, panel.auditor):
        seen, refused = await panel.panel(token)
        assert refused == []
        assert (seen["scores"], seen["agreement"], seen["reviews"], seen["effectiveQuorum"]) == (None, None, None, 3)
        assert [each["name"] for each in seen["experts"]] == ["Lu", "Xu", "Wu", "Gu"]
        assert {each["state"]: each["count"] for each in seen["progress"]["reviews"]} == {
            "NOT_BEGUN": 16,
            "DRAFT": 1,
            "SUBMITTED": 6,
            "ABSTAINED": 1,
            "RECUSED": 0,
            "VOIDED": 0,
        }
        assert [each["number"] for each in seen["progress"]["behind"]] == [1, 2, 3, 4]
        by_project = [tuple(each.values())[1:] for each in seen["progress"]["byProject"]]
        assert by_project == [(4, 4, 0, 0), (4, 2, 1, 1), *[(4, 0, 0, 3)] * 4], (
            "assigned, submitted, abstained, missing"
        )
        assert await node(panel, token, f"review/{SLUG}/1/1") is None
        assert await node(panel, token, expert(1)) == {"id": expert(1), "name": "Lu"}
    told = str(await trail(panel))
    assert not [word for word in ("draft words", "cannot say", "'60'", "Lu") if word in told]
    panel.show(AFTERWARDS)
    for token in (panel.organizer, panel.auditor):
        seen, refused = await panel.panel(token)
        assert refused == []
        assert [(each["project"]["number"], each["reviews"], each["score"]) for each in seen["scores"]] == [
            (1, 4, "56"),
            (2, 2, "62"),
        ]
        assert seen["scores"][1] | {"project": None} == {
            "project": None,
            "reviews": 2,
            "score": "62",
            "mean": "62",
            "median": "62",
            "deviation": "12",
            "minimum": "50",
            "maximum": "74",
            "disagreement": "24",
        }
        assert seen["agreement"]["krippendorffsAlpha"] is not None
        assert len(seen["reviews"]) == 8
        assert (await node(panel, token, f"review/{SLUG}/3/3"))["comment"] == "draft words"


async def node(panel: Panelists, token: str | None, name: str) -> Json | None:
    found: Json | None = (await panel.api.data(NODE, {"id": name}, token))["node"]
    return found


async def test_everybody_else_sees_their_own_alone_also_after_the_deadline(panel: Panelists) -> None:
    await scored(panel)
    elsewhere = await panel.api.sign_in("elsewhere")
    for when in (REVIEWING, AFTERWARDS):
        panel.show(when)
        for token in (None, elsewhere, panel.experts[1], panel.sandbox.voters["expert"].token):
            seen, refused = await panel.panel(token)
            expected = "UNAUTHENTICATED" if token is None else "FORBIDDEN"
            assert refused == [expected, expected], "progress and reviews"
            assert (seen["scores"], seen["agreement"], seen["progress"], seen["reviews"]) == (None,) * 4
            assert [each["name"] for each in seen["experts"]] == ["Lu", "Xu", "Wu", "Gu"], "it is published"
            assert await node(panel, token, f"review/{SLUG}/2/1") is None
            assert await node(panel, token, f"review/{SLUG}/9/1") is None
        lu = panel.experts[1]
        assert (await node(panel, lu, f"review/{SLUG}/1/1") or {})["total"] == "56"
        own = await panel.own(lu)
        assert {number for number, review in own.items() if review["state"] == "SUBMITTED"} == {1, 2}
        assert await panel.own(elsewhere) == {}


async def test_once_a_stage_that_uses_them_is_announced_everybody_sees_scores_without_names(panel: Panelists) -> None:
    await scored(panel)
    panel.show(AFTERWARDS)
    announce(panel, "FINALIST")
    seen, _ = await panel.panel(None)
    assert [each["score"] for each in seen["scores"]] == ["56", "62"]
    assert seen["agreement"]["experts"] == 4
    assert seen["reviews"] is None


def announce(panel: Panelists, stage: str) -> None:
    told = (
        f'[{{"stage": "{stage}", "announced_at": "2017-04-05T04:00:00Z", "objections_until": "2017-04-08T04:00:00Z"}}]'
    )
    with sqlite3.connect(panel.sandbox.database_url.removeprefix("sqlite://")) as database:
        sql = "update campaigns set announcements = ?, revision = revision + 1 where slug = ?"
        database.execute(sql, (told, SLUG))


async def test_a_stage_that_does_not_use_them_shows_no_scores(panel: Panelists) -> None:
    await scored(panel)
    panel.show(AFTERWARDS)
    announce(panel, "WINNER")
    assert (await panel.panel(None))[0]["scores"] is None


async def test_a_dropped_expert_counts_no_more_and_the_quorum_is_lower(panel: Panelists) -> None:
    await scored(panel)
    [invited] = await panel.invite("Hu")
    dropped = await panel.done(panel.organizer, "dropExpert", expert=expert(4), reason=REASON)
    assert (dropped["state"], dropped["droppedReason"]) == ("DROPPED", "Fell ill")
    await panel.done(panel.organizer, "dropExpert", expert=invited["expert"]["id"], reason=REASON)
    assert await panel.refused(panel.organizer, "dropExpert", expert=expert(4), reason=REASON) == ["WRONG_STATE"]
    gone = panel.experts[4]
    assert {review["state"] for review in (await panel.own(gone)).values()} == {"VOIDED"}
    assert await panel.refused(gone, "saveReview", project=project(1), input={"scores": []}) == ["FORBIDDEN"]
    seen, _ = await panel.panel(panel.organizer)
    assert (seen["effectiveQuorum"], seen["progress"]["dropped"]) == (2, 2), "who never accepted lowers no quorum"
    assert {each["state"]: each["count"] for each in seen["progress"]["reviews"]}["VOIDED"] == 1
    public, _ = await panel.panel(None)
    assert [each["name"] for each in public["experts"]] == ["Lu", "Xu", "Wu", "Gu"]
    panel.show(AFTERWARDS)
    assert [each["score"] for each in (await panel.panel(panel.organizer))[0]["scores"]] == ["68", "62"]
    [entry] = [each for each in await trail(panel) if each["kind"] == "EXPERT_DROPPED" and len(each["details"]) == 4][
        :1
    ]
    assert {each["name"] for each in entry["details"]} == {"expert", "reviews", "quorum", "reason"}


ORGANIZERS: tuple[tuple[str, Json], ...] = (
    ("inviteExperts", {"campaign": SLUG, "invitations": [{"name": "Lu"}]}),
    ("assignReviews", {"campaign": SLUG, "input": {"perProject": 1, "mostPerExpert": 9, "seed": "s"}}),
    ("declareConflict", {"expert": expert(1), "project": project(1), "reason": "x"}),
    ("dropExpert", {"expert": expert(1), "reason": REASON}),
    ("extendPanel", {"campaign": SLUG, "closesAt": "2017-04-06T12:00:00+08:00", "reason": REASON}),
)
EXPERTS: tuple[tuple[str, Json], ...] = (
    ("saveReview", {"project": project(1), "input": {"scores": []}}),
    ("submitReview", {"project": project(1)}),
    ("abstainFromReview", {"project": project(1), "reason": "x"}),
    ("recuseFromReview", {"project": project(1), "reason": "x"}),
)


async def test_every_act_needs_its_role_and_an_expert_a_seat_on_the_panel(panel: Panelists) -> None:
    await panel.join("Lu")
    voter, everywhere = await panel.api.sign_in(), panel.sandbox.voters["expert"].token
    for name, arguments in ORGANIZERS:
        for token in (voter, panel.auditor, panel.experts[1]):
            assert await panel.refused(token, name, **arguments) == ["FORBIDDEN"], name
    for name, arguments in EXPERTS:
        for token in (voter, panel.auditor, panel.organizer):
            assert await panel.refused(token, name, **arguments) == ["FORBIDDEN"], name
        assert await panel.refused(everywhere, name, **arguments) == ["NOT_ON_PANEL"], name
        assert await panel.refused(panel.experts[1], name, **{**arguments, "project": "project/shanghai-2017/1"}) == [
            "FORBIDDEN"
        ]
        assert await panel.refused(panel.experts[1], name, **{**arguments, "project": project(99)}) == ["NOT_FOUND"]
    unknown: tuple[tuple[str, dict[str, Any]], ...] = (
        ("dropExpert", {"expert": expert(9), "reason": REASON}),
        ("declareConflict", {"expert": expert(1), "project": "project/shanghai-2017/1", "reason": "x"}),
        ("declareConflict", {"expert": expert(1), "project": project(99), "reason": "x"}),
    )
    for name, arguments in unknown:
        assert await panel.refused(panel.organizer, name, **arguments) == ["NOT_FOUND"], name


async def test_of_many_who_save_the_same_revision_at_once_one_is_stored(panel: Panelists) -> None:
    await panel.join("Lu")
    panel.show(REVIEWING)
    payloads = await asyncio.gather(
        *(
            panel.act(
                panel.experts[1],
                "saveReview",
                project=project(1),
                input={"scores": scores(str(score))},
                expectedRevision=0,
            )
            for score in (60, 65, 70, 75)
        )
    )
    assert sorted(map(problem_codes, payloads)) == [[]] + [["STALE_REVISION"]] * 3
    review = (await panel.own(panel.experts[1]))[1]
    assert (review["revision"], len(review["history"])) == (1, 1)


async def test_an_unpublished_panel_is_for_staff_alone(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    file = campaign_file(tmp_path, {"published = true": "published = false"})
    with running([file], at=at(INVITING).isoformat(), settings=SETTINGS) as server:
        tokens = {name: voter.token or "" for name, voter in server.voters.items()}
        panel = Panelists(Client(http, server), server, tokens["organizer"], tokens["auditor"])
        await panel.join("Lu", "Xu")
        seen, refused = await panel.panel(tokens["lin"])
        assert (seen["experts"], refused) == (None, ["FORBIDDEN"] * 3)
        assert await node(panel, tokens["lin"], expert(1)) is None
        assert await node(panel, panel.experts[2], expert(1)) is None
        assert (await node(panel, panel.experts[1], expert(1)) or {})["name"] == "Lu"
        assert len((await panel.panel(panel.auditor))[0]["experts"]) == 2


async def test_a_conflict_with_a_project_that_was_removed_is_seen_nowhere(panel: Panelists) -> None:
    panel.show("2017-03-21 12:00")
    await panel.join("Lu", conflicts=[project(5), project(6)])
    dropped = (await panel.invite("Xu", conflicts=[project(5)]))[0]["expert"]["id"]
    await panel.done(panel.organizer, "dropExpert", expert=dropped, reason=REASON)
    remove = f'mutation {{ removeProjects(campaign: "{SLUG}", numbers: [5]) {{ problems {{ code }} }} }}'
    assert (await panel.api.data(remove, token=panel.organizer))["removeProjects"]["problems"] == []
    panel.show(AFTERWARDS)
    seen, refused = await panel.panel(panel.organizer)
    assert ([review["id"] for review in seen["reviews"]], refused) == ([f"review/{SLUG}/1/6"], [])


async def test_a_project_of_another_campaign_is_told_from_one_that_is_not_there(panel: Panelists) -> None:
    (made,) = await panel.invite("Lu")
    elsewhere = "project/shanghai-2017/1"
    more = {"campaign": SLUG, "invitations": [{"name": "Xu", "conflicts": [elsewhere]}]}
    (problem,) = (await panel.act(panel.organizer, "inviteExperts", **more))["problems"]
    assert problem["message"] == "One of them is a project of another campaign."
    about = {"expert": made["expert"]["id"], "project": elsewhere, "reason": "x"}
    (error,) = (await panel.ask(panel.organizer, "declareConflict", **about))["errors"]
    assert (error["extensions"]["code"], f"{elsewhere}不是" in error["message"]) == ("NOT_FOUND", True)
    wish = {"perProject": 2**31 - 1, "mostPerExpert": 1, "seed": "s"}
    (problem,) = (await panel.act(panel.organizer, "assignReviews", campaign=SLUG, input=wish))["problems"]
    assert problem["message"] == "perProject is 1 to 1000000."


async def test_what_staff_watch_is_sent_to_nobody_else_who_watches_the_same(panel: Panelists) -> None:
    await panel.join("Lu")
    panel.show(AFTERWARDS)
    watch = f"""subscription {{ resultsChanged(campaign: "{SLUG}", first: 1) {{ nodes {{ project {{ campaign {{
      panel {{ experts {{ number }} progress {{ accepted }} reviews {{ id }} }} }} }} }} }} }}"""
    seen = []
    async with AsyncExitStack() as open_sockets:
        for token in (panel.organizer, None, panel.experts[1], panel.auditor):
            socket = await open_sockets.enter_async_context(talk(panel.sandbox))
            await socket.greet(**({} if token is None else {"Authorization": f"Bearer {token}"}))
            await socket.begin("1", watch)
            [node] = (await socket.hear())["payload"]["data"]["resultsChanged"]["nodes"]
            seen.append(node["project"]["campaign"]["panel"]["progress"])
    assert seen == [{"accepted": 1}, None, None, {"accepted": 1}]


async def test_whoever_cannot_submit_is_told_what_they_can_do(panel: Panelists) -> None:
    await panel.join("Lu")
    panel.show(REVIEWING)
    token = panel.experts[1]
    await panel.done(token, "abstainFromReview", project=project(1), reason="Ill")
    await panel.done(token, "recuseFromReview", project=project(3), reason="A friend's")
    for number, remedy in ((1, "Save scores first."), (3, "There is no way back.")):
        (problem,) = (await panel.act(token, "submitReview", project=project(number)))["problems"]
        assert (problem["code"], problem["message"].endswith(remedy)) == ("WRONG_STATE", True)
