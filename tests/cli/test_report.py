"""Does the command write the report, and say what is wrong with what it was given?"""

from pathlib import Path

import pytest

from tests.commands import SEED, pingxuan, succeeded


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which 40 simulated ballots lie."""
    folder = tmp_path_factory.mktemp("reported")
    succeeded(folder, "migrate")
    succeeded(folder, "load", str(SEED))
    succeeded(folder, "simulate", "40", "--seed", "7", SECRET="a secret")
    return folder


def test_the_report_is_written_to_a_file_or_printed(simulated: Path) -> None:
    assert succeeded(simulated, "report", "shanghai-2017", "-o", "report.html") == "report.html: written\n"
    page = (simulated / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert "All 40 ballots were counted again, one by one: they agree with the tallies in every number." in page
    assert "UNOFFICIAL" in page
    printed = succeeded(simulated, "report", "shanghai-2017")
    assert len(printed) == len(page)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "There is no campaign “nowhere”; there are: shanghai-2017."),
        (("shanghai-2017", "-o", "no/such/folder.html"), "no/such/folder.html: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(simulated: Path, arguments: tuple[str, ...], said: str) -> None:
    done = pingxuan(simulated, "report", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
