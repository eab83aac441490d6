"""What is done to a deployment while people vote. A deed ends when what it has broken is whole again, or will be by itself."""

import asyncio
import os
import random
import resource
import signal
import time
from contextlib import suppress
from itertools import chain, repeat

from tests.databases import PostgresServer
from tests.faults.deployments import Deployment
from tests.faults.processes import ENDED_TIMEOUT, memory_of, send, state_of
from tests.faults.proxy import Proxy
from tests.faults.replicas import confirm, destroy, make_standby, promote
from tests.faults.voters import Voters
from tests.postgres_programs import PostgresError

RESUMED = 10  # ballots that are acknowledged while all is well
MOMENTS = (
    "2017-03-22T09:00:00+08:00",
    "2017-03-22T21:00:00+08:00",
    "2017-03-23T02:00:00+08:00",
    "2017-03-25T12:00:00+08:00",
)
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pingxuan'"


async def kill_server(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """kill -9 of all its processes; it is started again once somebody has met with it."""
    await asyncio.to_thread(deployment.kill)
    await voters.told_of("lost")
    deployment.start()


async def kill_worker(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """kill -9 of one of its processes, for which the server itself starts another."""
    os.kill(chance.choice(deployment.workers()), signal.SIGKILL)


async def pause_process(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """A process stands still, as a paused virtual machine does, and goes on with whatever it was at."""
    pid = chance.choice(deployment.workers())
    os.kill(pid, signal.SIGSTOP)
    try:
        await voters.under_way()
        await asyncio.sleep(chance.random())
    finally:
        os.kill(pid, signal.SIGCONT)


async def kill_postgres(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """kill -9 of the process above all of PostgreSQL's, which is started again as soon as the others have noticed."""
    server = postgres_of(deployment)
    os.kill(server.postmaster, signal.SIGKILL)
    await voters.under_way()
    await asyncio.to_thread(start_again, server)


async def kill_backend(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """kill -9 of the process of one connection, after which PostgreSQL ends every other one and recovers."""
    for pid in (await backends(deployment))[:1]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def terminate_backends(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Every connection is ended by an administrator."""
    await asyncio.to_thread(postgres_of(deployment).run, BACKENDS.replace("pid", "pg_terminate_backend(pid)", 1))


async def cancel_statements(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Every statement under way is cancelled by an administrator."""
    await asyncio.to_thread(postgres_of(deployment).run, BACKENDS.replace("pid", "pg_cancel_backend(pid)", 1))


async def stop_postgres(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """It is stopped as a crash would stop it, and started once somebody was told that it is away."""
    server = postgres_of(deployment)
    await asyncio.to_thread(server.stop)
    await voters.told_of("OVERLOADED")
    await asyncio.to_thread(server.start)


async def restart_postgres(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """It is restarted in order, as an administrator does it."""
    server = postgres_of(deployment)
    await asyncio.to_thread(server.control, "-l", server.data / "log", "-o", server.options, "-m", "fast", "restart")


async def cut_connections(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Every connection between server and database is reset."""
    await voters.under_way()
    await asyncio.to_thread(proxy_of(deployment).cut)


async def half_open(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Every connection between server and database stays open and says nothing any more; new ones work."""
    await asyncio.to_thread(proxy_of(deployment).deafen)


async def silence(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """Nothing passes between server and database, until somebody was told so; then what was held arrives."""
    proxy = proxy_of(deployment)
    await asyncio.to_thread(proxy.hold)
    await voters.told_of("OVERLOADED")
    await asyncio.to_thread(proxy.release)


async def fail_over(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The machine of the database is lost, and its synchronous standby takes its place."""
    await asyncio.to_thread(stand_by, deployment, True)
    await voters.acknowledged(RESUMED)
    await asyncio.to_thread(take_over, deployment)


async def fail_over_late(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The synchronous standby is out of reach for longer than people wait; then the machine of the database is lost."""
    await asyncio.to_thread(stand_by, deployment, True)
    await asyncio.to_thread(link_of(deployment).hold)
    for _ in range(3):
        await voters.told_of("OVERLOADED")
    await asyncio.to_thread(take_over, deployment)


async def fail_over_asynchronously(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The standby copies late, and is out of reach while people vote; then the machine of the database is lost."""
    await asyncio.to_thread(stand_by, deployment, False)
    await asyncio.to_thread(link_of(deployment).hold)
    await voters.acknowledged(10 * RESUMED)
    await asyncio.to_thread(take_over, deployment)


def stand_by(deployment: Deployment, synchronous: bool) -> None:
    primary, deployment.link = postgres_of(deployment), Proxy(postgres_of(deployment).port)
    deployment.standby = make_standby(primary, deployment.link.port)
    confirm(primary, synchronous=synchronous)


def take_over(deployment: Deployment) -> None:
    """The standby becomes the database, at the address that the server knows."""
    primary, standby = postgres_of(deployment), deployment.standby
    assert standby is not None
    destroy(primary)
    link_of(deployment).close()
    promote(standby)
    deployment.database_url = deployment.database_url.replace(f":{primary.port}/", f":{standby.port}/")
    deployment.postgres, deployment.standby, proxy_of(deployment).target = standby, None, standby.port
    proxy_of(deployment).cut()


async def jump_clock(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """The system's clock jumps by hours and days, there and back."""
    for _ in range(4):
        deployment.set_clock(chance.choice(MOMENTS))
        await voters.acknowledged(3)


async def sleep_over_midnight(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """A process stands still for ten seconds over midnight, with ballots in hand where there are any, while others go on."""
    pid = chance.choice(deployment.workers())
    deployment.set_clock("2017-03-22T23:59:53+08:00")
    await voters.acknowledged(2)
    await voters.under_way()
    send(signal.SIGSTOP, [pid])
    deployment.set_clock("2017-03-22T23:59:56+08:00")
    try:
        await asyncio.sleep(10)
    finally:
        send(signal.SIGCONT, [pid])


async def limit_memory(deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    """A process gets no more memory than it has while more and more want something, until it ends, and another is started.

    What a limit of a control group does, which kills at once, is kill_worker and kill_server.
    """
    pid = chance.choice(deployment.workers())
    resource.prlimit(pid, resource.RLIMIT_AS, (memory_of(pid), -1))
    async with asyncio.timeout(ENDED_TIMEOUT):
        for crowd in chain((64, 128, 256), repeat(512)):
            await voters.ask_for_much(crowd)
            if state_of(pid) in "ZX":
                break
    if deployment.processes == 1:  # else the first of them starts another
        deployment.kill()
        deployment.start()


def link_of(deployment: Deployment) -> Proxy:
    """What stands between a database and its standby."""
    assert deployment.link is not None
    return deployment.link


def proxy_of(deployment: Deployment) -> Proxy:
    assert deployment.proxy is not None
    return deployment.proxy


def postgres_of(deployment: Deployment) -> PostgresServer:
    assert deployment.postgres is not None
    return deployment.postgres


def start_again(server: PostgresServer) -> None:
    """Start PostgreSQL unless it runs, as soon as what is left of it lets it start, and return once it answers."""
    deadline = time.monotonic() + ENDED_TIMEOUT
    while True:
        try:
            server.run("SELECT 1")
        except PostgresError:
            assert time.monotonic() < deadline, (
                f"PostgreSQL does not start: {(server.data / 'log').read_text()[-2000:]}"
            )
        else:
            return
        with suppress(PostgresError):  # its other processes have not noticed yet, or it starts by itself
            server.start()


async def backends(deployment: Deployment) -> list[int]:
    """The processes of the server's connections, once there are any."""
    server = postgres_of(deployment)
    while True:
        with suppress(PostgresError):  # it recovers from what was done to it before
            if pids := await asyncio.to_thread(server.run, BACKENDS):
                return [int(pid) for pid in pids]
        await asyncio.sleep(0.05)
