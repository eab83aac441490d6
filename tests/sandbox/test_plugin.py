"""Do the fixtures, and the script for Node, do in other people's projects what the manual says?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import PINGXUAN, environment
from tests.servers import edited_campaign

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "examples" / "testing"
PAGE = (REPOSITORY / "docs" / "sandbox.md").read_text()
PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:schemathesis",  # a plugin of ours alone, which takes longest to import
    "-W",
    "ignore::pytest.PytestDeprecationWarning",
)


def outcome(folder: Path, *options: str, **variables: str) -> str:
    """Run the tests in a folder, which knows nothing of our configuration; they must pass."""
    done = subprocess.run(
        [*PYTEST, f"--rootdir={folder}", *options],
        cwd=folder,
        env=environment({}) | {"PYTHONWARNINGS": "default"} | variables,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_for_python_passes(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "test_our_front_end.py", tmp_path)
    assert "8 passed" in outcome(tmp_path)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here, and the example for it needs it")
def test_the_example_for_node_passes() -> None:
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(EXAMPLES / "sandbox.test.mjs")],
        env={**os.environ, "PINGXUAN": str(PINGXUAN)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 5" in done.stdout


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here, and the script for it needs it")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ('{ command: ["no-such-command"] }', "ENOENT"),
        ('{ at: "tomorrow", command: [process.env.PINGXUAN] }', "2017-03-22T09:00:00+08:00"),
    ],
)
def test_in_node_a_sandbox_that_does_not_start_says_why(tmp_path: Path, options: str, told: str) -> None:
    script = tmp_path / "start.mjs"
    script.write_text(f'import {{ startSandbox }} from "{EXAMPLES}/sandbox.mjs";\nawait startSandbox({options});\n')
    done = subprocess.run(
        ["node", str(script)],
        env={**os.environ, "PINGXUAN": str(PINGXUAN)},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 1
    assert told in done.stderr


def blocks(language: str) -> list[str]:
    """The blocks of code in this language on the page, in order."""
    return [block.removeprefix(language).split("```")[0] for block in PAGE.split("```")[1::2] if is_in(block, language)]


def is_in(block: str, language: str) -> bool:
    return block.partition("\n")[0] == language


def test_the_pages_first_test_passes_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "test_page.py").write_text(blocks("python")[0])
    assert "1 passed" in outcome(tmp_path)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here, and the page's commands need it")
def test_the_pages_commands_work_as_they_stand(tmp_path: Path) -> None:
    path = f"{PINGXUAN.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", blocks("sh")[1]],
        cwd=tmp_path,
        env=environment({}) | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    states = [json.loads(line) for line in done.stdout.replace("}{", "}\n{").splitlines()]
    assert [state["clock"]["now"][:19] for state in states[:3]] == [
        "2017-03-22T09:00:00",
        "2017-03-31T11:59:59",
        "2017-03-31T12:00:00",
    ]
    assert [state["clock"]["ticking"] for state in states] == [False, False, False, True, False]
    assert states[-1].pop("resetMilliseconds") > 0
    assert states[-1] == states[0]
    assert set(json.loads(blocks("json")[0])) == set(states[0])


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here, and the page's script for it needs it")
def test_the_pages_script_runs_as_it_stands(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "sandbox.mjs", tmp_path)
    (tmp_path / "page.mjs").write_text(blocks("js")[0])
    path = f"{PINGXUAN.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["node", "page.mjs"],
        cwd=tmp_path,
        env=environment({}) | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr


WHERE = """
def test_where_it_begins(pingxuan_server, pingxuan_clock):
    assert pingxuan_server.campaign == "{campaign}"
    assert pingxuan_clock.now.isoformat() == "{now}"
"""
AT = "2016-03-25T12:00:00+08:00"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody's project with a campaign of their own and a test that looks where it begins."""
    window = {"opens_at": "opens_at = 2016-03-22T00:00:00+08:00", "closes_at": "closes_at = 2016-03-31T12:00:00+08:00"}
    edited_campaign(tmp_path, "ours", window)
    (tmp_path / "test_where.py").write_text(WHERE.format(campaign="ours", now=AT))
    return tmp_path


def test_options_may_stand_in_the_configuration(project: Path) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\npingxuan_campaigns = ours.toml\npingxuan_at = {AT}\n")
    assert "1 passed" in outcome(project)


def test_options_may_stand_on_the_command_line_which_goes_first(project: Path) -> None:
    (project / "pytest.ini").write_text(
        "[pytest]\npingxuan_campaigns = other.toml\npingxuan_at = 2020-01-01T00:00:00Z\n"
    )
    assert "1 passed" in outcome(project, "--pingxuan-campaign=ours.toml", f"--pingxuan-at={AT}")


def test_a_conftest_may_say_it_and_the_settings_too(project: Path) -> None:
    (project / "conftest.py").write_text(
        "import pathlib, pytest\n"
        "@pytest.fixture(scope='session')\n"
        "def pingxuan_campaigns(): return [pathlib.Path(__file__).with_name('ours.toml')]\n"
        "@pytest.fixture(scope='session')\n"
        f"def pingxuan_at(): return '{AT}'\n"
        "@pytest.fixture(scope='session')\n"
        "def pingxuan_settings(): return {'PINGXUAN_GUESTS': 'off'}\n"
    )
    (project / "test_guests.py").write_text(
        "import pytest\n"
        "def test_guests(pingxuan_server):\n"
        "    with pytest.raises(AssertionError, match='PINGXUAN_GUESTS'):\n"
        "        pingxuan_server.sign_in()\n"
    )
    assert "2 passed" in outcome(project)


def test_the_environment_of_whoever_tests_changes_nothing(project: Path) -> None:
    variables = {"PINGXUAN_HOST": "0.0.0.0", "PINGXUAN_DATABASE_URL": "sqlite://real.sqlite3"}  # noqa: S104 - ignored
    assert "1 passed" in outcome(project, "--pingxuan-campaign=ours.toml", f"--pingxuan-at={AT}", **variables)
    assert not (project / "real.sqlite3").exists()


def test_a_folder_of_the_projects_own_named_api_is_not_in_the_way(project: Path) -> None:
    (project / "api").mkdir()
    (project / "api" / "cli.py").write_text("raise RuntimeError('not this one')")
    command = [PYTEST[0], "-P", *PYTEST[1:], f"--rootdir={project}", "--pingxuan-campaign=ours.toml"]
    done = subprocess.run(
        [*command, f"--pingxuan-at={AT}"], cwd=project, env=environment({}), capture_output=True, text=True
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_sandbox_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_any.py").write_text("def test_any(pingxuan_server): pass\n")
    command = [*PYTEST, f"--rootdir={tmp_path}", "--pingxuan-at=tomorrow"]
    done = subprocess.run(command, cwd=tmp_path, env=environment({}), capture_output=True, text=True)
    assert done.returncode == 1
    assert "--at is 'tomorrow'" in done.stdout


LOADED = """
import sys, pytest
before = set(sys.modules)
import api.testing.plugin
theirs = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
assert theirs == {"api"}, theirs
assert {name for name in sys.modules if name.startswith("api")} == {
    "api", "api.testing", "api.testing.plugin", "api.testing.sandbox", "api.testing.http_client"
}
"""


def test_whoever_has_it_installed_pays_only_for_the_standard_library() -> None:
    subprocess.run([sys.executable, "-c", LOADED], check=True)


def test_running_the_command_needs_no_pytest() -> None:
    check = "import sys, api.cli; assert not {'pytest', '_pytest'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
