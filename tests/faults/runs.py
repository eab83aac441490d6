"""One fault at one deployment while one or many vote: what is done when follows from a seed alone, and from who is faster."""

import asyncio
import random
from collections import Counter

import aiohttp

from tests.faults.contents import read_stored
from tests.faults.deployments import Deployment
from tests.faults.history import Outcome, Stored, entry_of, violations_of
from tests.faults.table import Fault
from tests.faults.voters import History, Voters

RESUMED = 10  # ballots that have to be acknowledged after a fault


async def suffered(fault: Fault, deployment: Deployment, history: History, at_once: int) -> Counter[str]:
    """Have so many vote at once while it happens, and go on afterwards; return what they were told."""
    chance = random.Random(f"{history.seed} {fault.name} {at_once}")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2)) as http:
        voters = Voters(http, deployment.port, history, chance)
        working = [asyncio.create_task(voters.vote()) for _ in range(at_once)]
        working.append(asyncio.create_task(voters.read()))
        happening = asyncio.create_task(happen(fault, deployment, voters, chance))
        try:
            done, _ = await asyncio.wait([happening, *working], return_when=asyncio.FIRST_EXCEPTION)
        finally:
            voters.enough = True
            for task in (happening, *working):
                task.cancel()
            await asyncio.gather(happening, *working, return_exceptions=True)
        for task in done:
            task.result()
    return voters.told


async def happen(fault: Fault, deployment: Deployment, voters: Voters, chance: random.Random) -> None:
    await voters.acknowledged(chance.randrange(2, 12))
    voters.told.clear()  # what was told while the server started
    await fault.deed(deployment, voters, chance)
    await voters.acknowledged(RESUMED)
    voters.enough = True


async def judged(
    fault: Fault, deployment: Deployment, history: History, at_once: int
) -> tuple[Counter[str], list[str]]:
    """What was told, and all that is wrong: with that, and with what is stored by all that was ever told at this database."""
    told = await suffered(fault, deployment, history, at_once)
    stored = await read_stored(deployment.database_url)
    if fault.loses:
        told["lost although acknowledged"] = forgotten(history, stored)
    wrong = violations_of(history.casts, history.turnouts, stored)
    return told, wrong + [f"told: {what}" for what in sorted(told.keys() - fault.tells - {"cast"})]


def forgotten(history: History, stored: Stored) -> int:
    """How many acknowledged ballots are not there, of which nothing is expected from now on."""
    there = {entry_of(ballot.numbers) for ballot in stored.ballots}
    kept = [cast for cast in history.casts if cast.outcome is not Outcome.ACKNOWLEDGED or cast.entry in there]
    lost = len(history.casts) - len(kept)
    history.casts[:] = kept
    history.turnouts.clear()
    return lost
