"""Which of the tally rows does this process count in?"""

import os
import socket
import zlib

SHARDS = 16  # sets of tally rows; processes that share one wait for each other, so more are faster and none is wrong


def own_shard() -> int:
    """This process's set. Process ids tell those of one machine apart, host names the containers that all have one id."""
    return (zlib.crc32(socket.gethostname().encode()) + os.getpid()) % SHARDS
