"""Are cosignatures collected from witnesses that run, to the quorum, and is a log that is behind one found out?"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.domain.log.notes import SignedNote
from api.domain.log.policies import Policy, Witness
from api.domain.log.signatures import check_signatures
from api.ports.log import LogBehindError, QuorumMissingError
from api.services.log.witnessing import Witnessing
from api.transparency.ed25519 import ed25519_holds
from api.transparency.witness_client import WitnessClient, open_witness_client
from api.witness.witness_key import WitnessKey
from tests.standins.witness import Said, standing_in
from tests.witnesses import SmallLog, WitnessProcess, make_witness, witnessing

LOG, FORK = SmallLog(), SmallLog("other")
ABSENT = Witness("absent", WitnessKey.of("absent.example/w", b"a" * 32).verifier_key, "http://127.0.0.1:1")


@pytest.fixture
async def client() -> AsyncIterator[WitnessClient]:
    async with open_witness_client() as opened:
        yield opened


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[WitnessProcess]]:
    with ExitStack() as stack:
        for name in ("times", "harbour"):
            make_witness(tmp_path / name, f"{name}.example/w", f"log {LOG.key}")
        yield [stack.enter_context(witnessing(tmp_path / name)) for name in ("times", "harbour")]


def policy(quorum: str, *witnesses: Witness) -> Policy:
    lines = [f"witness {each.name} {each.key} {each.url}\n" for each in witnesses]
    members = " ".join(each.name for each in witnesses)
    return Policy.parse("".join([*lines, f"group everybody {quorum} {members}\nquorum everybody\n"]))


def signers(note: str, *witnesses: Witness) -> set[str]:
    signed = check_signatures(SignedNote.parse(note), [LOG.key, *(each.key for each in witnesses)], ed25519_holds)
    return {each.key.name for each in signed}


async def test_all_of_two_witnesses_cosign_a_log_that_grows(client: WitnessClient, two: list[WitnessProcess]) -> None:
    ours = [each.named(name) for each, name in zip(two, ("times", "harbour"), strict=True)]
    collecting = Witnessing(policy("all", *ours), client)
    for size in (1, 5, 5, 70):
        note = await collecting.cosign(str(LOG.note(size)), LOG.prove)
        assert SignedNote.parse(note).text == LOG.note(size).text
        assert signers(note, *ours) == {LOG.origin, "times.example/w", "harbour.example/w"}
    assert "harbour.example/w" in two[1].checkpoint.read_text()
    # Another process knows nothing of what they have seen.
    assert len(signers(await Witnessing(policy("all", *ours), client).cosign(str(LOG.note(80)), LOG.prove), *ours)) == 3


async def test_a_witness_that_is_down_is_missed_by_all_and_not_by_any(
    client: WitnessClient, two: list[WitnessProcess]
) -> None:
    ours = [two[0].named("times"), ABSENT]
    note = await Witnessing(policy("any", *ours), client).cosign(str(LOG.note(5)), LOG.prove)
    assert signers(note, *ours) == {LOG.origin, "times.example/w"}
    with pytest.raises(
        QuorumMissingError, match=r"at 5 entries yet: the quorum .* everybody, .* absent: it does not answer"
    ):
        await Witnessing(policy("all", *ours), client).cosign(str(LOG.note(5)), LOG.prove)


async def test_a_witness_that_was_started_again_or_asked_by_others_is_gone_on_with(
    client: WitnessClient, tmp_path: Path
) -> None:
    make_witness(tmp_path / "times", "times.example/w", f"log {LOG.key}")
    with witnessing(tmp_path / "times") as witness:
        port = int(witness.url.rpartition(":")[2])
        ours = policy("all", witness.named("times"))
        collecting, other = Witnessing(ours, client), Witnessing(ours, client)
        await collecting.cosign(str(LOG.note(5)), LOG.prove)
        await other.cosign(str(LOG.note(9)), LOG.prove)
        await collecting.cosign(str(LOG.note(11)), LOG.prove)
    with pytest.raises(QuorumMissingError):
        await collecting.cosign(str(LOG.note(12)), LOG.prove)
    with witnessing(tmp_path / "times", port) as witness:
        note = await collecting.cosign(str(LOG.note(13)), LOG.prove)
        assert signers(note, witness.named("times")) == {LOG.origin, "times.example/w"}


async def test_a_log_that_went_back_is_found_out_however_many_would_cosign(
    client: WitnessClient, two: list[WitnessProcess]
) -> None:
    times, harbour = two[0].named("times"), two[1].named("harbour")
    await Witnessing(policy("all", times), client).cosign(str(LOG.note(70)), LOG.prove)
    with pytest.raises(LogBehindError, match=r"times has seen more of it: .* at 70 entries\. Here it has 60") as caught:
        await Witnessing(policy("any", times, harbour), client).cosign(str(LOG.note(60)), LOG.prove)
    assert caught.value.size == 70


@pytest.mark.parametrize("size", [70, 71, 90])
async def test_a_second_history_gets_no_cosignature(
    client: WitnessClient, two: list[WitnessProcess], size: int
) -> None:
    ours = policy("any", two[0].named("times"))
    await Witnessing(ours, client).cosign(str(LOG.note(70)), LOG.prove)
    kept = two[0].checkpoint.read_text()
    with pytest.raises(LogBehindError, match="times has seen another history of it") as caught:
        await Witnessing(ours, client).cosign(str(FORK.note(size)), FORK.prove)
    assert caught.value.is_forked
    assert two[0].checkpoint.read_text() == kept


async def test_a_witness_that_contradicts_itself_is_no_proof_of_anything(client: WitnessClient) -> None:
    key = ABSENT.key
    sizes = iter((3, 4, 5, 6))
    with (
        standing_in(lambda _: Said(409, f"{next(sizes)}\n", "text/x.tlog.size")) as url,
        pytest.raises(QuorumMissingError, match="odd: it names another size each time it is asked, 5"),
    ):
        await Witnessing(policy("all", Witness("odd", key, url)), client).cosign(str(LOG.note(9)), LOG.prove)


async def test_a_note_has_no_more_cosignatures_than_everybody_can_read(client: WitnessClient) -> None:
    keys = [WitnessKey.of(f"w{number}.example/w", bytes([number]) * 32) for number in range(20)]
    with ExitStack() as stack:
        witnesses = [
            Witness(
                f"w{number}",
                key.verifier_key,
                stack.enter_context(
                    standing_in(lambda asked, key=key: Said(200, f"{key.cosign(1, asked.note.text)}\n"))
                ),
            )
            for number, key in enumerate(keys)
        ]
        members = " ".join(f"w{number}" for number in range(19))
        lines = "".join(f"witness {each.name} {each.key} {each.url}\n" for each in witnesses)
        ours = Policy.parse(f"{lines}group most 1 {members}\ngroup both all most w19\nquorum both\n")
        note = await Witnessing(ours, client).cosign(str(LOG.note(5)), LOG.prove)
    kept = SignedNote.parse(note).signatures
    assert len(kept) <= 16
    assert "w19.example/w" in {each.name for each in kept}
