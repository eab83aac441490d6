"""`python -m tests.faults`: all faults, or some, again and again. What is chosen follows from the seed, which is printed."""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from tests.disks import DiskUnavailable
from tests.faults.places import PLACES, Ground, ground
from tests.faults.runs import judged
from tests.faults.table import FAULTS, Fault
from tests.faults.voters import History


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(100_000))
    parser.add_argument("--only", default="", help="faults, with commas between them")
    parser.add_argument("--places", default=",".join(PLACES), help="where: %(default)s")
    parser.add_argument("--processes", default="1,4", help="of the server: %(default)s")
    parser.add_argument("--voters", default="1,16", help="at once: %(default)s")
    parser.add_argument("--rounds", type=int, default=1, help="of all of it, each with the next seed")
    return parser.parse_args()


def main() -> int:
    """Run what was asked for; the exit code says whether all was well."""
    options = parsed()
    known = {fault.name for fault in FAULTS}
    only = {*options.only.split(",")} if options.only else known
    if unknown := only - known:
        print(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    faults = [fault for fault in FAULTS if fault.name in only]
    well = True
    with TemporaryDirectory(prefix="pingxuan-faults-") as folder, ground(Path(folder)) as here:
        for seed in range(options.seed, options.seed + options.rounds):
            for place in options.places.split(","):
                for processes in map(int, options.processes.split(",")):
                    chosen = [fault for fault in faults if place in fault.places and processes >= fault.least]
                    plan = Plan(place, processes, chosen, [*map(int, options.voters.split(","))], seed)
                    well &= carried_out(here, plan)
    return 0 if well else 1


@dataclass(frozen=True)
class Plan:
    """One deployment, and faults one after the other, each with so many voters at once."""

    place: str
    processes: int
    faults: list[Fault]
    voters: list[int]
    seed: int


def carried_out(here: Ground, plan: Plan) -> bool:
    """Whether all was well."""
    if not plan.faults:
        return True
    well, name = True, ""
    try:
        with PLACES[plan.place](here, plan.processes) as deployment:
            history = History(plan.seed, here.tokens)
            for fault, at_once in product(plan.faults, plan.voters):
                start = time.monotonic()
                name = f"{plan.seed} {plan.place} x{plan.processes} {fault.name} by {at_once}"
                told, wrong = asyncio.run(judged(fault, deployment, history, at_once))
                well &= not wrong
                line = f"{name}: {dict(told)} in {time.monotonic() - start:.1f} s"
                print(line, *wrong, sep="\n  ", flush=True)
    except DiskUnavailable as error:
        print(f"{plan.place}: NOT RUN: {error}", flush=True)
    except AssertionError as error:  # it is at its end, and what follows on the same deployment would say nothing
        print(f"{name}: {error}", flush=True)
        return False
    return well


if __name__ == "__main__":
    sys.exit(main())
