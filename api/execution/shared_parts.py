"""Parts of responses that are the same for all callers, kept beside the object that they show.

An object that is made once for many requests and never changes, and of whose fields none depends on who asks, is completed
once for each selection and language. What is kept goes when the object does, and there is only so much room.
"""

from collections.abc import Mapping
from functools import lru_cache
from sys import getsizeof
from typing import Any

import orjson

MAX_ROOM = 16 * 1024 * 1024  # bytes, about, for the parts of all objects that one snapshot shows
MAX_KEYS = 4_096  # selections, in a language, that are told to be equal
VARIES = "varies"
BY_LANGUAGE: Mapping[object, object] = {VARIES: "language"}  # metadata of a field that asks `info` for that alone


class SharedPart(dict[str, Any]):
    """An object of responses, and the JSON of it. It is never changed. size: its bytes in memory, at most."""

    __slots__ = ("encoded", "size")

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.encoded = bytes(memoryview(orjson.dumps(data)))  # a copy: what orjson returns has room for kilobytes more
        self.size = _size(data) + getsizeof(self.encoded)


class SharedPartList(list[SharedPart]):
    """A list of them, whose JSON is put together in one piece."""

    __slots__ = ()

    @property
    def encoded(self) -> bytes:
        """The JSON."""
        return b"[%b]" % b",".join([part.encoded for part in self])


class PartKey:
    """A selection on a type, in one language: equal ones have the same key, in whatever documents they stand."""

    __slots__ = ()


@lru_cache(MAX_KEYS)
def part_key(selection: object, language: object) -> PartKey:
    """Return the key of a selection."""
    return PartKey()


class Room:
    """How many bytes are left for parts."""

    __slots__ = ("left",)

    def __init__(self, size: int = MAX_ROOM) -> None:
        self.left = size


class SharedParts(dict[PartKey, SharedPart]):
    """The parts that show one object."""

    __slots__ = ("_room",)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room

    def keep(self, key: PartKey, data: dict[str, Any]) -> dict[str, Any]:
        """Keep what was made of the object, if there is room. Return the part, else the data."""
        if self._room.left <= 0:
            return data
        self[key] = part = SharedPart(data)
        self._room.left -= part.size
        return part


class SharedObject:
    """The base of types whose objects are the same for all callers.

    All that such an object has was decided when it was made. A field that is an attribute, or a resolver without `info`, is
    the same for everybody, then, and one declared with BY_LANGUAGE for everybody with that language.
    """

    parts: SharedParts = SharedParts(Room(0))  # none are kept, unless the object is given its own


def _size(part: Any) -> int:
    """Return the bytes of a part, at most: strings may be others' too."""
    values = part.values() if isinstance(part, dict) else part if type(part) is list else ()
    return getsizeof(part) + sum(map(_size, values))
