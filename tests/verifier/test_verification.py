"""Does the verifier find what an honest log never has, name the place, and say what should be there?"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.log.notes import VerifierKey
from api.domain.log.policies import Policy
from api.verifier.findings import FindingCode, UnreadableLog, Verdict
from api.verifier.log_files import FolderFiles
from api.verifier.log_head import Trust
from api.verifier.report import EARLIER_RESULTS, Report
from api.verifier.verification import Verification, slug_of
from tests.log_maker import DAYS, RULES, LogMaker, MemoryFiles, Signer, digest, sha, small_log, write
from tests.properties import with_examples

BUNDLE, TILE, OPENINGS = "tile/entries/000.p/18", "tile/0/000.p/18", "openings/000.p/18"
FIRST_BALLOT = 2


def verified(log: LogMaker, trust: Trust | None = None, **files: object) -> Report:
    """What is said of the files of a log."""
    return of_files(MemoryFiles(log.files(**files)), trust)


def of_files(files: MemoryFiles, trust: Trust | None = None) -> Report:
    return Verification(files, trust or Trust()).run()


def assert_broken(report: Report, code: FindingCode, place: str, entry: int | None = None, *words: str) -> None:
    finding = report.finding
    assert report.verdict is Verdict.BROKEN
    assert finding is not None
    assert (finding.code, finding.place, finding.entry) == (code, place, entry), str(finding)
    for word in words:
        assert word in str(finding)


def flipped(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


def test_a_sound_log_is_countable_and_its_figures_are_right(tmp_path: Path) -> None:
    report = Verification(FolderFiles(write(small_log().files(), tmp_path)), Trust()).run()
    assert report.finding is None
    assert report.verdict is Verdict.COUNTABLE
    assert (report.total.cast, report.total.counted, report.total.held, report.total.voided) == (7, 6, 0, 1)
    assert report.votes == {1: 4, 2: 3, 3: 2, 4: 2, 5: 2, 6: 0}
    assert {day: each.sign_ins for day, each in report.days.items()} == {DAYS[0]: 4, DAYS[1]: 3}
    assert [witness.name for witness in report.witnesses] == ["witness.example/one", "witness.example/two"]
    assert any("nobody else vouches" in note for note in report.notes)
    assert "one voter's" in report.unchecked[0]


def test_a_log_without_openings_is_sound_and_not_yet_countable() -> None:
    log = LogMaker()
    assert verified(log).verdict is Verdict.NOT_YET_COUNTABLE
    log.rules()
    log.window()
    log.ballot([1, 2])
    report = verified(log, is_open=False)
    assert report.verdict is Verdict.NOT_YET_COUNTABLE
    assert report.waiting_for == ("the close of the vote", "the result", "the openings of the ballots")


def test_a_log_of_several_levels_of_tiles_is_verified_and_each_of_them_is() -> None:
    log = LogMaker()
    log.rules()
    log.window()
    for number in range(600):
        log.ballot([1, 2], number=number)
    log.day(DAYS[0])
    log.closed()
    log.result()
    files = MemoryFiles(log.files(seen=(1, 255, 256, 257, 512, 605)))
    report = of_files(files)
    assert report.finding is None
    assert (report.verdict, report.earlier) == (Verdict.COUNTABLE, 6)
    for path in ("tile/1/000.p/2", "tile/0/001", "tile/0/002.p/93"):
        changed = MemoryFiles(files | {path: flipped(files[path], 33, 0)})
        assert_broken(of_files(changed), FindingCode.TILE_WRONG, path)
    files["tile/0/001.p/9"] = files["tile/0/001"][: 9 * 32]
    files["tile/1/000.p/1"] = files["tile/1/000.p/2"][:32]
    assert of_files(files).finding is None
    files["tile/0/001.p/9"] = files["tile/0/000"][: 9 * 32]
    assert_broken(of_files(files), FindingCode.TILE_WRONG, "tile/0/001.p/9")


FLIPPED = MemoryFiles(small_log().files(seen=(5, 9)))
PLACES = [(path, place) for path, content in FLIPPED.items() for place in range(len(content))]


def assert_flip_is_named(path: str, place: int, bit: int) -> None:
    """The file is named in the finding or, where nobody can know who has signed, in a note."""
    report = of_files(MemoryFiles(FLIPPED | {path: flipped(FLIPPED[path], place, bit)}))
    if report.finding is not None:
        assert report.finding.place == path, f"bit {bit} of byte {place} of {path}: {report.finding}"
    else:
        assert any(note.startswith(f"{path} has signatures") for note in report.notes), (path, place, bit)


@with_examples(few=120, every=250)
def test_a_flipped_bit_anywhere_is_found_and_the_file_is_named(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(PLACES), st.integers(0, 7))
    def check(where: tuple[str, int], bit: int) -> None:
        assert_flip_is_named(*where, bit)

    check()


@pytest.mark.check
def test_a_flipped_bit_in_every_byte_is_found_and_the_file_is_named() -> None:
    for number, (path, place) in enumerate(PLACES):
        assert_flip_is_named(path, place, number % 8)


@pytest.mark.parametrize("path", [path for path in FLIPPED if path not in ("policy", "keys")])
def test_a_file_that_is_missing_cut_or_longer_is_named(path: str) -> None:
    content = FLIPPED[path]
    for other in (content[:-1], content + b"\n", b""):
        finding = of_files(MemoryFiles(FLIPPED | {path: other})).finding
        assert finding is not None
        assert finding.place == path
    rest = MemoryFiles({name: each for name, each in FLIPPED.items() if name != path})
    if path == "checkpoint":
        with pytest.raises(UnreadableLog, match="there is no file “checkpoint” there"):
            of_files(rest)
    elif not path.startswith("checkpoint."):
        assert_broken(of_files(rest), FindingCode.FILE_MISSING, path, of_files(rest).finding.entry)


def test_an_entry_that_was_changed_is_told_from_a_tile_that_was() -> None:
    files = small_log().files()
    at = files[BUNDLE].index(b"ballot ") + 30
    report = of_files(MemoryFiles(files | {BUNDLE: flipped(files[BUNDLE], at, 0)}))
    stored = files[TILE][32 * FIRST_BALLOT : 32 * FIRST_BALLOT + 32].hex()
    assert_broken(report, FindingCode.ENTRY_CHANGED, BUNDLE, FIRST_BALLOT, f"signed root is {stored}")
    report = of_files(MemoryFiles(files | {TILE: flipped(files[TILE], 32 * FIRST_BALLOT, 0)}))
    assert_broken(report, FindingCode.TILE_WRONG, TILE, None, f"should be {stored}")


def test_a_root_that_was_signed_and_is_not_that_of_the_entries_is_named() -> None:
    log = small_log()
    files = MemoryFiles(log.files() | {"checkpoint": log.note(root=sha(b"")).encode()})
    assert_broken(of_files(files), FindingCode.ROOT_WRONG, "checkpoint", None, log.root.hex())


def test_a_forked_history_is_named_by_the_checkpoint_that_was_seen() -> None:
    log, other = small_log(), small_log()
    other.entries[3] = other.entries[4]
    files = MemoryFiles(log.files() | {"checkpoint.9": other.note(9).encode()})
    assert_broken(
        of_files(files), FindingCode.FORKED, "checkpoint.9", None, other.root_at(9).hex(), log.root_at(9).hex()
    )
    trust = Trust(seen={"seen/checkpoint.a": other.note(9).encode()})
    assert_broken(verified(log, trust), FindingCode.FORKED, "seen/checkpoint.a")
    elsewhere = LogMaker(origin="vote.example/log/elsewhere")
    assert verified(log, Trust(seen={"seen/checkpoint.b": elsewhere.note().encode()})).finding is None


def test_a_log_that_has_become_shorter_is_named() -> None:
    log = small_log()
    trust = Trust(seen={"seen/checkpoint.a": log.note().encode()})
    log.entries.pop()
    log.openings.pop()
    assert_broken(verified(log, trust), FindingCode.SHRUNK, "seen/checkpoint.a", None, "18 entries", "only 17")


def test_a_ballot_that_is_missing_is_named() -> None:
    log = small_log()
    files = MemoryFiles(log.files())
    short = files[BUNDLE].index(b"ballot ")
    files[BUNDLE] = files[BUNDLE][: short - 2] + files[BUNDLE][short + 82 :]
    assert_broken(of_files(files), FindingCode.BUNDLE_UNREADABLE, BUNDLE, None, "hold 17 entries", "there should be 18")
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot([1, 2])
    log.closed(2)
    assert_broken(
        verified(log),
        FindingCode.COUNT_WRONG,
        "tile/entries/000.p/4",
        3,
        "the ballots before it are 2; they are 1 by then",
    )


def test_a_ballot_that_is_there_twice_is_named() -> None:
    log = small_log()
    log.add(log.entries[FIRST_BALLOT].decode(), log.openings[FIRST_BALLOT])
    expected = f"its commitment is that of entry {FIRST_BALLOT}"
    assert_broken(verified(log), FindingCode.BALLOT_DOUBLED, "tile/entries/000.p/19", 18, expected)


def test_one_ballot_id_that_stands_for_two_ballots_is_named() -> None:
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot([1, 2], number=7)
    log.ballot([1, 2], DAYS[1], number=7)
    report = verified(log)
    assert_broken(report, FindingCode.BALLOT_DOUBLED, "openings/000.p/4", 3, "its nonce is that of entry 2")


def closed_log(*ballots: tuple[object, ...]) -> LogMaker:
    """A log of these ballots that has a result."""
    log = LogMaker()
    log.rules()
    log.window()
    for numbers in ballots:
        log.ballot(numbers)
    log.closed()
    log.result()
    return log


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((1,), ("CHOICE_COUNT", "at least 2")),
        ((1, 2, 5, 6), ("CHOICE_COUNT", "at most 3")),
        ((1, 7), ("ELIGIBLE_PROJECTS", "project/town-2026/7")),
        ((1, 2, 3), ("GROUP_CHOICE", "at most 2 projects of “N”")),
        ((4, 5, 6), ("BUDGET", "cost 150")),
        ((2, 2), ("at least 2 different", "CHOICE_COUNT")),
        ((1, 2, 2), ("DISTINCT_CHOICES",)),
    ],
)
def test_a_ballot_that_breaks_a_rule_is_named_with_the_rule(numbers: tuple[int, ...], words: tuple[str, ...]) -> None:
    report = verified(closed_log((1, 2), numbers))
    assert_broken(report, FindingCode.RULE_BROKEN, "openings/000.p/6", 3, "breaks", *words)


@pytest.mark.parametrize("numbers", [(2, 1), ("01", 2), ("1 ", 2), ("1", "2,")])
def test_a_ballot_that_is_written_otherwise_than_it_should_be_is_named(numbers: tuple[object, ...]) -> None:
    log = closed_log((1, 2))
    nonce = digest("a nonce")
    said = ",".join(map(str, numbers))
    commitment = digest(f"pingxuan/ballot/v1\n{log.slug}\n{DAYS[0]}\n{nonce}\n-\n{said}\n")
    log.add(f"ballot {DAYS[0]} {commitment}", f"{nonce} - {said}")
    report = verified(log)
    assert_broken(report, FindingCode.OPENINGS_UNREADABLE, "openings/000.p/6", 5, "its numbers ascending")


def test_an_opening_of_another_ballot_is_named() -> None:
    log = small_log()
    log.openings[3], log.openings[4] = log.openings[4], log.openings[3]
    report = verified(log)
    assert_broken(report, FindingCode.OPENING_WRONG, OPENINGS, 3, "line 4 opens", log.entries[3][18:].decode())


OUT_OF_PLACE: dict[str, tuple[Callable[[LogMaker], object], FindingCode, str]] = {
    "a release of what is not held": (lambda log: log.ruling("release", 2), FindingCode.RULING_WRONG, "is not held"),
    "a hold of what is held": (lambda log: log.ruling("hold", 4), FindingCode.RULING_WRONG, "held already"),
    "a ruling on what is void": (lambda log: log.ruling("release", 3), FindingCode.RULING_WRONG, "which is final"),
    "a ruling on no ballot": (lambda log: log.ruling("hold", 1), FindingCode.RULING_WRONG, "entry 1 is no ballot"),
    "a ruling before its ballot": (lambda log: log.ruling("hold", 8), FindingCode.RULING_WRONG, "stands before it"),
    "a day before the vote": (lambda log: log.ballot([1, 2], "2026-05-01"), FindingCode.DAY_WRONG, "2026-05-02 to"),
    "a day that no calendar has": (
        lambda log: log.ballot([1, 2], "2026-13-01"),
        FindingCode.ENTRY_UNREADABLE,
        "2026-13",
    ),
    "numbers of a day that is none": (lambda log: log.day("2026-05-09"), FindingCode.DAY_WRONG, "no voting day"),
    "wrong numbers of a day": (
        lambda log: log.day(DAYS[0], cast=9),
        FindingCode.COUNT_WRONG,
        "are 9; they are 3 by then",
    ),
    "a result before the close": (lambda log: log.result(), FindingCode.OUT_OF_ORDER, "after “closed”"),
    "the log that it continues": (
        lambda log: log.add(f"continues a/b 1 {'0' * 64}"),
        FindingCode.OUT_OF_ORDER,
        "the first entry",
    ),
    "a version that goes back": (
        lambda log: [log.selection("FINAL", version, "{}", "0" * 64) for version in (2, 1)][-1],
        FindingCode.OUT_OF_ORDER,
        "version 1 of FINAL after version 2",
    ),
    "what no entry is": (lambda log: log.add("closed 01"), FindingCode.ENTRY_UNREADABLE, "closed 01"),
    "a window that closes before it opens": (
        lambda log: log.window("2026-05-04T16:00:00Z", "2026-05-01T16:00:00Z"),
        FindingCode.DAY_WRONG,
        "closes after it opens",
    ),
}


@pytest.mark.parametrize("what", OUT_OF_PLACE)
def test_an_entry_that_is_out_of_order_or_says_what_is_not_so_is_named(what: str) -> None:
    log = LogMaker()
    log.rules()
    log.window()
    for numbers in [(1, 2), (2, 5), (1, 3)]:
        log.ballot(numbers)
    log.ruling("void", 3)
    log.ruling("hold", 4)
    add, code, words = OUT_OF_PLACE[what]
    index = add(log)
    size = len(log.entries)
    assert_broken(verified(log, is_open=False), code, f"tile/entries/000.p/{size}", size - 1, words)
    assert index in (None, size - 1)


@pytest.mark.parametrize("first", ["ballot", "window", "closed"])
def test_a_log_that_does_not_begin_with_its_rules_is_named(first: str) -> None:
    log = LogMaker()
    {"ballot": lambda: log.ballot([1, 2]), "window": log.window, "closed": log.closed}[first]()
    assert_broken(verified(log, is_open=False), FindingCode.OUT_OF_ORDER, "tile/entries/000.p/1", 0, "rules")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tree: tree["projects"][0].update(votes=5), "the votes for 1: 5; the ballots come to 4"),
        (lambda tree: tree["ballots"].update(held=1), "ballots.held: 1; the ballots come to 0"),
        (lambda tree: tree["days"][1].update(cast=4), "days[1].cast: 4; the ballots come to 3"),
        (lambda tree: tree["days"].pop(), "days: ['2026-05-02']; the ballots come to ['2026-05-02', '2026-05-03']"),
        (lambda tree: tree["projects"].pop(0), "projects with votes: [2, 3, 4, 5]"),
        (lambda tree: tree["projects"].append(tree["projects"][0]), "how often 1 is there: 2"),
        (lambda tree: tree.update(campaign="elsewhere"), "campaign: elsewhere"),
    ],
)
def test_a_wrong_number_in_the_result_is_named_with_the_right_one(change: Callable[[dict], object], words: str) -> None:
    log = small_log()
    tree = log.result_tree()
    change(tree)
    log.result(tree)
    place = f"documents/{digest(log.documents[-1])}"
    assert_broken(verified(log), FindingCode.RESULT_WRONG, place, 18, words)


def test_a_result_that_is_no_result_is_named() -> None:
    log = small_log()
    log.result({"format": "pingxuan/result/v1"})
    place = f"documents/{digest(log.documents[-1])}"
    assert_broken(verified(log), FindingCode.DOCUMENT_WRONG, place, 18, "campaign is missing")


def test_openings_that_are_withheld_after_the_result_are_named() -> None:
    report = verified(small_log(), is_open=False)
    assert_broken(
        report, FindingCode.FILE_MISSING, OPENINGS, None, "ballots are open once there is a result, at entry 17"
    )


def test_what_comes_after_the_result_waits_for_a_new_one() -> None:
    log = small_log()
    log.ruling("void", 2)
    report = verified(log)
    assert report.verdict is Verdict.NOT_YET_COUNTABLE
    assert report.waiting_for == (
        f"the new numbers of {DAYS[0]}",
        "a result that has what came after the last one, at entry 17",
    )
    assert report.votes is not None
    assert report.votes[1] == 4  # as of the result
    log.day(DAYS[0])
    log.result()
    report = verified(log)
    assert report.verdict is Verdict.COUNTABLE
    assert report.votes is not None
    assert report.votes[1] == 3


def test_the_key_that_was_given_has_to_have_signed() -> None:
    log = small_log()
    report = verified(log, Trust(keys=(VerifierKey.parse(log.signer.vkey),)))
    assert report.keys_given
    assert not any("vouches for it" in note for note in report.notes)
    other = VerifierKey.parse(Signer(log.origin + "/other").vkey)
    assert_broken(verified(log, Trust(keys=(other,))), FindingCode.CHECKPOINT_UNREADABLE, "checkpoint", None, "/other")
    forged = VerifierKey.of(log.origin, 1, other.public)
    assert_broken(verified(log, Trust(keys=(forged,))), FindingCode.SIGNATURE_MISSING, "checkpoint")


def test_a_quorum_that_is_not_met_is_named() -> None:
    log = small_log()
    files = MemoryFiles(log.files() | {"checkpoint": log.note(witnesses=["witness.example/two"]).encode()})
    assert_broken(of_files(files), FindingCode.WITNESSES_MISSING, "checkpoint", None, "cosigned by w2")
    report = of_files(files, Trust(policy=Policy.parse(log.policy(1))))
    assert [witness.name for witness in report.witnesses] == ["witness.example/two"]
    files["policy"] = b"quorum none\n"
    report = of_files(files)
    assert any("no witness vouches" in note for note in report.notes)
    assert any("checkpoint has signatures by keys that are not known" in note for note in report.notes)


def test_a_log_without_any_key_cannot_be_verified() -> None:
    files = MemoryFiles(small_log().files())
    del files["keys"]
    with pytest.raises(UnreadableLog, match="--key"):
        of_files(files)


def test_more_ballots_than_sign_ins_are_a_note_and_no_finding() -> None:
    log = LogMaker()
    log.rules()
    log.window()
    for number in range(3):
        log.ballot([1, 2], DAYS[1], number=number)
    log.day(DAYS[0], signins=1)
    log.day(DAYS[1], signins=1)
    notes = verified(log).notes
    assert any(note.startswith(f"{DAYS[1]}: 3 ballots are more than the 2 sign-ins") for note in notes)


def test_entries_of_an_unknown_kind_are_passed_over_and_said_to_be() -> None:
    log = small_log()
    log.add("weather rain")
    report = verified(log)
    assert report.verdict is Verdict.COUNTABLE
    assert any("1 entries, from 18 on, are of kinds that are not known here" in each for each in report.unchecked)


def test_an_entry_of_an_unknown_kind_may_be_the_first() -> None:
    log = LogMaker()
    log.add("weather rain")
    log.rules()
    log.window()
    log.ballot([1, 2])
    assert verified(log).verdict is Verdict.NOT_YET_COUNTABLE


def test_a_log_that_continues_another_names_it_and_has_its_campaigns_slug() -> None:
    log = LogMaker(origin="vote.example/log/town-2026/2")
    log.add(f"continues vote.example/log/town-2026 5 {'0' * 64}")
    log.rules()
    log.window()
    log.ballot([1, 2])
    log.closed()
    log.result()
    report = verified(log)
    assert report.finding is None
    assert any("vote.example/log/town-2026, with 5 entries" in each for each in report.unchecked)
    assert slug_of("vote.example/log/2", None) == "2"


def test_rules_that_changed_hold_from_their_place_on() -> None:
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot([1, 2])
    log.rules_tree = {**log.rules_tree, "choices": {"minimum": 3, "maximum": 3}}
    changed = log.rules()
    log.ballot([1, 2, 5])
    assert any(f"at entry {changed}" in note for note in verified(log).notes)
    log.ballot([1, 2])
    assert_broken(verified(log), FindingCode.RULE_BROKEN, "openings/000.p/6", 5)


def test_the_report_is_one_object_of_json() -> None:
    tree = json.loads(json.dumps(verified(small_log()).tree()))
    assert tree["verdict"] == "COUNTABLE"
    assert tree["log"]["root"] == small_log().root.hex()
    assert tree["votes"][0] == {"number": 1, "votes": 4, "voidedVotes": 0}


@pytest.mark.parametrize(
    ("write_otherwise", "words"),
    [
        (lambda text: text.replace('"votes":4', '"votes":9,"votes":4', 1), "each there once"),
        (lambda text: f"{text}\n", "not canonical"),
        (lambda _: "[" * 200_000, "nested too deeply"),
    ],
)
def test_a_result_that_readers_may_read_in_two_ways_is_named(write_otherwise: Callable[[str], str], words: str) -> None:
    log = small_log()
    log.result()
    text = write_otherwise(log.documents.pop())
    log.documents.append(text)
    log.entries[-1] = f"result {digest(text)}".encode()
    assert_broken(verified(log), FindingCode.DOCUMENT_WRONG, f"documents/{digest(text)}", 18, words)


@pytest.mark.parametrize(
    "write_otherwise", [lambda text: text.replace('"maximum":3', '"maximum":1,"maximum":3'), lambda _: "[" * 200_000]
)
def test_rules_that_readers_may_read_in_two_ways_are_named(write_otherwise: Callable[[str], str]) -> None:
    log = LogMaker()
    log.rules()
    text = log.documents[0] = write_otherwise(log.documents[0])
    log.entries[0] = f"rules {digest(text)}".encode()
    log.window()
    assert_broken(verified(log), FindingCode.DOCUMENT_WRONG, f"documents/{digest(text)}", 0)


def test_a_zone_that_is_none_although_it_has_a_file_is_named() -> None:
    log = LogMaker(rules_tree={**RULES, "time_zone": "Asia"})
    log.rules()
    log.window()
    assert_broken(verified(log), FindingCode.DOCUMENT_WRONG, f"documents/{digest(log.documents[0])}", 0, "time_zone")


@pytest.mark.parametrize(
    "moments", [("0001-01-01T00:00:00Z", "0001-01-03T00:00:00Z"), ("9999-12-30T00:00:00Z", "9999-12-31T23:00:00Z")]
)
def test_a_window_at_the_end_of_all_calendars_is_named(moments: tuple[str, str]) -> None:
    log = LogMaker()
    log.rules()
    log.window(*moments)
    assert_broken(verified(log), FindingCode.DAY_WRONG, "tile/entries/000.p/2", 1, "1900")


def test_a_day_whose_numbers_were_never_stated_is_waited_for() -> None:
    """Nobody can ask about sign-ins that a log keeps to itself."""
    log = LogMaker()
    log.rules()
    log.window()
    log.ballot((1, 2))
    log.closed()
    log.result()
    report = verified(log)
    assert (report.verdict, report.waiting_for) == (Verdict.NOT_YET_COUNTABLE, (f"the numbers of {DAYS[0]}",))


def test_an_earlier_result_that_was_not_recounted_is_said_to_be() -> None:
    log = small_log()
    assert EARLIER_RESULTS not in " ".join(verified(log).unchecked)
    log.result()
    assert f"{EARLIER_RESULTS} (at entry 17)" in verified(log).unchecked
