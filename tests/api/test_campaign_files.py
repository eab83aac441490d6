"""Does whatever `check` passes load, come back as it was, and answer every question, before, during and after the vote?"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from graphql import ExecutionResult
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.projects import District
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.engines import Compiled
from api.formats.campaign_toml import mistakes_in, read_campaign_file
from api.http.responses import result_body
from api.services.snapshots import Snapshot
from api.services.visibility import VisibleResults
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.execution.worlds import context, published
from tests.properties import with_examples

ZONES = st.sampled_from(sorted(files("tzdata").joinpath("zones").read_text("utf-8").split()))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SHOWN = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=BIDI)
TEXTS = st.text(SHOWN, max_size=20).map(lambda text: f"{text}字".strip())
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timedelta(minutes=minutes))
TIMES = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 12, 30))  # noqa: DTZ001 - hypothesis wants them so
QUESTION = """query Ask($slug: String, $day: Date) {
  campaign(slug: $slug) {
    id title edition organizer timeZone phase serverTime resultsVisibility
    votingWindow { opensAt closesAt } stages { code name seats status decidedAt formula } criteria { code name }
    source { publisher published url } districts { id code name } rules { code description }
    turnout { ballots byDay { day ballots } asOf }
    projects(first: 100, orderBy: {field: TITLE}) { totalCount edges { cursor node {
      id number title summary organization level themes startYear outcome district { code } figures { label value unit year }
    } } }
    results(first: 3, day: $day) { asOf cutLine { seats votes } nodes { rank tiedWith { number } byDay { day } } }
  }
}"""


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'


@st.composite
def campaign_files(draw: st.DrawFn) -> str:
    """A campaign with any values, right ones and wrong ones, in places where others would not notice."""
    opens = draw(TIMES)
    closes = opens + timedelta(seconds=draw(st.integers(1, 366 * 86_400)))
    times = [f"{time.isoformat(timespec='seconds')}{offset(draw(OFFSETS))}" for time in (opens, closes)]
    numbers = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=4, unique=True))
    published = draw(st.none() | st.just(closes + timedelta(days=3)))
    decided = published is not None and draw(st.booleans())
    lines = [
        f"slug = {quoted(draw(st.from_regex('[a-z0-9]{1,20}', fullmatch=True)))}",
        f"time_zone = {quoted(draw(ZONES))}",
        'districts = "districts.toml"',
        f'results_visibility = "{draw(st.sampled_from(["LIVE", "AFTER_CLOSE", "AFTER_PUBLICATION"]))}"',
        *([] if published is None else [f"published_at = {published.isoformat(timespec='seconds')}-12:00"]),
        f"title = {{ zh = {quoted(draw(TEXTS))}, en = {quoted(draw(TEXTS))} }}",
        f"organizer = {{ zh = {quoted(draw(TEXTS))}, en = {quoted(draw(TEXTS))} }}",
        f"voting_window = {{ opens_at = {times[0]}, closes_at = {times[1]} }}",
        f"[rules]\nchoices = {{ minimum = 1, maximum = {len(numbers)} }}",
        f'quota = {{ limit = {draw(st.integers(1, 20))}, period = "{draw(st.sampled_from(["DAY", "CAMPAIGN"]))}" }}',
        f"[source]\npublisher = {quoted(draw(TEXTS))}\npublished = {draw(st.dates()).isoformat()}",
        f'[[stages]]\ncode = "WINNER"\nname = {{ zh = "奖", en = "W" }}\nseats = 1\ndecided = {str(decided).lower()}',
    ]
    for place, number in enumerate(numbers):
        outcome = "CANDIDATE" if not decided else "NOT_SELECTED" if place else "WINNER"
        lines += [
            f'[[projects]]\nnumber = {number}\nlevel = "UNSTATED"\nthemes = ["HEALTH"]\noutcome = "{outcome}"',
            f"title = {{ zh = {quoted(draw(TEXTS) + str(place))}, en = {quoted(draw(TEXTS) + str(place))} }}",
            f"summary = {{ zh = {quoted(draw(TEXTS))}, en = {quoted(draw(TEXTS))} }}",
            f'figures = [{{ label = {{ zh = {quoted(draw(TEXTS))}, en = "F" }}, value = {quoted(draw(TEXTS))} }}]',
        ]
    return "\n".join(lines)


def offset(difference: timedelta) -> str:
    minutes = int(difference.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


async def stored(file: Path, campaign: Campaign, districts: tuple[District, ...]) -> Directory:
    """What the database makes of it."""
    async with open_database(f"sqlite://{file}") as database:
        await migrate(database)
        event = AuditEvent(datetime(2017, 3, 22, tzinfo=UTC), TrailKind.CAMPAIGN_LOADED, campaign.slug)
        await SqlCampaigns(database).save(campaign, districts, event)
        return await SqlCampaigns(database).directory()


async def asked(directory: Directory, campaign: Campaign, now: datetime) -> dict[str, Any]:
    """The answer at a moment."""
    snapshot = Snapshot(directory, {}, now).published(now)
    usual = context(None, Language.EN)
    results = VisibleResults(usual.viewer, snapshot, now, usual.casting)
    asking = replace(usual, now=now, snapshot=snapshot, results=results)
    variables = {"slug": campaign.slug, "day": campaign.calendar.days[0].isoformat()}
    result = Compiled(published()).execute(Documents(published()).prepare(QUESTION), asking, variables, None)
    return result_body(result if isinstance(result, ExecutionResult) else await result, Language.EN)


@with_examples(few=10, every=200)
def test_what_check_passes_works(tmp_path: Path, examples: int) -> None:
    path, passed = tmp_path / "campaign.toml", 0
    (tmp_path / "districts.toml").write_text(
        '[[districts]]\ncode = "310101"\nname = { zh = "区", en = "D" }\n', "utf-8"
    )

    @settings(deadline=None, max_examples=examples)
    @given(campaign_files())
    def works(text: str) -> None:
        nonlocal passed
        path.write_text(text, "utf-8")
        assume(not mistakes_in(path))
        passed += 1
        campaign, districts = read_campaign_file(path)
        database = tmp_path / f"{passed}.sqlite3"
        directory = asyncio.run(stored(database, campaign, districts))
        kept = directory.campaigns[campaign.slug]
        assert replace(kept, revision=0, voter_salt=None) == campaign
        for now in (kept.window.opens_at, kept.window.closes_at - timedelta(seconds=1), kept.window.closes_at):
            answer = asyncio.run(asked(directory, kept, now))
            assert {error["extensions"]["code"] for error in answer.get("errors", ())} <= {"RESULTS_HIDDEN"}
            assert orjson.loads(orjson.dumps(answer))["data"]["campaign"]["id"]
        database.unlink()

    works()
    assert passed >= examples / 2
