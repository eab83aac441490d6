"""What does axe find on a page, as far as it keeps somebody out?"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
CHECK = "axe.run(document, {resultTypes: ['violations']}).then((found) => JSON.stringify(found.violations))"
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, in the version that package.json names."""
    if not AXE.is_file():
        if shutil.which("npm") is None:
            pytest.skip("there is no npm on this machine: accessibility is NOT tested")
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        done = subprocess.run(install, cwd=HERE, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"npm cannot install axe-core here, so accessibility is NOT tested: {done.stderr[-300:]}")
    return AXE.read_text("utf-8")


async def grave(page: Page, axe: str) -> list[Any]:
    """What axe finds on the page as it is now, as far as it is serious or worse."""
    await page.evaluate(axe)
    found = json.loads(await page.evaluate(CHECK))
    return [
        (one["id"], [node["html"] for node in one["nodes"]], one["nodes"][0]["failureSummary"])
        for one in found
        if one["impact"] in GRAVE
    ]
