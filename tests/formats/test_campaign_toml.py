"""Does a campaign file become the campaign it says, and is every mistake in it told at once, in plain words?"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.projects import District, Outcome, ProjectLevel, Theme
from api.domain.campaigns.states import ResultsVisibility
from api.domain.voting.quota import Quota, QuotaPeriod
from api.formats.campaign_toml import CampaignFileError, Mistake, mistakes_in, read_campaign_file
from tests.campaigns import both
from tests.properties import with_examples

SEED = Path(__file__).parents[2] / "seed"
CAMPAIGN = """
slug = "town-2020"
edition = 2
time_zone = "Asia/Shanghai"
districts = "districts.toml"
results_visibility = "AFTER_CLOSE"
published_at = 2020-05-01T00:00:00+08:00
title = { zh = "评选", en = "Selection" }
organizer = { zh = "镇", en = "Town" }
[voting_window]
opens_at = 2020-03-01T00:00:00+08:00
closes_at = 2020-03-10T12:00:00+08:00
[rules]
choices = { minimum = 1, maximum = 2 }
quota = { limit = 1, period = "DAY" }
[source]
publisher = "日报"
published = 2020-02-01
url = "https://example.org/notice"
[[stages]]
code = "CANDIDATE"
name = { zh = "候选", en = "Candidates" }
seats = 3
decided = true
decided_at = 2020-02-01T00:00:00+08:00
[[stages]]
code = "WINNER"
name = { zh = "获奖", en = "Winners" }
seats = 1
decided = true
formula = "votes"
[[criteria]]
code = "NEW"
name = { zh = "新", en = "New" }
[[criteria]]
code = "USEFUL"
name = { zh = "有用", en = "Useful" }
[[themes]]
code = "HEALTH"
name = { zh = "健康", en = "Health" }
[[themes]]
code = "CULTURE"
name = { zh = "文化", en = "Culture" }
[[themes]]
code = "WATER"
name = { zh = "水", en = "Water" }
[[themes]]
code = "ROADS"
name = { zh = "路", en = "Roads" }
[[projects]]
number = 7
title = { zh = "丙", en = "C" }
summary = { zh = "第三", en = "Third" }
level = "UNSTATED"
themes = ["HEALTH"]
outcome = "NOT_SELECTED"
[[projects]]
number = 1
title = { zh = "甲", en = "A" }
summary = { zh = "第一", en = "First" }
organization = { zh = "局", en = "Bureau" }
level = "MUNICIPAL"
themes = ["HEALTH", "CULTURE"]
start_year = 2016
figures = [{ label = { zh = "人", en = "x" }, value = "1→2", value_en = "3→4", unit = { zh = "个", en = "x" }, year = 2017 }]
outcome = "WINNER"
[[projects]]
number = 2
title = { zh = "乙", en = "B" }
summary = { zh = "第二", en = "Second" }
level = "DISTRICT"
district = "310101"
themes = ["CULTURE"]
outcome = "NOT_SELECTED"
"""
DISTRICTS = """
[[districts]]
code = "310104"
name = { zh = "徐汇区", en = "Xuhui" }
[[districts]]
code = "310101"
name = { zh = "黄浦区", en = "Huangpu" }
"""


def written(folder: Path, campaign: str | bytes = CAMPAIGN, districts: str | bytes | None = DISTRICTS) -> Path:
    """A campaign file with its districts file beside it."""
    for name, content in (("campaign.toml", campaign), ("districts.toml", districts)):
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "campaign.toml"


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each first occurrence replaced; an old text that is not there is a mistake of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_seed_files_have_no_mistakes() -> None:
    assert mistakes_in(SEED / "shanghai-2017.toml") == ()


def test_the_seed_is_the_selection_of_2017() -> None:
    campaign, districts = read_campaign_file(SEED / "shanghai-2017.toml")
    assert (campaign.slug, campaign.choices, campaign.quota) == (
        "shanghai-2017",
        ChoiceRange(10, 30),
        Quota(1, QuotaPeriod.DAY),
    )
    assert [project.number for project in campaign.projects] == list(range(1, 51))
    assert len(districts) == 16
    assert set(campaign.districts) <= set(districts)
    assert campaign.calendar.days[0] == date(2017, 3, 22)
    assert campaign.calendar.days[-1] == date(2017, 3, 31)


def test_a_file_becomes_domain_values(tmp_path: Path) -> None:
    campaign, districts = read_campaign_file(written(tmp_path))
    huangpu = District("310101", both("黄浦区", "Huangpu"))
    assert districts == (huangpu, District("310104", both("徐汇区", "Xuhui")))
    assert campaign.window.closes_at == datetime(2020, 3, 10, 4, tzinfo=UTC)
    assert campaign.visibility is ResultsVisibility.AFTER_CLOSE
    assert [stage.formula for stage in campaign.stages] == [None, "votes"]
    assert campaign.themes[:2] == (Theme("HEALTH", both("健康", "Health")), Theme("CULTURE", both("文化", "Culture")))
    first, second, third = campaign.projects
    assert (first.position, second.position, third.position) == (1, 2, 3)
    assert (first.number, second.number, third.number) == (1, 2, 7)
    assert (first.themes, first.outcome) == (campaign.themes[:2], Outcome.WINNER)
    assert (first.figures[0].value, first.figures[0].unit) == ("1→2", both("个", "x"))
    assert first.figures[0].value_en == "3→4"
    assert (second.level, second.district) == (ProjectLevel.DISTRICT, huangpu)
    assert (third.organization, third.start_year, third.figures) == (None, None, ())
    assert third.outcome is Outcome.NOT_SELECTED
    assert {project.campaign for project in campaign.projects} == {"town-2020"}


def test_a_gazetteer_has_names_in_more_languages_than_a_campaign(tmp_path: Path) -> None:
    gazetteer = '[[districts]]\ncode = "310101"\nname = { zh = "黄浦区", en = "Huangpu", fr = "Huangpu" }\n'
    _, [district] = read_campaign_file(written(tmp_path, CAMPAIGN, gazetteer))
    assert district.name.tagged("fr") == "Huangpu"
    [mistake] = mistakes_in(written(tmp_path, CAMPAIGN, gazetteer.replace("fr =", "French =")))
    assert (mistake.key, mistake.problem) == (
        "districts[1] (code 310101).name.French",
        "is not a key that is known here",
    )


def test_what_is_optional_may_be_left_out(tmp_path: Path) -> None:
    lines = [
        line for line in CAMPAIGN.splitlines() if not line.startswith(("edition", "published_at", "url", "outcome"))
    ]
    head, tail = "\n".join(lines).split("[[stages]]", 1)
    text = head + "[[themes]]" + tail.split("[[themes]]", 1)[1]
    campaign, _ = read_campaign_file(written(tmp_path, text))
    assert (campaign.edition, campaign.published_at, campaign.stages, campaign.criteria) == (None, None, (), ())
    assert {project.outcome for project in campaign.projects} == {Outcome.CANDIDATE}
    assert campaign.source is not None
    assert campaign.source.url is None


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    text = CAMPAIGN.replace("\n", "\r\n").encode("utf-8-sig")
    assert mistakes_in(written(tmp_path, text)) == ()


def test_ten_mistakes_are_told_at_once_and_hide_nothing_from_each_other(tmp_path: Path) -> None:
    text = changed(
        CAMPAIGN,
        ('slug = "town-2020"', 'slug = "Town 2020"'),
        ("edition = 2", 'edition = "2"'),
        ("organizer =", "organiser ="),
        ("closes_at = 2020-03-10", "closes_at = 2020-02-10"),
        ("minimum = 1", "minimum = 3"),
        ('period = "DAY"', 'period = "WEEK"'),
        ("seats = 1", "seats = 4"),
        ('themes = ["HEALTH"]', 'themes = ["HELTH"]'),
        ("number = 2", "number = 1"),
        ('district = "310101"', 'district = "310999"'),
    )
    mistakes = mistakes_in(written(tmp_path, text))
    assert [mistake.key for mistake in mistakes] == [
        "edition",
        "organiser",
        "organizer",
        "projects[1] (number 7).themes[1]",
        "projects[3] (number 1).district",
        "projects[3] (number 1).number",
        "rules.choices.minimum",
        "rules.quota.period",
        "slug",
        "stages[2] (code WINNER).seats",
        "voting_window.closes_at",
    ]
    assert all("\n" not in str(mistake) for mistake in mistakes)


P1, P2, P3 = "projects[1] (number 7)", "projects[2] (number 1)", "projects[3] (number 2)"
TABLE = [
    ('slug = "town-2020"', "", "slug", "Add a name"),
    ('"town-2020"', '"town--2020"', "slug", "hyphens"),
    ('"town-2020"', f'"{"a" * 65}"', "slug", "at most 64"),
    ("edition = 2", "edition = 2.0", "edition", "whole number"),
    ("edition = 2", "edition = true", "edition", "whole number"),
    ("edition = 2", f"edition = 0x{'f' * 5000}", "edition", "whole number"),
    ('"Asia/Shanghai"', '"Asia/Beijing"', "time_zone", "Asia/Shanghai"),
    ('"Asia/Shanghai"', '"../../etc/passwd"', "time_zone", "IANA"),
    ('"Asia/Shanghai"', '"Asia"', "time_zone", "IANA"),
    ('"Asia/Shanghai"', '"asia/shanghai"', "time_zone", 'Did you mean "Asia/Shanghai"?'),
    ('"Asia/Shanghai"', '"America/New York"', "time_zone", 'Did you mean "America/New_York"?'),
    *[
        ('"Asia/Shanghai"', f'"{name}"', "time_zone", "IANA")
        for name in (
            "localtime",
            "posixrules",
            "Factory",
            "right/Asia/Shanghai",
            "posix/Asia/Shanghai",
            "Asia/Shanghai/",
            "/Asia/Shanghai",
            "Asia/../Asia/Shanghai",
            "./Asia/Shanghai",
            "Asia//Shanghai",
            "tzdata.zi",
            "zone.tab",
            "leapseconds",
            "UTC+8",
            "+08:00",
            "CST",
            "",
            "__init__",
            "zones",
        )
    ],
    ('"districts.toml"', '"/districts.toml"', "districts", "seen from this file"),
    ('"districts.toml"', '"\\u0000"', "districts", "path"),
    ('"AFTER_CLOSE"', '"after_close"', "results_visibility", 'Did you mean "AFTER_CLOSE"?'),
    ('"AFTER_CLOSE"', '"AFTER_CLOSING"', "results_visibility", 'Did you mean "AFTER_CLOSE"?'),
    ("2020-05-01T00:00:00+08:00", "2020-05-01T00:00:00", "published_at", "offset"),
    ("2020-05-01T00:00:00+08:00", "2020-05-01", "published_at", "offset"),
    ("2020-05-01T00:00:00+08:00", "2020-03-10T11:59:59+08:00", "published_at", "2020-03-10T12:00:00+08:00 or a later"),
    ("2020-05-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "published_at", "from 1900 to 2100"),
    ('title = { zh = "评选", en = "Selection" }', 'title = "评选"', "title", "the campaign's languages"),
    ('en = "Selection"', 'en = " Selection"', "title.en", "white space"),
    ('en = "Selection"', 'en = ""', "title.en", "not empty"),
    ('en = "Selection"', 'en = "\\u200b"', "title.en", "shows something"),
    ('en = "Selection"', 'en = "\\u3164\\u2800\\u00ad"', "title.en", "shows something"),
    ('en = "Selection"', 'en = "a\\nb"', "title.en", "line breaks"),
    ('en = "Selection"', 'en = "a\\u202Eb"', "title.en", "control characters"),
    ('en = "Selection"', 'en = "S", fr = "S"', "title.fr", "Known keys: zh, en"),
    ("opens_at = 2020-03-01T00:00:00+08:00", "opens_at = 2020-03-01T00:00:00", "voting_window.opens_at", "offset"),
    ("opens_at = 2020-03-01", "opens_at = 2020-03-31", "voting_window.closes_at", "after 2020-03-31"),
    ("opens_at = 2020-03-01T00:00:00+08:00", "opens_at = 2020-03-10T04:00:00Z", "voting_window.closes_at", "after"),
    ("opens_at = 2020-03-01", "opens_at = 2019-03-01", "voting_window.closes_at", "366 days"),
    ("minimum = 1", "minimum = 0", "rules.choices.minimum", "at least 1"),
    ("minimum = 1", "minimum = 3", "rules.choices.minimum", "2 or less"),
    ("maximum = 2", "maximum = 4", "rules.choices.maximum", "3 or less"),
    ("limit = 1", "limit = 0", "rules.quota.limit", "from 1 to 20"),
    ("limit = 1", "limit = 21", "rules.quota.limit", "from 1 to 20"),
    ('"DAY"', '"day"', "rules.quota.period", "DAY, CAMPAIGN"),
    ("published = 2020-02-01", 'published = "2020-02-01"', "source.published", "a date such as"),
    ("published = 2020-02-01", "published = 2020-02-01T00:00:00Z", "source.published", "a date such as"),
    ("https://example.org/notice", "javascript:alert(1)", "source.url", "https://"),
    ("https://example.org/notice", "https://", "source.url", "names a host"),
    ("https://example.org/notice", "https:///notice", "source.url", "names a host"),
    ("https://example.org/notice", "https://[::1", "source.url", "names a host"),
    ("seats = 1", "seats = 4", "stages[2] (code WINNER).seats", "3 or less"),
    ("seats = 1", "seats = 0", "stages[2] (code WINNER).seats", "from 1"),
    ("decided = true", 'decided = "yes"', "stages[1] (code CANDIDATE).decided", "true or false"),
    ('code = "WINNER"', 'code = "CANDIDATE"', "stages[2] (code CANDIDATE).code", "of its own"),
    ('code = "WINNER"', 'code = "获奖"', "stages[2].code", "letters, digits"),
    ('code = "USEFUL"', 'code = "NEW"', "criteria[2] (code NEW).code", "of its own"),
    ("number = 7", "number = 0", "projects[1] (number 0).number", "from 1 to 999999"),
    ("number = 7", "number = 1000000", "projects[1] (number 1000000).number", "from 1 to 999999"),
    ("number = 7", 'number = "7"', "projects[1] (number 7).number", "from 1 to 999999"),
    ("number = 2", "number = 7", "projects[3] (number 7).number", "of its own"),
    ('"UNSTATED"', '"DISTRCT"', f"{P1}.level", 'Did you mean "DISTRICT"?'),
    ('"UNSTATED"', '"DISTRICT"', f"{P1}.district", "Add one of 310104, 310101"),
    ('district = "310101"\n', "", f"{P3}.district", "Add one of 310104, 310101"),
    ('district = "310101"', 'district = "310000"', f"{P3}.district", "310104, 310101"),
    ('district = "310101"', "district = 310101", f"{P3}.district", "in quotes"),
    ('"DISTRICT"', '"UNSTATED"', f"{P3}.district", "remove district"),
    ('["HEALTH"]', '["HEALTH", "HEALTH"]', f"{P1}.themes[2]", "once"),
    ('["HEALTH"]', '["SPORT"]', f"{P1}.themes[1]", "one of HEALTH, CULTURE"),
    ("start_year", "start_yaer", f"{P2}.start_yaer", 'Did you mean "start_year"?'),
    ("start_year", '"a\\u0007\\nb"', f'{P2}."a\\u0007\\u000ab"', "Known keys"),
    ("start_year = 2016", "start_year = 1899", f"{P2}.start_year", "1900 to 2100"),
    ("year = 2017", "year = 2101", f"{P2}.figures[1].year", "1900 to 2100"),
    ('value = "1→2"', "value = 12", f"{P2}.figures[1].value", "in quotes"),
    ('outcome = "WINNER"', 'outcome = "LOSER"', f"{P2}.outcome", "NOT_SELECTED"),
]


@pytest.mark.parametrize(("old", "new", "key", "remedy"), TABLE)
def test_each_mistake_is_told_once_at_its_key_with_what_would_be_right(
    tmp_path: Path, old: str, new: str, key: str, remedy: str
) -> None:
    path = written(tmp_path, changed(CAMPAIGN, (old, new)))
    (mistake,) = mistakes_in(path)
    assert mistake.key == key
    assert remedy in mistake.remedy
    assert mistake.file == str(path)
    assert "pydantic" not in str(mistake)
    with pytest.raises(CampaignFileError) as caught:
        read_campaign_file(path)
    assert caught.value.mistakes == (mistake,)


def test_no_stage_is_decided_after_one_that_is_not(tmp_path: Path) -> None:
    text = changed(CAMPAIGN, ("decided = true\ndecided_at = 2020-02-01T00:00:00+08:00", "decided = false"))
    (mistake,) = mistakes_in(written(tmp_path, text))
    assert mistake.key == "stages[2] (code WINNER).decided"
    assert "stages[1] (code CANDIDATE)" in mistake.problem
    assert "order" in mistake.remedy


DISTRICTS_TABLE = [
    (changed(DISTRICTS, ('"310104"', '"310101"')), "districts[2] (code 310101).code", "of its own"),
    (changed(DISTRICTS, ('"310104"', "310104")), "districts[1] (code 310104).code", "2 to 12 digits"),
    (changed(DISTRICTS, ('zh = "徐汇区", ', "")), "districts[1] (code 310104).name.zh", "Add a text"),
    (DISTRICTS + "]", "line 8, column 1", "syntax"),
    (DISTRICTS.encode("gb18030"), "line 4", "UTF-8"),
    (None, "", "path"),
]


@pytest.mark.parametrize(("districts", "key", "remedy"), DISTRICTS_TABLE)
def test_a_mistake_in_the_districts_file_names_that_file(
    tmp_path: Path, districts: str | bytes | None, key: str, remedy: str
) -> None:
    (mistake,) = mistakes_in(written(tmp_path, districts=districts))
    assert (mistake.file, mistake.key) == (str(tmp_path / "districts.toml"), key)
    assert remedy in mistake.remedy


FILES_TABLE = [
    (b"slug = [\n'a'\n]]", "line 3, column 2", "is no TOML"),
    (b"a = 1\na = 2", "line 2", "is no TOML"),
    ('a = 1\nslug = "镇"'.encode("gb18030"), "line 2", "is not UTF-8"),
    (b"a = " + b"[" * 100_000, "", "cannot be read"),
    (b"a = " + b"9" * 5_000, "", "cannot be read"),
    (b"#" * (32 * 1024 * 1024 + 1), "", "is larger than 32 MiB"),
]


@pytest.mark.parametrize(("content", "key", "problem"), FILES_TABLE)
def test_a_file_that_is_no_toml_is_told_by_its_line(tmp_path: Path, content: bytes, key: str, problem: str) -> None:
    (mistake,) = mistakes_in(written(tmp_path, content))
    assert mistake.key == key
    assert problem in mistake.problem


def test_a_file_that_cannot_be_opened_is_a_mistake(tmp_path: Path) -> None:
    assert "does not exist" in str(mistakes_in(tmp_path / "missing.toml")[0])
    assert "is not a file" in str(mistakes_in(tmp_path)[0])
    assert "cannot be read" in str(mistakes_in(tmp_path / ("x" * 300))[0])


def test_a_mistake_is_one_line() -> None:
    assert str(Mistake("a.toml", "slug", "is missing", "Add it.")) == "a.toml: slug is missing. Add it."
    assert str(Mistake("a.toml", "", "does not exist", "Write it.")) == "a.toml does not exist. Write it."


SEED_TEXT = (SEED / "shanghai-2017.toml").read_text(encoding="utf-8")
LITERALS = ["1", "-1", "0", "1e400", "nan", '""', '"x"', "true", "[]", "[[]]", "{}", "[{}]", "[1, 'a', {}]"]
LITERALS += ["2017-03-22", "2017-03-22T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "12:00:00"]
SPOILED = with_examples(few=30, every=60)


@st.composite
def spoiled_lines(draw: st.DrawFn) -> bytes:
    """The seed with lines deleted, doubled, or given a value of another kind."""
    lines = SEED_TEXT.splitlines()
    for _ in range(draw(st.integers(1, 6))):
        index = draw(st.integers(0, len(lines) - 1))
        name, assigned, _ = lines[index].partition(" = ")
        literal = draw(st.sampled_from(LITERALS))
        lines[index : index + 1] = draw(
            st.sampled_from([[], [lines[index]] * 2, [f"{name} = {literal}"] if assigned else [f"x = {literal}"]])
        )
    return "\n".join(lines).encode()


@st.composite
def spoiled_bytes(draw: st.DrawFn) -> bytes:
    """The seed with a piece replaced by any bytes."""
    content = SEED_TEXT.encode()
    start = draw(st.integers(0, len(content)))
    length = draw(st.integers(0, 2000))
    return content[:start] + draw(st.binary(max_size=40)) + content[start + length :]


@SPOILED
def test_no_content_is_answered_with_a_traceback(tmp_path: Path, examples: int) -> None:
    districts = (SEED / "districts.toml").read_bytes()

    @settings(deadline=None, max_examples=examples)
    @given(content=spoiled_lines() | spoiled_bytes() | st.binary() | st.text().map(str.encode))
    def no_traceback(content: bytes) -> None:
        path = written(tmp_path, content, districts)
        mistakes = mistakes_in(path)
        if mistakes:
            with pytest.raises(CampaignFileError) as caught:
                read_campaign_file(path)
            assert caught.value.mistakes == mistakes
            assert all(str(mistake).isprintable() for mistake in mistakes)
        else:
            campaign, _ = read_campaign_file(path)
            assert campaign.calendar.days

    no_traceback()


@SPOILED
def test_no_districts_file_is_answered_with_a_traceback(tmp_path: Path, examples: int) -> None:
    @settings(deadline=None, max_examples=examples)
    @given(content=spoiled_lines() | st.binary())
    def no_traceback(content: bytes) -> None:
        for mistake in mistakes_in(written(tmp_path, SEED_TEXT, content)):
            assert str(mistake).isprintable()

    no_traceback()


def test_a_project_has_so_many_themes_at_most(tmp_path: Path) -> None:
    path = written(tmp_path, changed(CAMPAIGN, ('["HEALTH"]', str([f"T{n}" for n in range(13)]))))
    [mistake] = [each for each in mistakes_in(path) if each.key == f"{P1}.themes"]
    assert "12 themes at most" in mistake.remedy
