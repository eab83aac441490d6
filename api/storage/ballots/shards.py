"""Choose the set of tally rows in which this process counts."""

import os
import socket
import zlib

SHARDS = 16  # sets of tally rows; processes that share one wait for each other, so more sets are faster


def own_shard() -> int:
    """This process's set: process ids differ on one machine, host names between containers with equal process ids."""
    return (zlib.crc32(socket.gethostname().encode()) + os.getpid()) % SHARDS
