"""Does the verifier import the domain, `cryptography` and the standard library, and nothing else that would need trust?"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

VERIFIER = Path(__file__).parents[2] / "api" / "verifier"
ALLOWED = ("api.domain.", "api.verifier.", "cryptography.")


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def test_the_verifier_trusts_no_part_of_the_server() -> None:
    files = sorted(VERIFIER.glob("*.py"))
    imported = {name for file in files for name in imports(file)}
    assert len(files) > 10
    assert {
        name
        for name in imported
        if not name.startswith(ALLOWED) and name.partition(".")[0] not in sys.stdlib_module_names
    } == set()
