"""A PostgreSQL that copies another as it is written, and takes its place."""

import signal
from dataclasses import replace
from itertools import count

from tests.databases import PostgresServer, free_port
from tests.faults.processes import children_of, send
from tests.postgres_programs import as_user

NUMBERS = count(1)
NAME = "standby"


def make_standby(primary: PostgresServer, through: int) -> PostgresServer:
    """A running copy that copies through a port, of a proxy; `confirm` may make it a synchronous one."""
    data, port = primary.data.with_name(f"standby{next(NUMBERS)}"), free_port()
    source = ("-h", "127.0.0.1", "-p", str(through), "-U", "postgres")
    as_user(primary.user, primary.binaries / "pg_basebackup", *source, "-D", data, "-R", "-X", "stream", "-c", "fast")
    options = primary.options.replace(f"port='{primary.port}'", f"port='{port}'") + f" -c cluster_name='{NAME}'"
    standby = replace(primary, port=port, data=data, options=options)
    standby.start()
    return standby


def confirm(primary: PostgresServer, *, synchronous: bool) -> None:
    """Return once a standby copies what is written: before it is acknowledged, or at some time."""
    setting = f"SET synchronous_standby_names = '{NAME if synchronous else ''}'"
    primary.run(f"ALTER SYSTEM {setting}")
    primary.run("SELECT pg_reload_conf()")
    wanted = "sync" if synchronous else "async"
    while primary.run("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'") != [wanted]:
        pass


def processes_of(server: PostgresServer) -> list[int]:
    """All of them, the one above the others first."""
    first = server.postmaster
    return [first, *children_of(first)]


def destroy(server: PostgresServer) -> None:
    """Kill all of it, for good."""
    processes = processes_of(server)
    send(signal.SIGSTOP, processes)
    send(signal.SIGKILL, {*processes, *processes_of(server)})


def promote(standby: PostgresServer) -> None:
    """Return once it takes what is written, and waits for no other."""
    standby.control("-w", "promote")
    standby.run("ALTER SYSTEM RESET synchronous_standby_names")
    standby.run("SELECT pg_reload_conf()")
