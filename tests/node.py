"""What of other people's clients is on this machine? `make check` installs them; a test without them says so and is skipped."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLIENTS = ROOT / "tests" / "clients"
NODE_MODULES = CLIENTS / "node_modules"
PYTHON = ROOT / ".venv-clients" / "bin" / "python"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here, so this was NOT tested")
needs_packages = pytest.mark.skipif(
    not (NODE_MODULES / ".installed").is_file() or shutil.which("node") is None,
    reason="the clients from npm are not here (`make check` gets them, with node and npm), so this was NOT tested",
)
needs_python_clients = pytest.mark.skipif(
    not (ROOT / ".venv-clients" / "installed").is_file(),
    reason="the Python clients are not here (`make check` gets them), so this was NOT tested",
)


def output(*command: str | Path, folder: Path = ROOT, **environment: str) -> str:
    """What a program prints. It must end well."""
    given = environment or None
    done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
