"""How does a test stand between the page and the server as the log that signs receipts, honest or not?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.browser.voting import operation
from tests.log_maker import Signer, b64, digest, sha, tree_hash

SLUG = "shanghai-2017"
ORIGIN = f"vote.example/log/{SLUG}"
SEAL_BY = "2017-03-22T02:05:00Z"  # within the first hour of the tests' morning

Spoil = Callable[[dict[str, Any]], object]


def path_of(leaves: Sequence[bytes], index: int) -> list[str]:
    """RFC 6962's path, by its definition."""
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*path_of(leaves[:half], index), tree_hash(leaves[half:]).hex()]
    return [*path_of(leaves[half:], index - half), tree_hash(leaves[:half]).hex()]


@dataclass
class Notary:
    """Answers what the page asks about receipts and the log, and passes the rest on. spoil: changes every receipt it gives."""

    seal_by: str = SEAL_BY
    sealed: bool = False
    signs: bool = True
    spoil: Spoil = lambda receipt: None
    log_key: Signer = field(default_factory=lambda: Signer(ORIGIN))
    receipt_key: Signer = field(default_factory=lambda: Signer(f"{ORIGIN}/receipts"))
    keys: dict[str, str] = field(default_factory=dict)  # that ballots were sent with, by id

    async def answer(self, route: Any) -> None:
        """Answer a request to the API."""
        body = route.request.post_data_json
        got = await route.fetch()
        answer = await got.json()
        if operation(body, "Cast") and (ballot := answer["data"]["castBallot"]["ballot"]):
            sent = body["variables"]["input"]
            self.keys[ballot["id"]] = sent["idempotencyKey"]
            numbers = sorted(int(project.rpartition("/")[2]) for project in sent["projectIds"])
            ballot["projects"] = [{"number": number} for number in numbers]
        self._sign(answer.get("data"))
        await route.fulfill(response=got, json=answer)

    def _sign(self, data: Any) -> None:
        if isinstance(data, list):
            for each in data:
                self._sign(each)
        elif isinstance(data, dict):
            if "receipt" in data:
                data["receipt"] = self.receipt(data) if self.signs else None
            if "log" in data:
                data["log"] = {"verifierKey": self.log_key.vkey, "receiptKey": self.receipt_key.vkey}
            for each in list(data.values()):
                self._sign(each)

    def receipt(self, ballot: dict[str, Any]) -> dict[str, Any]:
        """The receipt of a ballot, between two others of its batch; sealed, it is the third entry of five."""
        nonce = digest(f"pingxuan/opening/v1\n{ballot['id'].removeprefix('ballot/')}\n")
        key = self.keys.get(ballot["id"])
        tag = "-" if key is None else digest(f"pingxuan/client/v1\n{key}\n")
        numbers = ",".join(str(project["number"]) for project in ballot["projects"])
        said = digest(f"pingxuan/ballot/v1\n{SLUG}\n{ballot['day']}\n{nonce}\n{tag}\n{numbers}\n")
        leaf = sha(b"\x00" + f"ballot {ballot['day']} {said}".encode())
        batch = [sha(b"one"), leaf, sha(b"two")]
        text = f"pingxuan/receipts/v1\n{ORIGIN}\n{b64(tree_hash(batch))}\n3\n{self.seal_by}\n"
        receipt = {
            "leafHash": leaf.hex(),
            "batchIndex": 1,
            "batchSize": 3,
            "batchHashes": path_of(batch, 1),
            "note": f"{text}\n{self.receipt_key.line(text)}",
            "sealBy": self.seal_by,
            "proofFile": None,
            "inclusion": self._inclusion(leaf) if self.sealed else None,
        }
        self.spoil(receipt)
        return receipt

    def _inclusion(self, leaf: bytes) -> dict[str, Any]:
        leaves = [sha(b"a"), sha(b"b"), leaf, sha(b"c"), sha(b"d")]
        text = f"{ORIGIN}\n5\n{b64(tree_hash(leaves))}\n"
        note = f"{text}\n{self.log_key.line(text)}"
        return {"index": 2, "hashes": path_of(leaves, 2), "checkpoint": {"note": note}}
