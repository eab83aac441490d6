"""Are policies read as tlog-policy says, and is a quorum met by those who meet it and nobody else?"""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.notes import COSIGNATURE, ED25519, NoteError, VerifierKey
from api.domain.log.policies import Group, Policy
from tests.domain.log.vectors import VKEY

WITNESSES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
KEYS = {name: VerifierKey.of(f"{name}.example", COSIGNATURE, name.encode() * 16) for name in WITNESSES}
EXAMPLE = f"""\
# two organisations
log {VKEY} https://log.example/

witness X1 {KEYS["X1"]}
\twitness  X2 {KEYS["X2"]}\t
witness X3 {KEYS["X3"]} https://x3.example/
group X-witnesses 2 X1 X2 X3
  # the other
witness Y1 {KEYS["Y1"]}
witness Y2 {KEYS["Y2"]}
witness Y3 {KEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
ONE = f"witness W {KEYS['X1']}\n"


def test_the_example_of_the_specification_is_met_by_two_of_one_and_one_of_the_other() -> None:
    policy = Policy.parse(EXAMPLE)
    for count in range(len(WITNESSES) + 1):
        for names in combinations(WITNESSES, count):
            ours, theirs = (sum(name[0] == side for name in names) for side in "XY")
            assert policy.is_met_by(names) == (ours >= 2 and theirs >= 1)
    assert not policy.is_met_by(["strangers", "W"])


def test_a_policy_says_the_same_when_it_is_written() -> None:
    policy = Policy.parse(EXAMPLE)
    assert Policy.parse(str(policy)) == policy == Policy.parse(EXAMPLE.encode())
    assert policy.groups[2] == Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses"))
    assert (policy.logs[0].url, policy.witnesses[2].url) == ("https://log.example/", "https://x3.example/")


def test_a_policy_without_a_quorum_is_met_by_nobody_signing() -> None:
    assert Policy.parse("quorum none\n").is_met_by([])
    assert Policy.parse(str(Policy())) == Policy()


def test_one_witness_may_be_the_quorum() -> None:
    policy = Policy.parse(f"{ONE}quorum W\n")
    assert policy.is_met_by(["W"])
    assert not policy.is_met_by([])


def test_the_log_of_a_policy_can_be_said_later() -> None:
    key = VerifierKey.parse(VKEY)
    policy = Policy.parse(f"{ONE}quorum W\n").with_logs(key)
    assert str(policy).startswith(f"log {VKEY}\nwitness W ")
    assert [log.key for log in policy.logs] == [key]


def test_witnesses_are_known_by_their_keys() -> None:
    policy = Policy.parse(EXAMPLE)
    stranger = VerifierKey.of("z.example", COSIGNATURE, b"z" * 32)
    assert policy.names_of([KEYS["X1"], KEYS["Y2"], stranger]) == {"X1", "Y2"}


def test_names_of_a_policy_need_not_be_utf_8_but_those_of_keys_do() -> None:
    policy = Policy.parse(f"witness caf\xe9 {KEYS['X1']}\nquorum caf\xe9\n".encode("latin-1"))
    assert policy.is_met_by([policy.witnesses[0].name])
    assert str(policy).encode(errors="surrogateescape").startswith(b"witness caf\xe9 ")
    with pytest.raises(NoteError, match="line 1 of the policy: a key's name is UTF-8"):
        Policy.parse(b"log caf\xe9+00000000+" + VKEY.rpartition("+")[2].encode() + b"\nquorum none\n")


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=6))
def test_every_policy_is_read_back(shapes: list[tuple[int, int]]) -> None:
    """Groups over witnesses, each with the group before it as a member."""
    lines, before, number = [], [], 0
    for place, (members, threshold) in enumerate(shapes):
        names = [f"w{number + each}" for each in range(members)]
        number += members
        lines += [f"witness {name} {VerifierKey.of(name, COSIGNATURE, name.encode().ljust(32))}" for name in names]
        lines.append(f"group g{place} {min(threshold, members)} {' '.join(names + before)}")
        before = [f"g{place}"]
    text = "".join(f"{line}\n" for line in [*lines, f"quorum {before[0] if before else 'none'}"])
    policy = Policy.parse(text)
    assert Policy.parse(str(policy)) == policy
    assert policy.is_met_by([witness.name for witness in policy.witnesses])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no line 'quorum NAME'"),
        ("quorum none", "does not end with a newline"),
        ("quorum none\nquorum none\n", "line 2 of the policy: the quorum has been said"),
        ("\nquorum W\n", "line 2 of the policy: no line before it defines 'W'"),
        (f"quorum W\n{ONE}", "line 1 of the policy: no line before it defines 'W'"),
        ("quorum\n", "is none of"),
        ("quorum none none\n", "is none of"),
        ("Quorum none\n", "it begins with 'Quorum'"),
        ("quorum\u00a0none\n", "is none of"),
        ("quorum none\r\n", "control characters"),
        (f"log {VKEY} https://a https://b\nquorum none\n", "is none of"),
        (f"log {VKEY}\nlog {VKEY}\nquorum none\n", "line 2 of the policy: another log has this key"),
        (f"log {KEYS['X1']}\nquorum none\n", "a log does not sign with a key of kind 4"),
        (f"witness W {VKEY}\nquorum none\n", "a witness does not sign with a key of kind 1"),
        (f"{ONE}witness V {KEYS['X1']}\nquorum none\n", "another witness has this key"),
        (f"{ONE}witness W {KEYS['X2']}\nquorum none\n", "the name 'W' is taken"),
        (f"witness none {KEYS['X1']}\nquorum none\n", "the name 'none' is taken"),
        (f"{ONE}group W any W\nquorum none\n", "the name 'W' is taken"),
        ("witness W key\nquorum none\n", "a key is written"),
        (f"{ONE}group g 0 W\nquorum g\n", "a number from 1 to 1"),
        (f"{ONE}group g 2 W\nquorum g\n", "a number from 1 to 1"),
        (f"{ONE}group g 01 W\nquorum g\n", "a number from 1 to 1"),
        (f"{ONE}group g most W\nquorum g\n", "a number from 1 to 1"),
        (f"{ONE}group g any\nquorum g\n", "is none of"),
        (f"{ONE}group g any W W\nquorum g\n", "'W' is a member already"),
        (f"{ONE}group g any W\ngroup h any W\nquorum h\n", "'W' is a member already"),
        (f"{ONE}group g any none\nquorum g\n", "no line before it defines 'none'"),
        (f"{ONE}group g any g\nquorum g\n", "no line before it defines 'g'"),
        ("#\n" * 5000 + "quorum none\n", "at most 4096"),
    ],
)
def test_anything_else_is_no_policy(text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        Policy.parse(text)


def test_one_key_under_two_names_is_one_witness() -> None:
    again = VerifierKey.of("other.example", COSIGNATURE, KEYS["X1"].public)
    with pytest.raises(NoteError, match="another witness has this key"):
        Policy.parse(f"{ONE}witness V {again}\nquorum W\n")
    as_log = VerifierKey.of("other.example", ED25519, KEYS["X1"].public)
    assert Policy.parse(f"log {as_log}\n{ONE}quorum W\n").logs[0].key == as_log
