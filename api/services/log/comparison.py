"""Compare the logs of a database with the heads that are kept outside it: is all there that was published?"""

from collections.abc import Collection, Iterable, Mapping

from api.ports.log import Head, Log, SealingStore
from api.services.log.read_back import read_back, root_at


async def check_logs(store: SealingStore, logs: Iterable[Log]) -> None:
    """Hash every entry of these logs anew. Raises LogDamagedError."""
    for log in logs:
        if log.size:
            await read_back(store, log, 0)


async def missing_entries(store: SealingStore, logs: Collection[Log], heads: Iterable[Head]) -> list[str]:
    """A sentence for each head that the logs do not reach, or contradict: how far they are, and how far they were."""
    by_origin: Mapping[str, Log] = {log.origin: log for log in logs}
    found = [await _missing(store, by_origin.get(head.origin), head) for head in heads]
    return [sentence for sentence in found if sentence]


async def _missing(store: SealingStore, log: Log | None, head: Head) -> str:
    anchored = f"the anchor has {_extent(head.size, head.root)}"
    if head.size == 0:
        return ""
    if log is None or log.size == 0:
        return f"{head.origin}: nothing of it is here, and {anchored}."
    if log.size < head.size:
        there = _extent(log.size, log.root)
        return f"{head.origin}: {there} are here, and {anchored}: {head.size - log.size:,} are missing."
    if await root_at(store, log, head.size) != head.root:
        return f"{head.origin}: it has another history here, for {anchored}."
    return ""


def _extent(size: int, root: bytes) -> str:
    return f"{size:,} entries (root {root.hex()})"
