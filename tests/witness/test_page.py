"""Is what the page about witnesses shows what a witness and a server take, and does its table have the answers there are?"""

import re
from pathlib import Path

from api.domain.log.policies import Policy
from api.witness.known_logs import KnownLogs
from tests.commands import succeeded

PAGE = (Path(__file__).parents[2] / "docs" / "witnesses.md").read_text("utf-8")
PROGRAMS = [Path(__file__).parents[2] / "api" / "witness" / name for name in ("cosigner.py", "app.py")]


def blocks(language: str) -> list[str]:
    """The examples in a language, or in none."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


def test_the_file_of_logs_and_the_policy_on_the_page_can_be_read(tmp_path: Path) -> None:
    logs, policy = blocks("")
    (tmp_path / "logs").write_text(logs)
    known = KnownLogs(tmp_path / "logs")
    assert len(known.keys_of("vote.example.cn/log/shanghai-2017/2")) == 1
    assert known.is_named("ballots.example.org/2026")
    named = Policy.parse(policy)
    assert [witness.url for witness in named.witnesses] == [
        "https://witness.times.example",
        "https://witness.harbour.example",
    ]
    assert named.is_met_by({"harbour"})


def test_the_commands_on_the_page_run(tmp_path: Path) -> None:
    [make] = re.findall(r"^pingxuan (witness w1\.key --new-key \S+)", blocks("sh")[0], re.MULTILINE)
    assert succeeded(tmp_path, *make.split()).startswith("witness.times.example/w1+")
    assert {path.name for path in tmp_path.iterdir()} == {"w1.key", "w1.key.cosigned"}
    key, *_ = succeeded(tmp_path, "log", "keys", "logkeys").splitlines()
    assert key.startswith("localhost/log+")
    assert "pingxuan witness w1.key logs" in blocks("sh")[0]


def test_the_table_has_the_answers_that_there_are() -> None:
    told = set(re.findall(r"^\| ([0-9]{3}) \|", PAGE, re.MULTILINE))
    given = {status for file in PROGRAMS for status in re.findall(r"Answer\(([0-9]{3})", file.read_text())}
    assert told == given | {"413"}
