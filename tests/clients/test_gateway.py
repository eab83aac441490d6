"""Does a gateway from npm compose the API with somebody else's subgraph, and find the parts of one answer in both?"""

import json
import shutil
from pathlib import Path

import pytest

from tests.node import CLIENTS, needs_packages, output
from tests.servers import SLUG, serving

pytestmark = pytest.mark.check


@needs_packages
def test_a_gateway_answers_from_the_api_and_from_another_subgraph(seeded_2017: Path, tmp_path: Path) -> None:
    with serving(f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}", FEDERATION="on") as server:
        answer = json.loads(output("node", "gateway.js", server.url, folder=CLIENTS))
    first, second = answer["data"]["visited"]
    assert (first["number"], first["visits"], second["number"], second["visits"]) == (17, 1700, 3, 300)
    assert first["title"].startswith("“Every Small Wish")
    assert first["campaign"] == {"hotline": f"12345/{SLUG}", "phase": "VOTING"}
    assert answer["data"]["projects"]["nodes"] == [{"number": 1, "visits": 100}, {"number": 2, "visits": 200}]
    assert answer["byKey"], "what the other subgraph named was found by its key"
    [refused] = answer["errors"]
    assert (refused["path"], refused["extensions"]["code"]) == (["suspicions"], "UNAUTHENTICATED")
