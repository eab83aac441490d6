"""Does the verifier in the browser find any flipped bit, and name the file?"""

import json
import random
from pathlib import Path

from api.pages.assets import STATIC
from api.pages.modules import in_one_file
from tests.log_maker import small_log, write
from tests.node import needs_node, output
from tests.pages.test_verify_page import ASSETS, needs_libraries

FLIPS = 150
LIBRARY = STATIC / "vendor" / "fast-sha256" / "sha256.min.js"


def signed_part(path: str, content: bytes) -> int:
    """How much of a file somebody vouches for: of a note, the text and the log's own signature."""
    return content.index("\n— witness".encode()) if path.startswith("checkpoint") else len(content)


@needs_node
@needs_libraries
def test_any_flipped_bit_is_found_and_its_file_named(tmp_path: Path) -> None:
    files = small_log().files(seen=(3, 8))
    folder = write(files, tmp_path / "log")
    modules = in_one_file(ASSETS, "verify/verifying.js")
    ed25519 = in_one_file(ASSETS, "proof/ed25519.js")
    harness = (Path(__file__).parent / "verify_flips.mjs").read_text("utf-8")
    (tmp_path / "flips.mjs").write_text("\n".join([modules, ed25519, harness]), "utf-8")
    chance = random.Random("flips")
    paths = sorted(files.keys() - {"policy"})
    flips = []
    for path in (paths * FLIPS)[:FLIPS]:
        flips.append((path, chance.randrange(signed_part(path, files[path])), chance.randrange(8)))
    said = json.loads(output("node", "--no-warnings", tmp_path / "flips.mjs", folder, LIBRARY, json.dumps(flips)))
    assert said[0] == ["COUNTABLE", None]
    for (path, at, bit), (verdict, place) in zip(flips, said[1:], strict=True):
        assert verdict == "BROKEN", (path, at, bit)
        assert place == path or (path == "keys" and place == "checkpoint"), (path, at, bit, place)
