"""Is what is shipped known, and may it be? Is it built the same twice? Does no check pass that could not look?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cyclonedx
import jsonschema_rs
import pytest

from requirements.supply import __main__ as supply
from requirements.supply import licences
from requirements.supply.bill import bill_of_materials
from requirements.supply.licences import LicenceError, is_allowed, licence_of, problems
from requirements.supply.not_run import NotRunError
from requirements.supply.pinned import Package, browser_packages, python_packages
from requirements.supply.vulnerabilities import audit_python, read_browser
from requirements.supply.wheels import MACHINES, Machine, absent, summary

pytestmark = pytest.mark.any_engine

REPOSITORY = Path(__file__).parents[1]
SCHEMAS = Path(cyclonedx.__file__).parent / "schema" / "_res"
OURS, BROWSERS = python_packages(), browser_packages()
LEFT_PAD = Package("pypi", "left-pad", "1.0.0")
NO_WHEEL = "ERROR: Could not find it (from versions: 1, 2)\nERROR: No matching distribution found for {}==1"


def done(output: str, error: str = "", code: int = 0) -> Any:
    return subprocess.CompletedProcess((), code, output, error)


def test_every_pin_is_read_with_the_hashes_of_its_files() -> None:
    text = (REPOSITORY / "requirements" / "run.txt").read_text("utf-8")
    assert len(OURS) == sum("==" in line for line in text.splitlines()) > 40
    assert sum(len(package.hashes) for package in OURS) == text.count("--hash=sha256:")


def test_all_that_is_shipped_is_under_licences_that_are_allowed() -> None:
    assert problems([*OURS, *BROWSERS]) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0 AND (Apache-2.0 OR AGPL-3.0-only)", True),
        ("LicenseRef-Proprietary", False),
        ("Apache-2.0 WITH LLVM-exception", False),
    ],
)
def test_of_several_licences_one_may_be_chosen_where_it_says_or(expression: str, allowed: bool) -> None:
    if expression.startswith("LicenseRef"):
        with pytest.raises(LicenceError, match="is no SPDX expression"):
            is_allowed(expression)
    else:
        assert is_allowed(expression) is allowed


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"License-Expression": "GPL-3.0-only"}, "is under GPL-3.0-only, which is not allowed here."),
        ({"License": "Do as you like"}, "has a licence that is not known by name here: 'Do as you like'."),
        ({}, "has a licence that is not known by name here: ''."),
        ({"Version": "2.0.0"}, "is pinned at 1.0.0, and 2.0.0 is installed here."),
        (None, "is not installed here, so that its licence cannot be read."),
    ],
)
def test_a_licence_that_is_unknown_or_not_allowed_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str] | None, problem: str
) -> None:
    class Metadata(dict[str, str]):
        def __missing__(self, key: str) -> None:
            return None

        def get_all(self, key: str, otherwise: list[str]) -> list[str]:
            return otherwise

    def metadata(name: str) -> Metadata:
        if said is None:
            raise licences.PackageNotFoundError(name)
        return Metadata({"Version": "1.0.0", **said})

    monkeypatch.setattr(licences, "metadata", metadata)
    [found] = problems([LEFT_PAD])
    assert found.startswith("left-pad ")
    assert found.endswith(problem)


def test_the_bill_is_cyclonedxs_names_everything_and_is_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1490112000")
    bill = bill_of_materials([*OURS, *BROWSERS])
    assert bill == bill_of_materials([*OURS, *BROWSERS])
    read = json.loads(bill)
    schema = json.loads((SCHEMAS / "bom-1.6.SNAPSHOT.schema.json").read_text("utf-8"))

    def retrieve(uri: str) -> Any:
        [file] = SCHEMAS.glob(f"{uri.rpartition('/')[2].partition('.')[0]}*.schema.json")
        return json.loads(file.read_text("utf-8"))

    assert [str(error) for error in jsonschema_rs.validator_for(schema, retriever=retrieve).iter_errors(read)] == []
    named = {component["purl"]: component["licenses"][0]["expression"] for component in read["components"]}
    assert named == {
        f"pkg:{package.kind}/{package.name}@{package.version}": licence_of(package) for package in (*OURS, *BROWSERS)
    }
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in read["dependencies"]}
    assert any(ref.startswith("pkg:pypi/starlette@") for ref in needs[read["metadata"]["component"]["bom-ref"]])
    [starlette] = [ref for ref in needs if ref.startswith("pkg:pypi/starlette@")]
    assert any(ref.startswith("pkg:pypi/anyio@") for ref in needs[starlette])


def test_what_needs_no_network_asks_nobody_and_says_what_was_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(supply, "ask_others", asked)
    monkeypatch.setattr(supply, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(supply, "BILL", tmp_path / "dist" / "sbom.cdx.json")
    assert supply.main(["--local"]) == 0
    assert "NOT RUN: vulnerabilities and wheels" in capsys.readouterr().out
    assert json.loads((tmp_path / "dist" / "sbom.cdx.json").read_text("utf-8"))["components"]
    assert supply.main(["--local", "--required"]) == 1


def found(*packages: Package, **vulnerable: list[dict[str, Any]]) -> str:
    asked = [{"name": each.name, "version": each.version, "vulns": vulnerable.get(each.name, [])} for each in packages]
    return json.dumps({"dependencies": asked})


def test_a_known_vulnerability_is_named_with_the_version_that_mends_it() -> None:
    hole = {"id": "PYSEC-1", "fix_versions": ["9"]}
    audit = audit_python(OURS, lambda command, folder: done(found(*OURS, aiohttp=[hole]), code=1))
    [version] = [package.version for package in OURS if package.name == "aiohttp"]
    assert audit.known == (f"aiohttp {version}: PYSEC-1, mended in 9",)
    assert audit.unknown == ()


def test_what_nobody_could_be_asked_about_is_not_taken_for_good() -> None:
    skipped = json.dumps({"dependencies": [{"name": each.name, "skip_reason": "not found"} for each in OURS]})
    for output, error in (("", "Traceback …\nConnectionError: no network"), (skipped, "")):
        with pytest.raises(NotRunError, match=r"osv: .*(no network|knows none).*; pypi: "):
            audit_python(OURS, lambda command, folder: done(output, error))  # noqa: B023 - called at once
    audit = audit_python(OURS, lambda command, folder: done(found(*OURS[1:])))
    assert audit.unknown == (f"1 of {len(OURS)} packages: {OURS[0].name}",)


def test_the_second_service_is_asked_where_the_first_cannot_be() -> None:
    asked: list[str] = []

    def run(command: Sequence[str], folder: Path) -> Any:
        asked.append(command[-1])
        return done(found(*OURS)) if command[-1] == "pypi" else done("", "no network", 1)

    assert audit_python(OURS, run).known == ()
    assert asked == ["osv", "pypi"]


def test_npm_is_believed_about_what_browsers_get_alone_and_only_when_it_answers() -> None:
    answer = json.dumps({"vulnerabilities": {"react": {"severity": "high"}, "codemirror": {"severity": "low"}}})
    assert [line.split()[0] for line in read_browser(done(answer, code=1), BROWSERS).known] == ["react"]
    with pytest.raises(NotRunError, match="ENOTFOUND"):
        read_browser(done("{}", "npm error ENOTFOUND\nnpm error A complete log …", 1), BROWSERS)


def test_every_package_without_a_wheel_is_named_and_no_network_is_no_answer(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text("a==1 \\\n    --hash=sha256:0\nb==1 \\\n    --hash=sha256:1\nc==1 \\\n    --hash=sha256:2\n")

    def ask(machine: Machine, file: Path) -> str:
        left = [name for name in "bc" if f"{name}==1" in file.read_text()]
        return NO_WHEEL.format(left[0]) if left else ""

    assert absent(MACHINES[0], ask, pins) == ["b", "c"]
    assert summary(MACHINES[0], ["b", "c"]) == "Linux on x86-64 (glibc 2.28): no wheel of b, c"
    for said in ("ERROR: no network", NO_WHEEL.format("a").replace("1, 2", "none")):
        with pytest.raises(NotRunError):
            absent(MACHINES[0], lambda machine, file: said, pins)  # noqa: B023 - called at once


def built(folder: Path, umask: int, moment: float) -> Path:
    """The wheel of a copy of the sources, whose files have this age and these permissions."""
    before = os.umask(umask)
    try:
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(REPOSITORY / name, folder / name)
        for name in ("api", "seed"):
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(REPOSITORY / name, folder / name, ignore=unwanted, copy_function=shutil.copyfile)
        for file in folder.rglob("*"):
            os.utime(file, (moment, moment))
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    finally:
        os.umask(before)
    [wheel] = (folder / "dist").glob("*.whl")
    return wheel


@pytest.mark.check
def test_the_wheel_is_the_same_bytes_from_any_folder_at_any_time_and_needs_no_compiler(tmp_path: Path) -> None:
    places = (("first", 0o022, 1e9), ("second", 0o077, 1.5e9))
    for name, _, _ in places:
        (tmp_path / name).mkdir()
    first, second = (built(tmp_path / name, umask, moment) for name, umask, moment in places)
    assert first.name.endswith("-py3-none-any.whl")
    assert first.read_bytes() == second.read_bytes()
