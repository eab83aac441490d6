"""Requests to witnesses (tlog-witness): bounded in time and size, and no cosignature is taken that does not hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from api.domain.log.notes import NoteError, Signature, SignedNote
from api.domain.log.policies import Witness
from api.domain.log.signatures import check_signatures
from api.domain.log.witness_protocol import PATH, SIZE_TYPE, Submission, parse_cosignatures, parse_size_answer
from api.ports.witnesses import WitnessError
from api.transparency.ed25519 import ed25519_holds

TIMEOUT = 10.0  # seconds for an answer
MAX_ANSWER_BYTES = 16 * 1024
HEADERS = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}  # so that the limit holds
REMEDIES = {
    403: "it has another key of this log: give its operator the log's verifier keys",
    404: "it does not know this log: give its operator the log's verifier keys",
}


class WitnessClient:
    """One pool of connections for all witnesses. timeout: seconds for an answer."""

    def __init__(self, session: aiohttp.ClientSession, timeout: float = TIMEOUT) -> None:
        self._session = session
        self._timeout = timeout

    async def add_checkpoint(self, witness: Witness, submission: Submission) -> Signature | int:
        """Its cosignature, which has been verified, or the size that it has cosigned instead. Raises WitnessError."""
        try:
            async with asyncio.timeout(self._timeout):
                status, kind, body = await self._post(witness.url.rstrip("/") + PATH, bytes(submission))
        except TimeoutError:
            raise WitnessError(f"it has not answered within {self._timeout:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise WitnessError(f"it does not answer: {type(error).__name__}") from None
        try:
            return _answer(witness, submission, status, kind, body)
        except NoteError as error:
            raise WitnessError(f"its answer cannot be used: {error}") from None

    async def _post(self, url: str, content: bytes) -> tuple[int, str, bytes]:
        body = bytearray()
        async with self._session.post(url, data=content, headers=HEADERS, allow_redirects=False) as response:
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise WitnessError(f"it answers with more than {MAX_ANSWER_BYTES} bytes")
        return response.status, response.headers.get("Content-Type", "").partition(";")[0].strip(), bytes(body)


def _answer(witness: Witness, submission: Submission, status: int, kind: str, body: bytes) -> Signature | int:
    if status == 200:
        return _cosignature(witness, submission.note, body)
    if status == 409 and kind == SIZE_TYPE:
        return parse_size_answer(body)
    if status == 422:
        raise WitnessError("it says that the log does not go on from what it has seen (422)", is_disagreement=True)
    raise WitnessError(f"it answers {status}" + (f": {REMEDIES[status]}" if status in REMEDIES else ""))


def _cosignature(witness: Witness, note: SignedNote, body: bytes) -> Signature:
    for signature in parse_cosignatures(body):
        if check_signatures(SignedNote(note.text, (signature,)), (witness.key,), ed25519_holds):
            return signature
    raise NoteError(
        f"there is no signature with the key {witness.key.key_id.hex()} of {witness.key.name} among its lines"
    )


@asynccontextmanager
async def open_witness_client(seconds: float = TIMEOUT) -> AsyncIterator[WitnessClient]:
    """A client that is closed afterwards. seconds: for an answer."""
    session = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    )
    async with session:
        yield WitnessClient(session, seconds)
