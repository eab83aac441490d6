"""Is a cosignature taken where it holds, and whatever else a witness answers told apart, within bounds?"""

from collections.abc import AsyncIterator, Callable

import pytest

from api.domain.log.notes import COSIGNATURE, Signature, VerifierKey
from api.domain.log.policies import Witness
from api.domain.log.witness_protocol import Submission
from api.ports.witnesses import WitnessError
from api.transparency.witness_client import WitnessClient, open_witness_client
from api.witness.witness_key import WitnessKey
from tests.standins import FAULTS
from tests.standins.witness import Said, standing_in
from tests.witnesses import SmallLog

LOG = SmallLog()
KEY, OTHER = (WitnessKey.of("witness.example.org/w1", bytes([number]) * 32) for number in (1, 2))
SUBMISSION = Submission(3, LOG.proof(3, 8), LOG.note(8))


@pytest.fixture
async def client() -> AsyncIterator[WitnessClient]:
    async with open_witness_client() as opened:
        yield opened


async def asked(client: WitnessClient, answer: Callable[[Submission], Said] | str) -> Signature | int:
    with standing_in(answer) as url:
        return await client.add_checkpoint(Witness("times", KEY.verifier_key, url), SUBMISSION)


def cosigned(key: WitnessKey, text: str = SUBMISSION.note.text) -> str:
    return f"{key.cosign(1_490_140_800, text)}\n"


async def test_a_cosignature_that_holds_is_taken_from_among_others(client: WitnessClient) -> None:
    seen = []

    def answer(submission: Submission) -> Said:
        seen.append(submission)
        return Said(200, cosigned(OTHER) + cosigned(KEY))

    assert await asked(client, answer) == KEY.cosign(1_490_140_800, SUBMISSION.note.text)
    assert seen == [SUBMISSION]


async def test_the_size_that_it_has_cosigned_is_told(client: WitnessClient) -> None:
    assert await asked(client, lambda _: Said(409, "70000\n", "text/x.tlog.size")) == 70_000


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Said(200, cosigned(KEY, LOG.note(7).text)), "its answer cannot be used: the signature of .* does not hold"),
        (Said(200, cosigned(OTHER)), f"there is no signature with the key {KEY.verifier_key.key_id.hex()} of"),
        (Said(200, cosigned(KEY).rstrip()), "does not end with a newline"),
        (Said(200, "nonsense\n"), "its answer cannot be used"),
        (Said(200, ""), "its answer cannot be used"),
        (Said(409, "70000\n"), "it answers 409"),
        (Said(409, "many\n", "text/x.tlog.size"), "its answer cannot be used: a size is written"),
        (Said(403, "no"), "it answers 403: it has another key of this log"),
        (Said(404, "no"), "it answers 404: it does not know this log"),
        (Said(503, "no"), "it answers 503"),
    ],
)
async def test_any_other_answer_is_none(client: WitnessClient, said: Said, sentence: str) -> None:
    with pytest.raises(WitnessError, match=sentence) as caught:
        await asked(client, lambda _: said)
    assert not caught.value.is_disagreement


async def test_a_proof_that_it_does_not_take_is_a_disagreement(client: WitnessClient) -> None:
    with pytest.raises(WitnessError, match="does not go on from what it has seen") as caught:
        await asked(client, lambda _: Said(422, "no"))
    assert caught.value.is_disagreement


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_server_in_trouble_is_said_to_be_so(client: WitnessClient, fault: str) -> None:
    with pytest.raises(WitnessError, match=r"it answers|its answer cannot be used|does not answer"):
        await asked(client, fault)


async def test_one_that_hangs_or_is_gone_is_not_waited_for() -> None:
    async with open_witness_client(0.1) as client:
        with pytest.raises(WitnessError, match=r"has not answered within 0\.1 s"):
            await asked(client, "hang")
    async with open_witness_client() as client:
        for url in ("http://127.0.0.1:1", "http://[nonsense", "nonsense"):
            with pytest.raises(WitnessError, match="does not answer"):
                await client.add_checkpoint(Witness("gone", KEY.verifier_key, url), SUBMISSION)


async def test_a_key_that_is_of_no_kind_it_knows_is_not_verified(client: WitnessClient) -> None:
    post_quantum = VerifierKey.of("witness.example.org/w1", 6, bytes(1312))
    assert post_quantum.kind != COSIGNATURE
    with standing_in(lambda _: Said(200, cosigned(KEY))) as url, pytest.raises(WitnessError, match="no signature"):
        await client.add_checkpoint(Witness("times", post_quantum, url), SUBMISSION)
