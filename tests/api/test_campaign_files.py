"""Does whatever `check` passes load, come back as it was, and answer every question, before, during and after the vote?"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest
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
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.execution.worlds import context, published
from tests.properties import with_examples

pytestmark = pytest.mark.any_engine

ZONES = st.sampled_from(sorted(files("tzdata").joinpath("zones").read_text("utf-8").split()))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SHOWN = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=BIDI)
TEXTS = st.text(SHOWN, max_size=20).map(lambda text: f"{text}字".strip())
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timedelta(minutes=minutes))
TIMES = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 12, 30))  # noqa: DTZ001 - hypothesis wants them so
QUESTION = """query Ask($slug: String, $day: Date) {
  campaign(slug: $slug) {
    id candidateTerm title edition organizer timeZone phase serverTime resultsVisibility
    votingWindow { opensAt closesAt } stages { code name seats status decidedAt formula
      kind threshold places description inputs { source weight normalisation points floor description
      bands { atLeast points } channels { channel weight } } furtherCriteria { source criterion } } criteria { code name }
    panel { opensAt closesAt quorum aggregation { method places description } rubric { code maximum anchors { score } } }
    source { publisher published url } districts { id code name } rules { code description }
    turnout { ballots byDay { day ballots } asOf }
    projects(first: 100, orderBy: {field: TITLE}) { totalCount edges { cursor node {
      id number title summary organization level themes { code name } startYear outcome
      code cost district { id code name } figures { label value unit year }
    } } }
    results(first: 3, day: $day) { asOf cutLine { seats votes } nodes { rank tiedWith { number } byDay { day } } }
  }
}"""


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'


@st.composite
def rules(draw: st.DrawFn, count: int) -> list[str]:
    """Rules of every kind for so many projects of the theme T, which cost one each."""
    period = draw(st.sampled_from(["HOUR", "DAY", "CAMPAIGN"]))
    optional = [
        'hours = { from = "22:00", until = "02:30" }',
        'eligibility = { claims = [{ claim = "residence", values = ["310115"] }] }',
    ]
    if draw(st.booleans()):
        lines = [f'votes = {{ limit = {draw(st.integers(1, 100))}, period = "{period}" }}']
    else:
        lines = [
            f"choices = {{ minimum = 1, maximum = {count} }}",
            f'quota = {{ limit = {draw(st.integers(1, 20))}, period = "{period}", per_channel = true }}',
        ]
        optional += ['budget = { limit = "1.5" }', 'groups = [{ group_by = "THEME", group = "T", maximum = 1 }]']
    return ["[rules]", *lines, *draw(st.lists(st.sampled_from(optional), unique=True))]


@st.composite
def selection(draw: st.DrawFn, name: str, *, decided: bool) -> list[str]:
    """What the only stage is decided by, with a panel where there is one to score."""
    kind = draw(st.sampled_from(["DECISION", "PUBLIC_VOTE", "EXPERT_SCORES"]))
    stage = f'[[stages]]\ncode = "WINNER"\nname = {name}\nseats = 1\ndecided = {str(decided).lower()}\nkind = "{kind}"'
    if kind == "DECISION":
        return [stage]
    numbers = st.decimals(0, 10**12 - 1, places=6).map(lambda number: f'"{number:f}"')
    inputs = [
        f'{{ source = "PUBLIC_VOTE", weight = {draw(numbers)}, normalisation = "BANDS", '
        f"bands = [{{ at_least = {draw(numbers)}, points = {draw(numbers)} }}], "
        f'channels = [{{ channel = "SMS", weight = {draw(numbers)} }}] }}',
        '{ source = "PUBLIC_VOTE", normalisation = "RANK_LADDER", points = [3, "2.5", 0] }',
        '{ source = "EXPERT_SCORES", weight = 2, normalisation = "MIN_MAX" }',
    ]
    chosen = [inputs[1], *draw(st.lists(st.sampled_from(inputs[:2]), max_size=3))]
    if kind == "PUBLIC_VOTE":
        return [stage, f"inputs = [{', '.join(chosen)}]", f"places = {draw(st.integers(0, 12))}"]
    method = draw(st.sampled_from(["MEAN", "MEDIAN", "TRIMMED_MEAN", "RANK_SUM"]))
    return [
        stage,
        f"inputs = [{', '.join([inputs[2], *chosen])}]",
        'further_criteria = [{ source = "CRITERION", criterion = "NEW" }]\nties = ["FURTHER_CRITERION"]',
        f'[[criteria]]\ncode = "NEW"\nname = {name}\nweight = {draw(numbers)}\nmaximum = 2\nstep = "0.5"',
        f"anchors = [{{ score = 1, text = {name} }}]",
        "[panel]\nopens_at = 2017-03-22T00:00:00+08:00\ncloses_at = 2017-03-23T00:00:00-08:00",
        f'aggregation = {{ method = "{method}", places = {draw(st.integers(0, 12))} }}',
    ]


@st.composite
def campaign_files(draw: st.DrawFn) -> str:
    """A campaign with any values, right ones and wrong ones, in places where others would not notice."""
    tags = draw(st.sampled_from([["zh", "en"], ["en"], ["fr", "ar"], ["ug", "zh-Hant", "en"]]))
    translated = st.lists(TEXTS, min_size=1, max_size=len(tags)).map(partial(in_languages, tags))
    opens = draw(TIMES)
    closes = opens + timedelta(seconds=draw(st.integers(1, 366 * 86_400)))
    times = [f"{time.isoformat(timespec='seconds')}{offset(draw(OFFSETS))}" for time in (opens, closes)]
    numbers = draw(st.lists(st.integers(1, 999_999), min_size=1, max_size=4, unique=True))
    published = draw(st.none() | st.just(closes + timedelta(days=3)))
    decided = published is not None and draw(st.booleans())
    visibility = draw(st.sampled_from(["LIVE", "DAILY", "AFTER_CLOSE", "AFTER_PUBLICATION"]))
    has_own = draw(st.booleans())
    lines = [
        f"slug = {quoted(draw(st.from_regex('[a-z0-9]{1,20}', fullmatch=True)))}",
        f"time_zone = {quoted(draw(ZONES))}",
        f"languages = [{', '.join(map(quoted, tags))}]",
        f"candidate_term = {draw(translated)}",
        'currency = "PLN"',
        *([] if has_own else ['districts = "districts.toml"']),
        f'results_visibility = "{visibility}"',
        *(['results_at = "09:00"'] if visibility == "DAILY" else []),
        *([] if published is None else [f"published_at = {published.isoformat(timespec='seconds')}-12:00"]),
        f"title = {draw(translated)}",
        f"organizer = {draw(translated)}",
        f"voting_window = {{ opens_at = {times[0]}, closes_at = {times[1]} }}",
        *draw(rules(len(numbers))),
        f"[source]\npublisher = {quoted(draw(TEXTS))}\npublished = {draw(st.dates()).isoformat()}",
        *draw(selection(draw(translated), decided=decided)),
        f'[[themes]]\ncode = "T"\nname = {draw(translated)}',
        *([f'[[own_districts]]\ncode = "310101"\nname = {draw(translated)}'] if has_own else []),
    ]
    for place, number in enumerate(numbers):
        outcome = "CANDIDATE" if not decided else "NOT_SELECTED" if place else "WINNER"
        lines += [
            f'[[projects]]\nnumber = {number}\nthemes = ["T"]\noutcome = "{outcome}"\ncost = 1',
            *draw(st.sampled_from([[], ['level = "DISTRICT"', 'district = "310101"']])),
            f"code = {quoted(f'M/{place:02}/VII')}",
            f"title = {draw(translated)}",
            f"summary = {draw(translated)}",
            f"figures = [{{ label = {draw(translated)}, value = {quoted(draw(TEXTS))} }}]",
        ]
    return "\n".join(lines)


def in_languages(tags: list[str], texts: list[str]) -> str:
    """A text as TOML writes it, in the first of these languages at least."""
    return f"{{ {', '.join(f'{tag} = {quoted(text)}' for tag, text in zip(tags, texts, strict=False))} }}"


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
    asking = context(None, Language.EN)
    asking.renew(Snapshot(directory, {}, now), now)
    variables = {"slug": campaign.slug, "day": campaign.calendar.days[0].isoformat()}
    result = Compiled(published()).execute(Documents(published()).prepare(QUESTION), asking, variables, None)
    return result_body(result if isinstance(result, ExecutionResult) else await result, Language.EN)


@with_examples(few=10, every=20)
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
