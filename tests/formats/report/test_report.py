"""Does the report say everything it has to, in both languages, and nothing that a page could run?"""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Award, Extension, Pause, VoidedVotes
from api.domain.campaigns.projects import Replacement
from api.domain.campaigns.projects import Standing as ProjectStanding
from api.domain.results.report import Recounted, Report
from api.domain.texts import LocalizedText, localized
from api.formats.report import render_report
from api.formats.report.markup import VOID
from tests.campaigns import CLOSES, OPENS
from tests.reports import DIGESTS, TRACE, a_report, a_stage, an_objection, standings_of

EVIL = "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x00\x1b<!--"
CHINESE = ("参与情况", "公众投票排名", "各区", "得票与专家评分", "评选阶段： 终审项目", "更正", "核查", "抽签决定")
UNOFFICIAL = ("非正式结果", "UNOFFICIAL", "PROVISIONAL")


class Reading(HTMLParser):
    """Reads a page strictly: every element that is opened is closed, in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []  # the language that alone shows it, if any, and the text
        self.languages: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(kind if (kind := dict(attrs).get("class")) in {"zh", "en"} else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.languages.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((next(filter(None, self.languages), ""), data))

    def shown(self, language: str) -> str:
        """What somebody reads who has chosen a language."""
        return " ".join(" ".join(text for own, text in self.texts if own in {"", language}).split())

    @property
    def text(self) -> str:
        return self.shown("en")


def with_campaign(change: Callable[[Campaign], Campaign]) -> Report:
    report = a_report()
    return replace(report, standings=standings_of(change(report.campaign)))


@pytest.fixture(scope="module")
def page() -> Reading:
    return Reading(render_report(a_report()))


def test_it_is_one_page_that_runs_nothing_and_fetches_nothing(page: Reading) -> None:
    assert {"script", "link", "img", "iframe", "object", "form"}.isdisjoint(tag for tag, _ in page.tags)
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in {"src", "href", "srcset", "action"}}
    assert "url(" not in render_report(a_report())


def test_it_is_unofficial_in_large_letters_until_everything_is_final(page: Reading) -> None:
    final = Reading(render_report(a_report(final=True)))
    for word in UNOFFICIAL:
        assert word in page.text
        assert word not in final.text
    assert "FINAL RESULTS" in final.text
    assert "FINAL RESULTS" not in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "Turnout",
        "2017-03-31",
        "11.8%",  # 290 of 2,450 ballots
        "By hour",
        "Percentages are of the 2,450 ballots that count",
        "Pudong",
        "Of no district",
        "Theme 5",
        "Votes against scores",
        "Kendall's W 0.6123",
        "Value → normalised",
        "Final, confirmed on 2017-04-09 12:00 (Asia/Shanghai).",
        "objections are heard until 2017-04-08 12:00 (Asia/Shanghai). Not final yet.",
        "have equal scores, and 1 seat is left. Lots were drawn, in this order: 38, 23. So 38 passes.",
        "lots are drawn",
        "Counted again; nothing is wrong.",
        "Not answered yet.",
        "Votes were entered wrongly.",
        f"{DIGESTS[0]} → {DIGESTS[1]}",
        "All 2,457 ballots were counted again, one by one: they agree with the tallies in every number.",
        "No pause, no extension, nothing voided, nobody removed.",
        " ".join(TRACE.split()),
    ],
)
def test_it_says(page: Reading, wanted: str) -> None:
    assert wanted.lower() in page.text.lower()


@pytest.mark.parametrize("wanted", CHINESE)
def test_it_says_in_chinese(page: Reading, wanted: str) -> None:
    assert wanted in page.shown("zh")
    assert wanted not in page.text


def test_the_arithmetic_of_a_project_is_written_out(page: Reading) -> None:
    assert "1,680 → 93.3333 × 0.5 = 46.66665" in page.text
    assert "94.16665" in page.text  # with half of 95


def test_texts_of_either_language_are_marked_and_those_of_one_stand_alone(page: Reading) -> None:
    marked = {(attrs.get("class"), attrs.get("lang")) for _, attrs in page.tags if attrs.get("class") in {"zh", "en"}}
    assert {("zh", "zh-Hans"), ("en", "en")} <= marked
    alone = with_campaign(lambda campaign: replace(campaign, title=localized(de="Die Wahl")))
    tags = Reading(render_report(alone)).tags
    heading = next(place for place, (tag, _) in enumerate(tags) if tag == "h1")
    assert "class" not in tags[heading + 1][1]


def test_it_begins_in_the_campaigns_own_language() -> None:
    for languages, first in ((("zh", "en"), "choose-zh"), (("en",), "choose-en"), (("en", "zh"), "choose-en")):
        report = with_campaign(lambda campaign, own=languages: replace(campaign, languages=own))  # type: ignore[misc]
        checked = [
            attrs["id"] for tag, attrs in Reading(render_report(report)).tags if tag == "input" and "checked" in attrs
        ]
        assert checked == [first]


def test_whatever_texts_hold_is_shown_and_never_run() -> None:
    text = localized(zh=EVIL, en=EVIL)

    def spoilt(campaign: Campaign) -> Campaign:
        projects = tuple(replace(each, title=text, standing_reason=text) for each in campaign.projects)
        stages = tuple(replace(stage, name=text) for stage in campaign.stages)
        themes = tuple(replace(theme, name=text) for theme in campaign.themes)
        return replace(
            campaign,
            title=text,
            organizer=text,
            stages=stages,
            projects=(replace(projects[0], standing=ProjectStanding.WITHDRAWN), *projects[1:]),
            themes=themes,
            awards=(Award("TOP", text, 10),),
            pauses=(Pause(OPENS, None, text),),
        )

    report = with_campaign(spoilt)
    stage = a_stage(report.campaign, "FINALIST", (an_objection(by=EVIL, text=EVIL, answer=text),), corrected=True)
    report = replace(report, stages=(replace(stage, trace=EVIL),), recounted=Recounted(1, 0, 0, (EVIL,)))
    html = render_report(report)
    reading = Reading(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in reading.tags)
    assert not any(name.startswith("on") for _, attrs in reading.tags for name in attrs)
    assert "\x00" not in html
    assert "\x1b" not in html
    assert reading.text.count("alert(1)") > 100


def reasoned(text: str) -> LocalizedText:
    return localized(zh=f"因{text}", en=f"Because of {text}")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"pauses": (Pause(OPENS, CLOSES, reasoned("a flood")),)}, "Because of a flood"),
        ({"extensions": (Extension(CLOSES, OPENS, OPENS, reasoned("an outage")),)}, "Because of an outage"),
        (
            {"voided_votes": (VoidedVotes(31, OPENS, None, reasoned("bought votes"), CLOSES),)},
            "Votes voided: 31 Project 31 · ",
        ),
    ],
)
def test_what_was_done_to_the_vote_is_told(change: dict[str, Any], wanted: str) -> None:
    report = with_campaign(lambda campaign: replace(campaign, **change))
    assert wanted in Reading(render_report(report)).text


def test_a_project_that_no_longer_stands_has_no_rank() -> None:
    def without(campaign: Campaign) -> Campaign:
        gone = {"standing": ProjectStanding.DISQUALIFIED, "replacement": Replacement.REFILL}
        projects = tuple(replace(each, **gone) if each.number == 7 else each for each in campaign.projects)  # type: ignore[arg-type]
        return replace(campaign, projects=projects)

    reading = Reading(render_report(with_campaign(without)))
    assert "– 7 Project 7 0" in reading.text
    assert "Disqualified : 7 Project 7" in reading.text


def test_a_decision_of_the_organizer_is_told_with_its_reason(page: Reading) -> None:
    stage = a_stage(a_report().campaign, "WINNER")
    version = stage.selection.current
    decided = replace(version, outcome=replace(version.outcome, decision_reason=reasoned("the jury's advice")))
    stage = replace(stage, selection=replace(stage.selection, versions=(decided,)))
    told = Reading(render_report(a_report(stages=(stage,))))
    assert "The reason of the decision Because of the jury's advice" in told.text
    assert "决定的理由 因the jury's advice" in told.shown("zh")
    assert "The reason of the decision" not in page.text


def test_a_recount_that_differs_is_told() -> None:
    report = a_report(recounted=Recounted(5, 0, 0, ("2017-03-22: ballots: the tallies say 3, the ballots 2",)))
    text = Reading(render_report(report)).text
    assert "One thing is wrong." in text
    assert "the tallies say 3, the ballots 2" in text
    assert "they agree" not in text


def test_a_campaign_without_ballots_districts_or_stages_has_a_report() -> None:
    report = a_report()
    bare = replace(
        report.campaign,
        projects=tuple(replace(each, district=None, themes=()) for each in report.campaign.projects),
        themes=(),
        stages=(),
        announcements=(),
    )
    standings = standings_of(bare)
    report = Report(standings, {})
    text = Reading(render_report(report)).text
    assert "Districts" not in text
    assert "Votes against scores" not in text
    assert "By hour" not in text


def test_the_map_has_a_tile_for_each_district(page: Reading) -> None:
    assert "浦东新区 7,560" in page.shown("zh")
    assert "Pudong 7,560" in page.text
    tiles = [attrs for tag, attrs in page.tags if tag == "rect" and attrs.get("rx")]
    assert len(tiles) == 2
