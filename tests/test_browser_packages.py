"""Are the browser's files of other packages exactly those that this repository names, or none?"""

import base64
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

FETCH = Path(__file__).parents[1] / "requirements" / "browser" / "fetch.py"
FILES = {
    "dist/flag.js": "hoist('旗')",
    "dist/flag.css": "@font-face { src: x }\na { color: red }",
    "LICENSE": "Do as you like.",
}
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="no npm: fetching packages is NOT tested")


def archive(files: dict[str, str]) -> bytes:
    """A package as npm packs one: the same bytes whenever it is packed."""
    packed = io.BytesIO()
    manifest = {"package.json": json.dumps({"name": "flag", "version": "1.0.0"})}
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for path, text in (manifest | files).items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


@contextmanager
def registry(content: bytes) -> Iterator[str]:
    """A registry that holds flag@1.0.0 and vouches for whatever it sends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tarball = f"http://127.0.0.1:{self.server.server_port}/flag/-/flag-1.0.0.tgz"
            dist = {"tarball": tarball, "integrity": integrity(content)}
            version = {"name": "flag", "version": "1.0.0", "dist": dist}
            about = {"name": "flag", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            body = content if self.path.endswith(".tgz") else json.dumps(about).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the fetching program and a list of one package."""
    shutil.copy(FETCH, tmp_path)
    (tmp_path / "packages.toml").write_text(f"""
[flag]
version = "1.0.0"
integrity = "{integrity(archive(FILES))}"
files = ["dist/flag.js", "dist/flag.css"]
licences = ["LICENSE"]

[flag.without]
"flag.css" = '@font-face\\s*\\{{[^}}]*\\}}\\s*'
""")
    return tmp_path


def fetch(place: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"npm_config_cache": str(place / "cache"), "npm_config_fetch_retries": "0"} | environment
    command = [sys.executable, place / "fetch.py", place / "vendor", *words]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


@needs_npm
def test_the_files_named_are_fetched_with_their_licence(place: Path) -> None:
    with registry(archive(FILES)) as url:
        done = fetch(place, npm_config_registry=url)
    assert done.returncode == 0, done.stderr
    found = {file.name: file.read_text("utf-8") for file in (place / "vendor" / "flag").iterdir()}
    assert found == {"flag.js": "hoist('旗')", "flag.css": "a { color: red }", "LICENSE": "Do as you like."}


@needs_npm
def test_a_package_that_is_another_is_refused_even_if_its_registry_vouches_for_it(place: Path) -> None:
    with registry(archive(FILES | {"dist/flag.js": "steal()"})) as url:
        done = fetch(place, npm_config_registry=url)
    assert done.returncode == 1
    assert "flag: expected sha512-" in done.stderr
    assert not (place / "vendor").exists()


@needs_npm
def test_what_was_there_stays_when_nothing_better_comes(place: Path) -> None:
    (place / "vendor").mkdir()
    (place / "vendor" / "old.js").write_text("old")
    with registry(archive(FILES | {"LICENSE": "None."})) as url:
        fetch(place, npm_config_registry=url)
    assert (place / "vendor" / "old.js").read_text() == "old"


@needs_npm
def test_without_a_registry_setting_up_goes_on_and_says_what_is_missing(place: Path) -> None:
    done = fetch(place, npm_config_registry="http://127.0.0.1:9")
    assert done.returncode == 0
    assert "npm could not bring flag@1.0.0" in done.stderr
    assert "make assets" in done.stderr


def test_without_npm_setting_up_goes_on_and_says_what_is_missing(place: Path) -> None:
    done = fetch(place, PATH="")
    assert done.returncode == 0
    assert "npm is not installed" in done.stderr
    assert "make assets" in done.stderr


def test_without_npm_what_requires_the_files_fails(place: Path) -> None:
    done = fetch(place, "--required", PATH="")
    assert done.returncode == 1
    assert "npm is not installed" in done.stderr
