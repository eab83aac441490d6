"""Do the small examples do what they show? Each is run as its users run it, against a real server."""

import ast
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.node import CLIENTS, PYTHON, ROOT, needs_packages, needs_python_clients, output
from tests.servers import Server, assert_audit_agrees, pingxuan, serving

EXAMPLES = ROOT / "examples"


@pytest.mark.check
@needs_packages
@pytest.mark.parametrize("framework", ["vue", "svelte"])
def test_a_page_lists_refuses_and_casts(fresh_server: Server, framework: str) -> None:
    command = ("node", "--conditions=browser", "pages.js", framework, fresh_server.url)
    said = json.loads(output(*command, folder=CLIENTS))
    assert said["candidates"] == 50
    assert "10" in said["refused"]
    assert re.fullmatch(r"ballot/[\w-]+ \(2017-03-22\)", said["cast"])
    assert_audit_agrees(fresh_server.database_url, 1)


@pytest.mark.check
@needs_python_clients
@pytest.mark.parametrize("cast_before", [0, 300])
def test_python_with_gql(seeded_2017: Path, tmp_path: Path, cast_before: int) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    if cast_before:
        assert pingxuan(url, "simulate", str(cast_before), "--seed", "1").returncode == 0
    with serving(url) as server:
        said = output(PYTHON, "-W", "error", EXAMPLES / "python" / "vote.py", server.url).splitlines()
    assert said[0].startswith("50 candidates")
    assert said[1].startswith("refused: TOO_FEW_CHOICES")
    assert re.fullmatch(r"cast: ballot/[\w-]+ on 2017-03-22", said[2])
    before, after = (ast.literal_eval(line.partition(": ")[2]) for line in said[3:])
    assert [number for number, _ in before] == [1, 2, 3]
    assert after == [(number, votes + 1) for number, votes in before]
    assert (before[0][1] > 0) == bool(cast_before)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here, so this was NOT tested")
def test_curl(fresh_server: Server) -> None:
    said = output("bash", EXAMPLES / "curl" / "vote.sh", fresh_server.url)
    sections = {part.split("\n")[0]: part.split("\n")[1:] for part in said.split("# ")[1:]}
    answers = [list(map(json.loads, filter(None, lines))) for lines in list(sections.values())[:-1]]
    assert answers[0][0]["data"]["projects"]["totalCount"] == 50
    assert answers[1][0]["data"]["projects"]["nodes"] == [{"number": 4}, {"number": 5}, {"number": 6}]
    assert answers[3][0]["data"]["castBallot"]["violations"][0]["code"] == "TOO_FEW_CHOICES"
    cast, again = (answer["data"]["castBallot"] for answer in answers[4])
    assert cast == again
    assert cast["ballot"]["day"] == "2017-03-22"
    assert '"votes":1' in said.split("# ")[-1]
    assert_audit_agrees(fresh_server.database_url, 1)
