"""Does a real server pass the GraphQL-over-HTTP specification's own audit, whatever it MUST, SHOULD and MAY do?"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import serving

AUDIT = Path(__file__).parents[1] / "audit"
AUDITS = 60  # in the version that package.json names

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(
        not (shutil.which("node") and shutil.which("npm")), reason="the audit of GraphQL over HTTP needs node and npm"
    ),
]


@pytest.fixture(scope="module")
def installed() -> Path:
    """The audit's folder, with what its package.json names."""
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    done = subprocess.run(command, cwd=AUDIT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return AUDIT


@pytest.mark.parametrize("execution", ["compiled", "reference"])
def test_every_audit_is_passed(installed: Path, new_sqlite: Callable[[], str], execution: str) -> None:
    with serving(new_sqlite(), EXECUTION=execution) as server:
        done = subprocess.run(
            ["node", "audit.mjs", server.url], cwd=installed, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDITS
    assert {result["name"].split()[0] for result in results} == {"MUST", "SHOULD", "MAY"}
