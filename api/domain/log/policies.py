"""Policies (tlog-policy): which logs are meant, and which witnesses have to have cosigned a checkpoint."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from api.domain.log.notes import COSIGNATURE, ED25519, ML_DSA_44, NoteError, VerifierKey

NONE = "none"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
THRESHOLD = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
MAX_LINES = 4096


class PolicyLog(NamedTuple):
    """A log by its key, and where it is, if that is said."""

    key: VerifierKey
    url: str = ""


class Witness(NamedTuple):
    """A witness. `name` stands for it in the policy alone; its signatures bear the name of its key."""

    name: str
    key: VerifierKey
    url: str = ""


class Group(NamedTuple):
    """Witnesses and groups of which at least `threshold` are needed."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs, witnesses, groups, each after its members, and the witness or group that is the quorum, or `none`."""

    logs: tuple[PolicyLog, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    @classmethod
    def parse(cls, text: str | bytes) -> "Policy":
        """Read a policy; bytes that are not UTF-8 stay what they are. Raises NoteError, which names the line."""
        return _Reader().read(text.decode(errors="surrogateescape") if isinstance(text, bytes) else text)

    def __str__(self) -> str:
        lines = [_line("log", str(each.key), each.url) for each in self.logs]
        lines += [_line("witness", each.name, str(each.key), each.url) for each in self.witnesses]
        lines += [_line("group", each.name, str(each.threshold), *each.members) for each in self.groups]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])

    def with_logs(self, *keys: VerifierKey) -> "Policy":
        """Return the policy for logs with these keys instead of its own."""
        return replace(self, logs=tuple(map(PolicyLog, keys)))

    def is_met_by(self, names: Collection[str]) -> bool:
        """Tell whether it is enough that the witnesses of these names, as the policy calls them, have cosigned."""
        met = {NONE, *names}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def names_of(self, keys: Collection[VerifierKey]) -> frozenset[str]:
        """Return what the policy calls the witnesses that have these keys."""
        return frozenset(witness.name for witness in self.witnesses if witness.key in keys)


def _line(*words: str) -> str:
    return " ".join(word for word in words if word)


class _Reader:
    """What the lines read so far have defined."""

    def __init__(self) -> None:
        self.logs: list[PolicyLog] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self.defined: set[str] = set()
        self.members: set[str] = set()
        self.publics: set[tuple[str, bytes]] = set()

    def read(self, text: str) -> Policy:
        lines = text.split("\n")
        if lines.pop():
            raise NoteError("the last line of the policy does not end with a newline")
        if len(lines) > MAX_LINES:
            raise NoteError(f"the policy has {len(lines)} lines; at most {MAX_LINES} are read")
        for number, line in enumerate(lines, 1):
            try:
                self.take(line)
            except NoteError as error:
                raise NoteError(f"line {number} of the policy: {error}") from None
        if self.quorum is None:
            raise NoteError("the policy has no line 'quorum NAME'; 'quorum none' asks for no cosignature")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def take(self, line: str) -> None:
        """Read one line."""
        if CONTROLS.search(line):
            raise NoteError("it has control characters")
        match [word for word in re.split("[ \t]+", line) if word]:
            case []:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", key, *url] if len(url) <= 1:
                self.logs.append(PolicyLog(self.key("log", key, {ED25519, ML_DSA_44}), *url))
            case ["witness", name, key, *url] if len(url) <= 1:
                self.define(name)
                self.witnesses.append(Witness(name, self.key("witness", key, {COSIGNATURE, ML_DSA_44}), *url))
            case ["group", name, threshold, member, *others]:
                self.groups.append(self.group(name, threshold, (member, *others)))
                self.define(name)
            case ["quorum", name]:
                self.set_quorum(name)
            case [first, *_]:
                forms = "'log KEY [URL]', 'witness NAME KEY [URL]', 'group NAME all|any|K NAME...' or 'quorum NAME'"
                raise NoteError(f"it begins with {first[:80]!r} and is none of {forms}")

    def key(self, role: str, text: str, kinds: set[int]) -> VerifierKey:
        key = VerifierKey.parse(text)
        if key.kind not in kinds:
            raise NoteError(f"a {role} does not sign with a key of kind {key.kind}, but with one of {sorted(kinds)}")
        if (role, key.public) in self.publics:
            raise NoteError(f"another {role} has this key already")
        self.publics.add((role, key.public))
        return key

    def define(self, name: str) -> None:
        if name == NONE or name in self.defined:
            raise NoteError(f"the name {name!r} is taken")
        self.defined.add(name)

    def group(self, name: str, threshold: str, members: tuple[str, ...]) -> Group:
        for member in members:
            if member not in self.defined:
                raise NoteError(f"no line before it defines {member!r}")
            if member in self.members:
                raise NoteError(f"{member!r} is a member already; each may be so once")
            self.members.add(member)
        needed = {"all": len(members), "any": 1}.get(threshold)
        if needed is None:
            needed = int(threshold) if THRESHOLD.fullmatch(threshold) else 0
        if not 1 <= needed <= len(members):
            raise NoteError(f"a group of {len(members)} asks for 'all', 'any' or a number from 1 to {len(members)}")
        return Group(name, needed, members)

    def set_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise NoteError("the quorum has been said already")
        if name not in {NONE, *self.defined}:
            raise NoteError(f"no line before it defines {name!r}")
        self.quorum = name
