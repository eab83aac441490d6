"""Check that the rules of a campaign can be met, all of them by one ballot."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from api.domain.texts import Text
from api.domain.voting.rules.hours import VotingHoursRule
from api.formats.campaign.checks import time_of_day
from api.formats.campaign.checks import zone as checked_zone
from api.formats.campaign.findings import Finding, Tree, described, is_described
from api.formats.campaign.group_consistency import group_findings
from api.formats.campaign.messages import missing
from api.formats.campaign.raw_values import time_at, value_at

RULES = "rules"


def rule_findings(tree: Tree) -> Iterator[Finding]:
    """Find rules that contradict each other or the projects."""
    rules = value_at(tree, dict, RULES)
    if rules is None:
        return
    if "votes" in rules:
        yield from _votes(rules)
    else:
        for name, description in (
            ("choices", Text("表{ minimum = …, maximum = … }", "the table { minimum = …, maximum = … }")),
            ("quota", Text('表{ limit = …, period = "DAY" }', 'the table { limit = …, period = "DAY" }')),
        ):
            if name not in rules:
                yield missing((RULES, name), description)
    yield from _choices(tree)
    yield from group_findings(tree)
    yield from _hours(rules)
    yield from _hours_in_window(tree)
    yield from _eligibility(rules)


def _votes(rules: Tree) -> Iterator[Finding]:
    for name in ("choices", "quota", "groups", "budget"):
        if name in rules:
            problem = Text("与votes同时出现", "stands beside votes")
            remedy = Text(
                "逐票投票时每张选票只选一个项目；请删去其中一个。",
                "Where votes are cast one by one a ballot names one project; leave one of the two out.",
            )
            yield Finding((RULES, name), problem, remedy)
    limit, each = (value_at(rules, int, "votes", name) for name in ("limit", "per_project"))
    if limit is not None and each is not None and each > limit:
        problem = is_described(each, Text("，多于limit", ", more than limit"))
        yield Finding((RULES, "votes", "per_project"), problem, _at_most(limit))


def _choices(tree: Tree) -> Iterator[Finding]:
    minimum, maximum = (value_at(tree, int, RULES, "choices", name) for name in ("minimum", "maximum"))
    projects = value_at(tree, list, "projects")
    if minimum is not None and maximum is not None and minimum > maximum:
        problem = is_described(minimum, Text("，多于maximum", ", more than maximum"))
        yield Finding((RULES, "choices", "minimum"), problem, _at_most(maximum))
    if maximum is not None and projects and maximum > len(projects):
        problem = is_described(maximum, Text("，多于候选项目数", ", more than there are projects"))
        remedy = Text("请写数字{projects}或更小的数。", "Write the number {projects} or less.", projects=len(projects))
        yield Finding((RULES, "choices", "maximum"), problem, remedy)


def _at_most(most: int) -> Text:
    text = described(most)
    return Text("请写{text}或更小的数。", "Write {text} or less.", text=text)


def _hours(rules: Tree) -> Iterator[Finding]:
    start, until = (value_at(rules, str, "hours", name) for name in ("from", "until"))
    if start is not None and start == until:
        problem = is_described(until, Text("，与from相同", ", as from is"))
        remedy = Text(
            "请写另一个钟点；若全天可投，请删去hours。",
            "Write another time; leave hours out where voting is open all day.",
        )
        yield Finding((RULES, "hours", "until"), problem, remedy)


def _hours_in_window(tree: Tree) -> Iterator[Finding]:
    """Find hours that do not come while voting is open: only a window shorter than a day may have none of them."""
    opens, closes = (time_at(tree, "voting_window", name) for name in ("opens_at", "closes_at"))
    try:
        start, until = (time_of_day(value_at(tree, str, RULES, "hours", name)) for name in ("from", "until"))
        hours = VotingHoursRule(start, until)
        zone = ZoneInfo(checked_zone(value_at(tree, str, "time_zone") or ""))
    except (ValueError, PydanticCustomError):
        return  # what is wrong with these is told for itself
    if opens is None or closes is None or not opens < closes < opens + timedelta(days=2):
        return
    minutes = (closes - opens) // timedelta(minutes=1) + 1
    if hours.start != hours.end and not any(
        hours.include((opens.astimezone(UTC) + timedelta(minutes=minute)).astimezone(zone))
        for minute in range(minutes)
        if opens + timedelta(minutes=minute) < closes
    ):
        local = Text(
            "是投票时间{zone:%m-%d %H:%M}至{zone_2:%m-%d %H:%M}里没有的钟点",
            "does not come between {zone:%m-%d %H:%M} and {zone_2:%m-%d %H:%M}, while voting is open",
            zone=opens.astimezone(zone),
            zone_2=closes.astimezone(zone),
        )
        remedy = Text("请写投票期间的钟点，或改投票时间。", "Write hours in that time, or change voting_window.")
        yield Finding((RULES, "hours"), local, remedy)


def _eligibility(rules: Tree) -> Iterator[Finding]:
    eligibility = value_at(rules, dict, "eligibility")
    if eligibility is None:
        return
    if not any(eligibility.get(name) for name in ("claims", "list", "viewers")):
        problem = Text("没有说明谁可以投票", "does not say who may vote")
        remedy = Text("请写claims、list或viewers，或删去。", "Write claims, list or viewers, or leave it out.")
        yield Finding((RULES, "eligibility"), problem, remedy)
    if "list" in eligibility and "viewers" in eligibility:
        problem = Text("与list同时出现", "stands beside list")
        yield Finding((RULES, "eligibility", "viewers"), problem, Text("请删去其中一个。", "Leave one of the two out."))
