"""Is a sandbox in its seeded state after a reset, and does its clock rule everything that is asked of it?"""

import http.client
import json
import subprocess
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from api.testing.sandbox import GraphQLErrors, SandboxClock, SandboxError, SandboxServer, SandboxVoter, running
from tests.commands import PINGXUAN, SEED, environment, pingxuan
from tests.servers import CAST, PATIENCE, TEN, Json, prepare, project_ids, refusals, serving

TURNOUT = "{ campaign { turnout { ballots } } results(first: 50) { nodes { votes project { number } } } }"
VIEWER = "{ viewer { id roles ballots { id day } } }"
NEVER = "2099-01-01T00:00:00+08:00"


def cast(voter: SandboxVoter, **more: Any) -> Json:
    payload: Json = voter.ask(CAST, {"input": {"projectIds": project_ids(TEN), **more}})["castBallot"]
    return payload


def asked(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """A status and what came with it."""
    host, path = url.removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host, timeout=180)
    try:
        connection.request(method, f"/{path}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_ballot_is_seen_at_once_although_the_clock_stands(
    pingxuan_server: SandboxServer, pingxuan_voter: SandboxVoter
) -> None:
    for ballots, name in enumerate(("lin", "wang", "chen"), 1):
        cast(pingxuan_server.voters[name])
        data = pingxuan_server.ask(TURNOUT)
        assert data["campaign"]["turnout"]["ballots"] == ballots
        assert {node["votes"] for node in data["results"]["nodes"][:10]} == {ballots}


def test_a_ballot_is_seen_at_once_however_many_ask_meanwhile(pingxuan_server: SandboxServer) -> None:
    seen: list[bool] = []

    def vote(number: int) -> None:
        voter = pingxuan_server.sign_in(f"crowd {number}")
        before = pingxuan_server.ask(TURNOUT)["campaign"]["turnout"]["ballots"]
        cast(voter)
        seen.append(pingxuan_server.ask(TURNOUT)["campaign"]["turnout"]["ballots"] > before)

    threads = [Thread(target=vote, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 40


def test_after_a_reset_everything_is_as_at_first(pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock) -> None:
    lin = pingxuan_server.voters["lin"]
    first = cast(lin, idempotencyKey="the very first")
    trail = pingxuan_server.voters["auditor"].ask("{ trail { totalCount } }")
    pingxuan_clock.move(86400)
    pingxuan_clock.tick()
    cast(lin)
    assert pingxuan_server.reset() > 0
    assert not lin.ask(VIEWER)["viewer"]["ballots"]
    data = pingxuan_server.ask(TURNOUT)
    assert data["campaign"]["turnout"]["ballots"] == 0
    assert {node["votes"] for node in data["results"]["nodes"]} == {0}
    assert pingxuan_clock.now == pingxuan_clock.now
    assert pingxuan_clock.now.isoformat() == "2017-03-22T09:00:00+08:00"
    assert pingxuan_server.voters["auditor"].ask("{ trail { totalCount } }") == trail
    assert cast(lin, idempotencyKey="the very first") == first, "the same test sees the same ids"
    audit = subprocess.run(
        [PINGXUAN, "audit"],
        env=environment({"DATABASE_URL": pingxuan_server.database_url}),
        capture_output=True,
        text=True,
    )
    assert "shanghai-2017: 1 ballot recounted, 0 differences" in audit.stdout


def staff(server: SandboxServer, *words: str) -> None:
    """Run a command on the sandbox's database."""
    done = pingxuan(Path.cwd(), *words, DATABASE_URL=server.database_url, SECRET="any")
    assert done.returncode == 0, done.stderr


def test_what_staff_do_counts_at_once_and_until_the_reset(pingxuan_server: SandboxServer) -> None:
    lin, organizer = pingxuan_server.voters["lin"], pingxuan_server.voters["organizer"]
    staff(pingxuan_server, "grant", "AUDITOR", lin.id)
    assert lin.ask(VIEWER)["viewer"]["roles"] == ["VOTER", "AUDITOR"]
    staff(pingxuan_server, "revoke", "--everybody")
    with pytest.raises(GraphQLErrors, match="revoked") as caught:
        organizer.ask("{ trail { totalCount } }")
    assert caught.value.codes == ("UNAUTHENTICATED",)
    pingxuan_server.reset()
    assert lin.ask(VIEWER)["viewer"]["roles"] == ["VOTER"]
    assert organizer.ask(VIEWER)["viewer"]["roles"] == ["VOTER", "ORGANIZER"]


def test_the_named_voters_have_their_roles_and_ids_and_stay_signed_in(
    pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    for moment in ("1999-12-31T00:00:00Z", "2017-03-31T12:00:00+08:00", NEVER):
        pingxuan_clock.set(moment)
        for voter in pingxuan_server.voters.values():
            viewer = voter.ask("{ viewer { id roles } }")["viewer"]
            assert viewer == {"id": voter.id, "roles": list(voter.roles)}


def test_whoever_signs_in_by_a_name_is_that_voter(pingxuan_server: SandboxServer) -> None:
    cast(pingxuan_server.voters["wang"])
    assert pingxuan_server.sign_in("wang").id == pingxuan_server.voters["wang"].id
    assert refusals(cast(pingxuan_server.sign_in("wang"))) == ["QUOTA_EXHAUSTED"]
    assert not refusals(cast(pingxuan_server.sign_in()))


def test_a_guest_who_has_signed_in_is_signed_out_by_the_clock(
    pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    guest = pingxuan_server.sign_in("somebody")
    pingxuan_clock.move(365 * 86400)
    with pytest.raises(GraphQLErrors, match="expired"):
        guest.ask(VIEWER)


def test_a_ticking_clock_ticks_for_the_api_too(pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock) -> None:
    query = "{ campaign { serverTime } }"
    assert pingxuan_server.ask(query) == pingxuan_server.ask(query)
    pingxuan_clock.tick()
    assert pingxuan_server.ask(query) != pingxuan_server.ask(query)
    pingxuan_clock.tick(on=False)
    assert pingxuan_server.ask(query) == pingxuan_server.ask(query)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"7",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b'{"at": 5}',
        b'{"at": "tomorrow"}',
        b'{"at": "2017-03-22"}',
        b'{"at": "2017-03-22T09:00:00"}',
        b'{"at": "0001-01-01T00:00:00+08:00"}',
        b'{"at": "9999-12-31T23:59:59-08:00"}',
        b'{"at": "system"}',
        b'{"move": "1"}',
        b'{"move": true}',
        b'{"move": NaN}',
        b'{"move": 1e999}',
        b'{"move": 1e300}',
        b'{"move": ' + b"9" * 400 + b"}",
        b'{"tick": 1}',
        b'{"at": "2017-03-22T09:00:00+08:00", "move": 1}',
        b'{"move": 1, "anything": 2}',
    ],
)
def test_what_a_clock_does_not_understand_changes_nothing_and_is_explained(
    pingxuan_server: SandboxServer, body: bytes
) -> None:
    for language in ("en", "zh"):
        url = f"{pingxuan_server.control_url}/clock"
        status, answer = asked("POST", url, body, **{"Accept-Language": language})
        assert status == 400
        [error] = json.loads(answer)["errors"]
        assert error["extensions"] == {"code": "BAD_INPUT"}
        assert error["message"].isascii() == (language == "en")
    assert pingxuan_server.clock.now.isoformat() == "2017-03-22T09:00:00+08:00"
    assert "Traceback" not in pingxuan_server.log


def test_a_wrong_word_to_the_clock_is_an_error_in_the_test(pingxuan_clock: SandboxClock) -> None:
    with pytest.raises(SandboxError, match="an instant with an offset"):
        pingxuan_clock.set("tomorrow")


def test_the_state_is_what_was_printed_with_the_clock_of_now(pingxuan_server: SandboxServer) -> None:
    pingxuan_server.clock.move(1)
    status, body = asked("GET", pingxuan_server.control_url)
    state = json.loads(body)
    assert (status, state["url"]) == (200, pingxuan_server.url)
    assert state["clock"] == {"now": "2017-03-22T09:00:01+08:00", "ticking": False}
    assert {voter["name"]: voter["token"] for voter in state["voters"]} == {
        name: voter.token for name, voter in pingxuan_server.voters.items()
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "", 405), ("GET", "/clock", 405), ("GET", "/reset", 405), ("GET", "/nothing", 404), ("GET", "box", 404)],
)
def test_nothing_else_is_controlled(pingxuan_server: SandboxServer, method: str, path: str, status: int) -> None:
    assert asked(method, pingxuan_server.control_url + path)[0] == status


def test_requests_meanwhile_are_answered_before_or_after_a_reset(pingxuan_server: SandboxServer) -> None:
    """Callers that know nothing of the reset see no failure: none is cut off, none meets a closed database."""
    outcomes: list[str] = []

    def ask_on() -> None:
        for _ in range(25):
            name = pingxuan_server.sign_in()
            outcomes.append("cast" if cast(name)["ballot"] else "refused")

    threads = [Thread(target=ask_on) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        pingxuan_server.reset()
    for thread in threads:
        thread.join()
    assert outcomes == ["cast"] * 100
    assert "Traceback" not in pingxuan_server.log


TWENTY = " ".join(f'a{number}: signIn(with: {{guest: {{name: "{number}"}}}}) {{ token }}' for number in range(20))


def test_callers_are_not_counted(pingxuan_server: SandboxServer) -> None:
    for _ in range(31):  # six hundred sign-ins a minute are what another server takes
        pingxuan_server.ask(f"mutation {{ {TWENTY} }}")


def test_limits_that_are_set_are_met_and_forgotten_by_a_reset() -> None:
    with running(settings={"PINGXUAN_LIMIT_SIGN_INS": "2", "PINGXUAN_LIMIT_REQUESTS_PER_VOTER": "3"}) as server:
        for _ in range(2):
            for _ in range(2):
                server.sign_in()
            with pytest.raises(GraphQLErrors) as caught:
                server.sign_in()
            assert caught.value.codes == ("RATE_LIMITED",)
            answers = [server.voters["lin"].answer(VIEWER) for _ in range(4)]
            assert ["errors" in answer for answer in answers] == [False, False, False, True]
            server.reset()


CONTROLS = [("GET", "/sandbox"), ("POST", "/sandbox/clock"), ("POST", "/sandbox/reset")]


def test_a_server_that_people_vote_on_has_no_such_control(tmp_path: Path) -> None:
    database_url = f"sqlite://{tmp_path}/seeded.sqlite3"
    prepare(database_url, SEED)
    with serving(database_url) as server:
        for method, path in CONTROLS:
            assert asked(method, server.origin + path, b'{"move": 1}')[0] == 404


def test_a_demonstration_has_none_either(tmp_path: Path) -> None:
    settings = environment({"PORT": "0"})
    with subprocess.Popen([PINGXUAN, "demo"], cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            origin = demo.stdout.readline().split()[2].removesuffix("/graphql")
            statuses = {asked(method, origin + path, b'{"move": 1}')[0] for method, path in CONTROLS}
        finally:
            demo.terminate()
    assert statuses == {404}


LOG = '{ campaign(slug: "shanghai-2017") { log { checkpoint { size } waiting } } }'


def logged(server: SandboxServer, size: int) -> Json:
    """The log once it has so many entries. It is sealed each second, although the campaigns' clock stands still."""
    deadline = time.monotonic() + PATIENCE
    while True:
        log: Json = server.ask(LOG)["campaign"]["log"]
        if log["checkpoint"] is not None and log["checkpoint"]["size"] == size:
            return log
        assert time.monotonic() < deadline, log
        time.sleep(0.05)


def test_ballots_come_into_the_log_and_a_reset_begins_it_anew(
    pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    logged(pingxuan_server, 2)
    cast(pingxuan_server.voters["lin"])
    assert logged(pingxuan_server, 3)["waiting"] in {0, None}
    pingxuan_server.reset()
    logged(pingxuan_server, 2)
    cast(pingxuan_server.voters["lin"])
    cast(pingxuan_server.voters["wang"])
    logged(pingxuan_server, 4)
    pingxuan_clock.set("2017-04-01T00:00:00+08:00")
    logged(pingxuan_server, 4 + 10 + 2)  # the days, the close and the result
