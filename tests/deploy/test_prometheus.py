"""Does Prometheus read the server, does each alert fire when it should, and is every query about a metric that there is?"""

import asyncio
import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.databases import free_port
from tests.deployed import DEPLOY, checked, running
from tests.servers import PATIENCE, ROOT, serving

RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((DEPLOY / "grafana" / "pingxuan.json").read_text("utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
DOCUMENTED = set(
    re.findall(r"^\| `(pingxuan_\w+)`", (ROOT / "docs" / "operations.md").read_text("utf-8"), re.MULTILINE)
)
OF_PROCESSES = {
    f"process_{name}"
    for name in ("cpu_seconds_total", "resident_memory_bytes", "open_fds", "max_fds", "start_time_seconds")
}
STEADY = "0+0x120"
P = 'instance="a:9464",job="pingxuan"'


def buckets(histogram: str, bound: str, percentage: int) -> dict[str, str]:
    """Series of a histogram of which so many lie below a bound."""
    return {
        f'{histogram}{{{P},le="{bound}"}}': f"0+{percentage}x120",
        f'{histogram}{{{P},le="5.0"}}': "0+100x120",
        f'{histogram}{{{P},le="+Inf"}}': "0+100x120",
    }


# Of each alert: series that make it fire within two hours, and like ones that do not; a minute lies between two values.
CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "PingxuanIsDown": ({f"up{{{P}}}": "0x120"}, {f"up{{{P}}}": "1x120"}),
    "PingxuanCannotCommit": (
        {f'pingxuan_failures_total{{{P},deed="commit"}}': "0+6x120"},
        {f'pingxuan_failures_total{{{P},deed="refresh"}}': "0+6x120"},
    ),
    "PingxuanFails": (
        {f'pingxuan_errors_total{{{P},code="INTERNAL"}}': "0+1x120"},
        {f'pingxuan_errors_total{{{P},code="FORBIDDEN"}}': "0+1x120"},
    ),
    "PingxuanRefusesForLoad": (
        {f'pingxuan_errors_total{{{P},code="OVERLOADED"}}': "0+1x120"},
        {f'pingxuan_errors_total{{{P},code="OVERLOADED"}}': STEADY},
    ),
    "PingxuanTimesOut": (
        {f'pingxuan_errors_total{{{P},code="TIMEOUT"}}': "0+1x120"},
        {f'pingxuan_errors_total{{{P},code="OVERLOADED"}}': "0+1x120"},
    ),
    "PingxuanQueueGrows": (
        {f"pingxuan_ballots_waiting{{{P}}}": "1500x120"},
        {f"pingxuan_ballots_waiting{{{P}}}": "900x120"},
    ),
    "PingxuanCommitsSlowly": (
        buckets("pingxuan_commit_seconds_bucket", "0.5", 90),
        buckets("pingxuan_commit_seconds_bucket", "0.5", 100),
    ),
    "PingxuanShowsOldResults": (
        {
            f"pingxuan_snapshot_age_seconds{{{P}}}": "0+60x120",
            f'pingxuan_failures_total{{{P},deed="refresh"}}': "0+6x120",
        },
        {f"pingxuan_snapshot_age_seconds{{{P}}}": "0+60x120", f'pingxuan_failures_total{{{P},deed="refresh"}}': STEADY},
    ),
    "PingxuanDoesNotPublishItsLogs": (
        {f'pingxuan_failures_total{{{P},deed="seal"}}': "0+1x120"},
        {f'pingxuan_failures_total{{{P},deed="seal"}}': STEADY},
    ),
    "PingxuanSealsTooLate": (
        {f"pingxuan_log_ballots_waiting{{{P}}}": "1x120", f"pingxuan_log_published_seconds_ago{{{P}}}": "0+60x120"},
        # A single ballot after a quiet night.
        {
            f"pingxuan_log_ballots_waiting{{{P}}}": "0x90 1x29",
            f"pingxuan_log_published_seconds_ago{{{P}}}": "9000+60x120",
        },
    ),
    "PingxuanAnswersSlowly": (
        buckets("pingxuan_operation_seconds_bucket", "1.0", 90),
        buckets("pingxuan_operation_seconds_bucket", "1.0", 100),
    ),
    "PingxuanRefusesManyBallots": (
        {
            f'pingxuan_violations_total{{{P},code="TOO_FEW"}}': "0+9x120",
            f"pingxuan_commit_ballots_sum{{{P}}}": "0+5x120",
        },
        {
            f'pingxuan_violations_total{{{P},code="QUOTA_EXHAUSTED"}}': "0+9x120",
            f"pingxuan_commit_ballots_sum{{{P}}}": "0+5x120",
        },
    ),
    "PingxuanLimitsManyCallers": (
        {
            f'pingxuan_requests_total{{{P},status="429"}}': "0+10x120",
            f'pingxuan_requests_total{{{P},status="200"}}': "0+90x120",
        },
        {
            f'pingxuan_requests_total{{{P},status="429"}}': "0+1x120",
            f'pingxuan_requests_total{{{P},status="200"}}': "0+99x120",
        },
    ),
    "PingxuanKeepsJobsWaiting": (
        {f"pingxuan_jobs_waiting{{{P}}}": "1x120", f"pingxuan_jobs_running{{{P}}}": "0x120"},
        {f"pingxuan_jobs_waiting{{{P}}}": "1x120", f"pingxuan_jobs_running{{{P}}}": "2x120"},
    ),
    "PingxuanClockIsWrong": (
        {f"pingxuan_clock_offset_seconds{{{P}}}": "-90x120"},
        {f"pingxuan_clock_offset_seconds{{{P}}}": "0.2x120"},
    ),
    "PingxuanRunsOutOfFiles": (
        {f"process_open_fds{{{P}}}": "900x120", f"process_max_fds{{{P}}}": "1000x120"},
        {f"process_open_fds{{{P}}}": "700x120", f"process_max_fds{{{P}}}": "1000x120"},
    ),
    "PingxuanGrows": (
        {f"process_resident_memory_bytes{{{P}}}": "200000000+1000000x500"},
        {f"process_resident_memory_bytes{{{P}}}": "200000000+100000x500"},
    ),
    "PingxuanRestarts": (
        {f"process_start_time_seconds{{{P}}}": "0x90 1000 2000 3000 4000x29"},
        {f"process_start_time_seconds{{{P}}}": "0x90 1000x30"},
    ),
}


def metrics(expression: str) -> set[str]:
    """The metrics that an expression reads, as the page for operators names them."""
    names = re.findall(r"\b(?:pingxuan|process)_\w+", re.sub(r'"[^"]*"', "", expression))
    return {re.sub("_(bucket|sum|count)$", "", name) for name in names}


@pytest.mark.parametrize("expression", [rule["expr"] for rule in RULES] + QUERIES)
def test_what_is_asked_is_a_metric_that_there_is(expression: str) -> None:
    assert metrics(expression) <= DOCUMENTED | OF_PROCESSES


def test_every_metric_is_on_the_dashboard() -> None:
    assert set().union(*map(metrics, QUERIES)) >= DOCUMENTED


def test_every_panel_says_what_it_shows_and_has_a_place_of_its_own() -> None:
    assert all(panel["title"] and panel["description"].endswith(".") for panel in PANELS)
    places = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) == 23


def told_of(folder: Path, rule: dict[str, Any]) -> Path:
    """A test for promtool of one alert, by its two cases."""
    name, hours = rule["alert"], "8h" if rule.get("for") == "3h" else "2h"
    fired = f'count(count_over_time(ALERTS{{alertname="{name}",alertstate="firing"}}[{hours}])) or vector(0)'
    tests = [
        {
            "interval": "1m",
            "input_series": [{"series": series, "values": values} for series, values in case.items()],
            "promql_expr_test": [
                {"expr": fired, "eval_time": hours, "exp_samples": [{"value": number, "labels": "{}"}]}
            ],
        }
        for case, number in zip(CASES[name], (1, 0), strict=True)
    ]
    (folder / f"{name}.yml").write_text(yaml.safe_dump({"groups": [{"name": name, "rules": [rule]}]}))
    file = folder / f"{name}.test.yml"
    told = {"rule_files": [f"{name}.yml"], "evaluation_interval": "1m", "tests": tests}
    file.write_text(yaml.safe_dump(told))
    return file


@pytest.mark.check
def test_each_alert_fires_when_it_should_and_not_otherwise(tmp_path: Path) -> None:
    assert CASES.keys() == {rule["alert"] for rule in RULES}
    files = [told_of(tmp_path, rule) for rule in RULES]
    assert checked("promtool", "test", "rules", *files).count("SUCCESS") == len(RULES)


async def answered(session: aiohttp.ClientSession, path: str, **query: str) -> Any:
    """What Prometheus answers, once it does."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(aiohttp.ClientConnectorError):  # it has not started yet
                async with session.get(f"/api/v1/{path}", params=query) as response:
                    if response.status != 503:  # it reads its storage
                        answer = await response.json()
                        assert answer["status"] == "success", (query, answer)
                        return answer["data"]
            await asyncio.sleep(0.05)


@pytest.mark.check
async def test_prometheus_reads_every_process_and_can_answer_what_is_asked(seeded_2017: Path, tmp_path: Path) -> None:
    first = free_port(3)
    ours = first + 2
    folder = shutil.copytree(DEPLOY / "prometheus", tmp_path / "prometheus")
    checked("promtool", "check", "config", folder / "prometheus.yml")
    targets = (folder / "targets.yml").read_text().replace("9464", str(first)).replace("9465", str(first + 1))
    (folder / "targets.yml").write_text(targets)
    config = (folder / "prometheus.yml").read_text()
    (folder / "prometheus.yml").write_text(config.replace("_interval: 10s", "_interval: 1s"))
    database = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    words = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data")
    address = f"127.0.0.1:{ours}"
    with (
        serving(database, METRICS=f"127.0.0.1:{first}", WORKERS="2"),
        running(tmp_path, "prometheus", *words, f"--web.listen-address={address}"),
    ):
        async with aiohttp.ClientSession(f"http://{address}") as session, asyncio.timeout(2 * PATIENCE):
            await once(session, "targets", lambda told: [t["health"] for t in told["activeTargets"]] == ["up", "up"])
            await once(session, "rules", lambda told: all(r["health"] == "ok" for r in told["groups"][0]["rules"]))
            for query in QUERIES:
                await answered(session, "query", query=query.replace("$__rate_interval", "1m"))
            await once(
                session,
                "query",
                lambda told: [up["value"][1] for up in told["result"]] == ["2"],
                query='sum(up{job="pingxuan"})',
            )


async def once(session: aiohttp.ClientSession, path: str, is_so: Callable[[Any], bool], **query: str) -> Any:
    """What Prometheus answers when this is so of it."""
    while True:
        told = await answered(session, path, **query)
        if is_so(told):
            return told
        await asyncio.sleep(0.1)
