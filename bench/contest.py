"""Who competes in what? Every workload with its contestants, and what is checked before and after."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bench.arena import FILLED, OURS, PEER_NAMES, Arena, contestants
from bench.checks import audit, check_answers, check_ballots, check_kept
from bench.loading import FIRST_WARM_UP, Plan, alternate
from bench.record import Record
from bench.report import workload_table
from bench.servers import Server
from bench.workloads import CAST_LIGHT, CAST_SATURATED, PROJECTS, RANKED, RANKED_VARIED, Workload


@dataclass(frozen=True)
class Contest:
    """A workload, how many seconds each run of it takes, and who is in it."""

    workload: Workload
    seconds: int
    names: tuple[str, ...]


CONTESTS = (
    Contest(CAST_SATURATED, 5, (*OURS, *PEER_NAMES, "do_nothing")),
    Contest(CAST_LIGHT, 3, ("postgres", "sqlite", *PEER_NAMES, "do_nothing")),
    Contest(PROJECTS, 3, ("postgres", *PEER_NAMES, "fixed_list")),
    Contest(RANKED, 3, ("postgres", *PEER_NAMES, "fixed_results")),
    Contest(RANKED_VARIED, 3, ("postgres", "reference", *PEER_NAMES, "fixed_results")),
)


def casting_seconds(seconds: float, warm_up: float, repetitions: int) -> float:
    """How long one contestant is sent ballots, in all contests."""
    casting = (contest for contest in CONTESTS if contest.workload.casts)
    return FIRST_WARM_UP + sum(((seconds or contest.seconds) + warm_up) * repetitions for contest in casting)


def contests(place: Arena, plan: Plan, record: Record, wanted: frozenset[str]) -> None:
    """Every wanted workload with its contestants, then a look at what they kept. What fails is recorded, and left out."""
    with contestants(place, record.guard) as started:
        servers = equal(started, plan, record)
        for contest in CONTESTS:
            if contest.workload.key in wanted:
                with record.part(contest.workload.key):
                    compete(contest, servers, plan.lasting(contest.seconds), record)
        for name in servers.keys() & {*OURS, *PEER_NAMES}:
            with record.guard(f"kept, {name}"):
                show_kept(name, servers[name])


def equal(servers: dict[str, Server], plan: Plan, record: Record) -> dict[str, Server]:
    """Those that do the same work as Pingxuan on PostgreSQL; the limits need not."""
    for check in (check_answers, check_ballots):
        checked = {}
        for name, server in servers.items():
            with record.guard(f"equal, {name}"):
                if server.database_url:
                    check(server, servers["postgres"], plan.voters)
                checked[name] = server
        servers = checked
    return servers


def compete(contest: Contest, servers: Mapping[str, Server], plan: Plan, record: Record) -> None:
    """One workload."""
    workload = contest.workload
    running = [servers[name] for name in contest.names if name in servers]
    samples = alternate(running, workload, plan, record.guard)
    record.results["workloads"][workload.key] = {name: asdict(sample) for name, sample in samples.items()}
    print(workload_table(workload, record.results["workloads"][workload.key]), flush=True)


def show_kept(name: str, server: Server) -> None:
    """No acknowledged ballot is lost, and each of ours is counted."""
    summary = check_kept(server, FILLED)
    if name in OURS:
        audit(server.database_url)
        summary = f"{summary}, the audit agrees"
    print(summary, flush=True)
