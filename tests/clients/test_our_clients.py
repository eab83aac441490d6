"""Do the clients that we publish do what they promise, as whoever installs them gets them?"""

import filecmp
import gzip
import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.clients.test_generating import shown
from tests.node import CLIENTS, NODE_MODULES, PYTHON, ROOT, needs_packages, needs_python_clients, output
from tests.servers import Server

pytestmark = pytest.mark.check

OURS = ROOT / "clients"
MADE = CLIENTS / "generated" / "ours"  # beneath the packages, which are found from there
TSC = NODE_MODULES / "typescript" / "bin" / "tsc"
MET: dict[str, Any] = {
    "stranger": "UNAUTHENTICATED",
    "refused": ["TOO_FEW_CHOICES"],
    "lost": 1,
    "day": "2017-03-22",
    "before": list(range(1, 13)),
    "after": [*range(1, 11), 21, 22],
    "asked": [*range(1, 11), 21, 22],
    "ballots": 2,
    "connections": ["connecting", "live", "reconnecting", "live"],
}


@pytest.fixture(scope="module")
def package() -> Path:
    """The TypeScript client as npm packs it, unpacked where a user's node_modules has it."""
    shutil.rmtree(MADE, ignore_errors=True)
    unbuilt = shutil.ignore_patterns("node_modules", "dist", "generated.ts")
    shutil.copytree(OURS, MADE / "clients", ignore=unbuilt)
    for name in ("schema.graphql", "LICENSE"):
        shutil.copy(ROOT / name, MADE)
    output("npm", "pack", "--silent", "--offline", folder=MADE / "clients" / "typescript")
    [packed] = (MADE / "clients" / "typescript").glob("*.tgz")
    unpacked = MADE / "user" / "node_modules"
    with tarfile.open(packed) as archive:
        archive.extractall(unpacked)  # noqa: S202 - we have packed it
    return (unpacked / "package").rename(unpacked / "pingxuan-client")


def compiled(package: Path, name: str, text: str) -> Path:
    """A user's file, compiled with all that is strict against the package."""
    user = package.parents[1]
    options = json.loads((CLIENTS / "tsconfig.json").read_text("utf-8"))
    options["compilerOptions"] |= {"noEmit": False, "outDir": "out"}
    (user / "tsconfig.json").write_text(json.dumps(options | {"files": [name, "ws.d.ts"]}), "utf-8")
    (user / "package.json").write_text('{"type": "module"}', "utf-8")
    (user / "ws.d.ts").write_text(
        "declare module 'ws' { export default class extends WebSocket { terminate(): void } }\n"
        "declare module 'node:fs' { export function writeSync(file: number, text: string): void }\n",
        "utf-8",
    )
    (user / name).write_text(text, "utf-8")
    output("node", TSC, "--project", "tsconfig.json", folder=user)
    return user / "out" / Path(name).with_suffix(".js").name


@needs_packages
def test_what_npm_packs_has_types_the_schema_the_licence_and_no_sources(package: Path) -> None:
    files = {str(file.relative_to(package)) for file in package.rglob("*") if file.is_file()}
    expected = {"dist/index.js", "dist/index.d.ts", "dist/schema.graphql", "dist/LICENSE", "README.md", "package.json"}
    assert expected <= files
    assert not [name for name in files if name.endswith(".ts") and not name.endswith(".d.ts")]
    told = json.loads((package / "package.json").read_text("utf-8"))
    assert {told["exports"]["."]["default"], told["exports"]["."]["types"]} <= {f"./{name}" for name in files}


@needs_packages
def test_the_package_is_built_with_what_the_schema_is_tried_with(package: Path) -> None:
    told = json.loads((package / "package.json").read_text("utf-8"))["devDependencies"]
    tried = json.loads((CLIENTS / "package.json").read_text("utf-8"))["dependencies"]
    assert told == {name: tried[name] for name in told}


@needs_packages
def test_the_package_is_as_small_as_it_says(package: Path) -> None:
    esbuild = NODE_MODULES / "esbuild" / "bin" / "esbuild"
    options = ("--bundle", "--minify", "--format=esm", "--log-level=error")
    bundle = output(esbuild, package / "dist" / "index.js", *options)
    [told] = re.findall(r"\*\*([0-9.]+) KB\*\*", (package / "README.md").read_text("utf-8"))
    assert len(gzip.compress(bundle.encode(), 9)) <= float(told) * 1000


@needs_packages
def test_the_client_for_typescript_walks_the_way_of_a_vote_over_lost_answers(
    package: Path, fresh_server: Server
) -> None:
    journey = compiled(package, "journey.ts", (CLIENTS / "pingxuan_client.ts").read_text("utf-8"))
    met = json.loads(output("node", journey, fresh_server.url))
    assert met.pop("away") > 1, "what a proxy answers for an absent server is asked again"
    assert met.pop("goesOn") == "connecting,live,reconnecting,live", "who signs out watches on as a guest"
    assert met.pop("ends") == "UNAUTHENTICATED", "a session that was ended elsewhere is told"
    assert met.pop("changes") == [[2, 2]], "of the twelve rows two have come and two have left"
    assert met.pop("kept"), "a row that has not changed is the same object"
    assert met == MET


@needs_packages
def test_a_newcomer_has_the_ranking_that_the_page_about_typescript_shows(package: Path, fresh_server: Server) -> None:
    text = shown("ts", "Five minutes").replace("http://127.0.0.1:8000/graphql", fresh_server.url)
    program = compiled(package, "ranking.ts", text)
    once = "import WebSocket from 'ws';\nglobalThis.WebSocket = WebSocket;\nconst { log } = console;\n"
    stop = "console.log = (...said) => (log(...said), said[0] === 5 && process.exit());\n"
    (program.parent / "first.js").write_text(once + stop, "utf-8")
    said = output("node", "--import", f"{program.parent.as_uri()}/first.js", program).splitlines()
    assert "live: 0 ballots" in said


@needs_python_clients
def test_what_is_generated_of_the_client_for_python_is_current(tmp_path: Path) -> None:
    shutil.copytree(OURS / "python" / "pingxuan_client", tmp_path / "pingxuan_client")
    output(PYTHON, OURS / "python" / "generate.py", tmp_path)
    ours, made = OURS / "python" / "pingxuan_client", tmp_path / "pingxuan_client"
    for name in ("operations", "_sync"):
        compared = filecmp.dircmp(ours / name, made / name, ["__pycache__"])
        differing = compared.diff_files + compared.left_only + compared.right_only
        assert differing == [], "`make clients` writes it anew"


@needs_python_clients
def test_the_client_for_python_is_typed_strictly_and_so_is_what_uses_it() -> None:
    sources = [OURS / "python" / "pingxuan_client", CLIENTS / "pingxuan_client_journey.py"]
    output(PYTHON, "-m", "mypy", "--config-file", CLIENTS / "mypy.ini", *sources, folder=OURS / "python")


@needs_python_clients
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_client_for_python_walks_the_way_of_a_vote_over_lost_answers(fresh_server: Server, kind: str) -> None:
    journey = CLIENTS / "pingxuan_client_journey.py"
    said = output(PYTHON, "-W", "error", journey, kind, fresh_server.url, PYTHONPATH=str(OURS / "python"))
    assert json.loads(said) == MET
