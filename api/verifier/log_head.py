"""The head of a log: who has signed it, which witnesses have, and whether it goes on from heads that were seen before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import ED25519, SignedNote, VerifierKey
from api.domain.log.policies import Policy
from api.domain.log.receipts import KEY_SUFFIX
from api.verifier.findings import FindingCode, LogBroken, UnreadableLog
from api.verifier.hash_tree import HashTree
from api.verifier.log_files import LogFiles
from api.verifier.note_signatures import (
    check_cosigned,
    check_signed,
    check_witnesses,
    read_checkpoint,
    read_keys,
    read_policy,
    unknown_signatures,
)
from api.verifier.report import Report

CHECKPOINT, KEYS, POLICY = "checkpoint", "keys", "policy"
SEEN = "checkpoint."  # and the size, of one that was seen before


@dataclass(frozen=True)
class Trust:
    """What whoever verifies brings along. keys: of the log; none: those it publishes. seen: checkpoints, by their place."""

    keys: tuple[VerifierKey, ...] = ()
    policy: Policy | None = None
    seen: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """A log's head that is signed, and the heads that were seen before, by their places."""

    checkpoint: Checkpoint
    published_keys: tuple[VerifierKey, ...]
    earlier: Mapping[str, Checkpoint]


def read_head(files: LogFiles, trust: Trust, report: Report) -> Head:
    """Read a log's head, and see who has signed it."""
    content = files.find(CHECKPOINT)
    if content is None:
        raise UnreadableLog("there is no file “checkpoint” there; name the address or the folder of a ballot log.")
    note, checkpoint = read_checkpoint(content, CHECKPOINT)
    report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root
    published = read_keys(files.find(KEYS) or b"", KEYS)
    keys = trust.keys or tuple(key for key in published if is_of_log(key))
    if not keys:
        raise UnreadableLog("the log publishes no key of its own that could be used; give the organizer's with --key.")
    _check_origin(checkpoint, keys)
    signed = check_signed(note, keys, CHECKPOINT)
    report.keys, report.keys_given = tuple(str(each.key) for each in signed), bool(trust.keys)
    _tell_of_keys(report, trust, published)
    policy = trust.policy or _published_policy(files, report)
    report.witnesses = check_witnesses(note, policy, CHECKPOINT)
    witnesses = [witness.key for witness in policy.witnesses]
    _tell_of_signatures(report, CHECKPOINT, note, [*keys, *published, *witnesses])
    earlier = _Earlier([*keys, *filter(is_of_log, published)], witnesses, checkpoint.origin, report)
    report.earlier = len(seen := earlier.read(files, trust))
    return Head(checkpoint, published, seen)


def is_of_log(key: VerifierKey) -> bool:
    """Tell whether a key signs checkpoints: those that sign receipts have a name of their own."""
    return key.kind == ED25519 and not key.name.endswith(KEY_SUFFIX)


def check_growth(head: Head, tree: HashTree) -> None:
    """See that the log begins with what each earlier checkpoint was of."""
    size = head.checkpoint.size
    for place, earlier in head.earlier.items():
        if earlier.size > size:
            found, should = f"it is of {earlier.size} entries", f"the log has only {size} now, and it only grows"
            raise LogBroken(FindingCode.SHRUNK, place, found, should)
        if (root := tree.root_at(earlier.size)) != earlier.root:
            found = f"it says that the first {earlier.size} entries have the root {earlier.root.hex()}"
            raise LogBroken(FindingCode.FORKED, place, found, f"today they have the root {root.hex()}")


def _check_origin(checkpoint: Checkpoint, keys: Sequence[VerifierKey]) -> None:
    """See that the checkpoint is of the log whose keys these are, and says nothing more."""
    names = sorted({key.name for key in keys})
    if checkpoint.origin not in names:
        found, should = f"it is of the log {checkpoint.origin}", f"the keys are of {', '.join(names)}"
        raise LogBroken(FindingCode.CHECKPOINT_UNREADABLE, CHECKPOINT, found, should)
    if checkpoint.extensions:
        found = f"it has {len(checkpoint.extensions)} lines more than it should"
        raise LogBroken(FindingCode.CHECKPOINT_UNREADABLE, CHECKPOINT, found, "it has an origin, a size and a root")


def _published_policy(files: LogFiles, report: Report) -> Policy:
    content = files.find(POLICY)
    policy = Policy() if content is None else read_policy(content, POLICY)
    if not policy.witnesses:
        report.notes.append("no witness vouches that everybody is shown this same log; compare its root with others'")
    else:
        report.notes.append("the witnesses are those of the log's own policy; with --policy you name yours")
    return policy


def _tell_of_keys(report: Report, trust: Trust, published: Sequence[VerifierKey]) -> None:
    if not trust.keys:
        report.notes.append("the log's key is the one that it publishes itself; nobody else vouches for it (--key)")
    elif published and not {*trust.keys} & {*published}:
        report.notes.append("the key that was given is none of those that the log publishes")


def _tell_of_signatures(report: Report, place: str, note: SignedNote, keys: Sequence[VerifierKey]) -> None:
    if unknown := unknown_signatures(note, keys):
        report.notes.append(f"{place} has signatures by keys that are not known here: {', '.join(unknown)}")


@dataclass(frozen=True)
class _Earlier:
    """Reads the checkpoints of a log that were seen before. keys: of the log; witnesses: theirs."""

    keys: Sequence[VerifierKey]
    witnesses: Sequence[VerifierKey]
    origin: str
    report: Report

    def read(self, files: LogFiles, trust: Trust) -> Mapping[str, Checkpoint]:
        """Return those that lie beside the log and those that the caller has, by their places."""
        paths = [path for path in files.paths() if path.startswith(SEEN)]
        found = {path: self._in_folder(path, files.find(path) or b"") for path in paths}
        for place, content in trust.seen.items():
            note, checkpoint = read_checkpoint(content, place)
            if checkpoint.origin == self.origin:
                found[place] = self._signed(place, note, checkpoint)
        return found

    def _in_folder(self, path: str, content: bytes) -> Checkpoint:
        note, checkpoint = read_checkpoint(content, path)
        self._signed(path, note, checkpoint)
        if checkpoint.origin != self.origin or path != f"{SEEN}{checkpoint.size}":
            found = f"it is of {checkpoint.size} entries of {checkpoint.origin}"
            should = f"it is called after its size, and of {self.origin}"
            raise LogBroken(FindingCode.CHECKPOINT_UNREADABLE, path, found, should)
        return checkpoint

    def _signed(self, place: str, note: SignedNote, checkpoint: Checkpoint) -> Checkpoint:
        check_signed(note, self.keys, place)
        check_cosigned(note, self.witnesses, place)
        _tell_of_signatures(self.report, place, note, [*self.keys, *self.witnesses])
        return checkpoint
