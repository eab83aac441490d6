"""Are vulnerabilities known of what is pinned? pip-audit and npm ask others; what they could not ask about is not run."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from requirements.supply.not_run import NotRunError, first_line, last_line
from requirements.supply.pinned import RUN, Package

TIMEOUT = 300  # seconds for one program
AUDIT = (
    *(sys.executable, "-m", "pip_audit", "--requirement", str(RUN), "--require-hashes", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "15", "--vulnerability-service"),
)
SERVICES = ("osv", "pypi")  # the second where the first cannot be asked

Done = subprocess.CompletedProcess[str]
Run = Callable[[Sequence[str], Path], Done]


@dataclass(frozen=True)
class Audit:
    """What came of it. known: a sentence for each vulnerability. unknown: a sentence for what nobody could say."""

    known: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def run(command: Sequence[str], folder: Path) -> Done:
    """Run a program to its end."""
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        raise NotRunError(f"{Path(command[0]).name} did not end within {TIMEOUT} seconds") from None


def audit_python(packages: Sequence[Package], run: Run = run) -> Audit:
    """Audit Python's packages. Raises NotRunError where nobody can be asked, or nobody knows a single one."""
    reasons = []
    for service in SERVICES:
        done = run((*AUDIT, service), RUN.parent)
        try:
            return read_python(json.loads(done.stdout)["dependencies"], packages)
        except (ValueError, KeyError):
            reasons.append(f"{service}: {last_line(done.stderr)}")
        except NotRunError as error:
            reasons.append(f"{service}: {error}")
    raise NotRunError("; ".join(reasons))


def read_python(found: Sequence[dict[str, Any]], packages: Sequence[Package]) -> Audit:
    """What pip-audit has found. It takes what it could not ask about for good, and we do not. Raises NotRunError."""
    asked = {each["name"]: each for each in found if "skip_reason" not in each}
    missing = [package.name for package in packages if package.name not in asked]
    if len(missing) == len(packages):
        raise NotRunError(f"it knows none of these {len(packages)} packages")
    known = [
        f"{each['name']} {each['version']}: {hole['id']}{_fixed(hole)}"
        for each in asked.values()
        for hole in each["vulns"]
    ]
    unknown = [f"{len(missing)} of {len(packages)} packages: {', '.join(missing)}"] if missing else []
    return Audit(tuple(known), tuple(unknown))


def _fixed(hole: dict[str, Any]) -> str:
    versions = hole.get("fix_versions")
    return f", mended in {', '.join(versions)}" if versions else ""


def audit_browser(packages: Sequence[Package], run: Run = run) -> Audit:
    """Audit the packages whose files browsers get. Raises NotRunError."""
    npm = shutil.which("npm")
    if npm is None:
        raise NotRunError("npm is not installed")
    with TemporaryDirectory(prefix="pingxuan-npm-") as name:
        folder = Path(name)
        wanted = {package.name: package.version for package in packages}
        (folder / "package.json").write_text(json.dumps({"name": "audited", "dependencies": wanted}), "utf-8")
        # What packages would bring along is not shipped; graphiql's own bundle is.
        lock = run((npm, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"), folder)
        if lock.returncode:
            raise NotRunError(f"npm: {first_line(lock.stderr)}")
        return read_browser(run((npm, "audit", "--json"), folder), packages)


def read_browser(done: Done, packages: Sequence[Package]) -> Audit:
    """What npm has found of these packages themselves. Raises NotRunError."""
    try:
        found = json.loads(done.stdout)["vulnerabilities"]
    except (ValueError, KeyError):
        raise NotRunError(f"npm: {first_line(done.stderr)}") from None
    ours = {package.name: package.version for package in packages}
    return Audit(
        tuple(f"{name} {ours[name]}: {found[name]['severity']}" for name in sorted(ours.keys() & found.keys()))
    )
