"""Checks a receipt that a voter has kept: python verify_receipt.py RECEIPT.json [KEY]. KEY: the organizer's, from elsewhere.

pip install cryptography
"""

import json
import sys
from base64 import b64decode, b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def check(holds, what):
    if not holds:
        sys.exit(f"WRONG: {what}")


def digest(text):
    return sha256(text.encode()).hexdigest()


with open(sys.argv[1], encoding="utf-8") as file:
    receipt = json.load(file)
day, numbers, secret = receipt["day"], ",".join(map(str, receipt["projects"])), receipt["idempotencyKey"]

# 1. The ballot gives the leaf: what is in the log says nothing to whoever does not know the ballot's id.
nonce = digest(f"pingxuan/opening/v1\n{receipt['ballotId'].removeprefix('ballot/')}\n")
tag = "-" if secret is None else digest(f"pingxuan/client/v1\n{secret}\n")
commitment = digest(f"pingxuan/ballot/v1\n{receipt['campaign']}\n{day}\n{nonce}\n{tag}\n{numbers}\n")
root = leaf = sha256(f"\0ballot {day} {commitment}".encode()).digest()
check(leaf.hex() == receipt["leafHash"], "the leaf is of another ballot")

# 2. The leaf and its path give the root of the batch (RFC 9162, 2.1.3.2).
at, last = receipt["batchIndex"], receipt["batchSize"] - 1
check(at <= last, "the ballot is not in the batch that was signed")
for beside in map(bytes.fromhex, receipt["batchHashes"]):
    is_right = at % 2 == 1 or at == last
    root = sha256(b"\1" + (beside + root if is_right else root + beside)).digest()
    while is_right and at % 2 == 0 and at > 0:
        at, last = at // 2, last // 2
    at, last = at // 2, last // 2
text, _, signatures = receipt["note"].partition("\n\n")
version, origin, signed_root, size, seal_by = text.split("\n")
check(version == "pingxuan/receipts/v1" and int(size) == receipt["batchSize"], "the note is of no such receipt")
check(last == 0 and b64encode(root).decode() == signed_root, "the ballot is not in the batch that was signed")

# 3. The organizer has signed the root: a signed note of C2SP, with Ed25519.
name, key_id, key = (sys.argv[2] if len(sys.argv) > 2 else receipt["receiptKey"]).split("+", 2)
lines = [line.split(" ")[2] for line in signatures.split("\n") if line.startswith(f"— {name} ")]
blob = b64decode(lines[0]) if lines else b""
check(name == f"{origin}/receipts" and blob[:4].hex() == key_id, "it is not signed by this key")
try:
    Ed25519PublicKey.from_public_bytes(b64decode(key)[1:]).verify(blob[4:], f"{text}\n".encode())
except (ValueError, InvalidSignature):
    check(False, "the signature does not hold")
print(
    f"right: {receipt['ballotId']} of {day} for {numbers} is to be in {origin} by {seal_by}, signed by {name}+{key_id}"
)
if len(sys.argv) < 3:
    print("The key is the one that the receipt names itself. Compare it with the one that the organizer has published.")
