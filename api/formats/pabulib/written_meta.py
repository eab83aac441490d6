"""Write the section META: from the campaign, and from what an imported file said besides."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.projects import Outcome
from api.domain.texts import Language, counted
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.budget import BudgetRule
from api.domain.voting.rules.groups import GroupChoiceRule
from api.formats.pabulib import names
from api.formats.pabulib.places import country_of
from api.formats.pabulib.vocabulary import (
    APPROVAL,
    MAX_PER_CATEGORY,
    MIN_PER_CATEGORY,
    NO_CURRENCY,
    UNKNOWN_RULE,
    WITHDRAWN_COST,
)
from api.formats.pabulib.written_projects import Written, joined, selected

WHOLE = ("min_project_cost", "max_project_cost", "min_project_score_threshold")
LISTS, FURTHER_LISTS = (
    ("neighborhoods", "subdistricts", "categories"),
    ("budget_per_category", "budget_per_neighborhood"),
)
ONE_BALLOT = Quota(1, QuotaPeriod.CAMPAIGN)
GREEDY_RULES = ("greedy", "greedy-no-skip", "greedy-threshold")  # which the format's checker repeats
PERIODS = {QuotaPeriod.HOUR: "an hour", QuotaPeriod.DAY: "a day", QuotaPeriod.CAMPAIGN: "in all"}
Meta = dict[str, str]


def meta_rows(written: Written) -> list[list[str]]:
    """The keys with their values, in the order that the format's checker has them in."""
    campaign, budget = written.campaign, _budget(written)
    is_funded = int(budget) >= sum(int(written.cost(each)) for each in campaign.projects)
    values: Meta = {
        **_names(written),
        "num_projects": str(len(campaign.projects)),
        "num_votes": str(written.ballots),
        "budget": f"{budget:f}",
        "vote_type": APPROVAL,
        "rule": _rule(written),
        **_dates(written),
        **_lengths(written),
        **{key: text for key in WHOLE if re.fullmatch(r"[0-9]+", text := written.kept(key))},
        **{key: joined(written.kept(key)) for key in LISTS},
        "edition": str(campaign.edition or written.kept("edition")),
        "language": _language(campaign),
        "currency": campaign.currency if campaign.currency and campaign.currency != NO_CURRENCY else "",
        "fully_funded": "1" if is_funded else "",
        "experimental": "1" if written.kept("experimental") == "1" else "",
        "comment": _comment(written),
        **{key: written.kept(key) for key in ("acknowledgments", "leftover_budget")},
        **{key: joined(written.kept(key)) for key in FURTHER_LISTS},
        **_lengths_of_each(campaign),
    }
    return [["key", "value"], *([key, value] for key, value in values.items() if value)]


def _names(written: Written) -> Meta:
    campaign = written.campaign
    return {
        "description": _own(written, "description", written.text(campaign.title)),
        "country": written.kept("country") or country_of(campaign.time_zone) or "Worldwide",
        "unit": _own(written, "unit", written.text(campaign.organizer)),
        "district": written.kept("district"),
        "subunit": written.kept("subunit"),
        "instance": written.kept("instance") or str(campaign.calendar.local(campaign.window.opens_at).year),
    }


def _own(written: Written, key: str, present: str) -> str:
    """What the file had, if the campaign still says so."""
    return written.kept(key) if names.shown(written.kept(key)) == present else present


def _language(campaign: Campaign) -> str:
    tag = campaign.languages[0].split("-")[0]
    return tag if len(tag) == 2 else ""


def _budget(written: Written) -> Decimal:
    """What the file states; else enough for what was selected, or for everything while nothing is."""
    kept = written.kept("budget")
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", kept):
        return Decimal(kept)
    campaign = written.campaign
    standing = [project for project in campaign.projects if project.stands]
    costs = [written.cost(project) for project in standing]
    if not _has_costs(campaign) and campaign.stages:
        return Decimal(campaign.stages[-1].seats)
    winners = [written.cost(project) for project in standing if project.outcome is Outcome.WINNER]
    return max(sum(winners or costs, Decimal()), max(costs, default=Decimal(1)))


def _has_costs(campaign: Campaign) -> bool:
    return any(project.cost is not None for project in campaign.projects)


def _rule(written: Written) -> str:
    """The rule of the file, where all that it went by is as the file has it and it gives what was selected."""
    rule = written.kept("rule")
    if not rule or not _is_as_imported(written):
        return UNKNOWN_RULE
    return rule if rule not in GREEDY_RULES or _is_greedy(written, rule) else UNKNOWN_RULE


def _is_greedy(written: Written, rule: str) -> bool:
    """Whether what was selected is what a greedy rule selects: by votes, those equal in the order of the file."""
    threshold = written.kept("min_project_score_threshold")
    if (rule == "greedy-threshold") != bool(threshold) and rule != "greedy-no-skip":
        return False
    left, chosen = _budget(written), set()
    for project in sorted(written.projects(), key=lambda each: -written.votes.get(each.position, 0)):
        if written.votes.get(project.position, 0) < int(threshold or 0) or not project.stands:
            continue
        if written.cost(project) <= left:
            chosen.add(project.position)
            left -= written.cost(project)
        elif rule == "greedy-no-skip":
            break
    stated = {each.position for each in written.projects() if selected(written, each, written.kept_of(each)) == "1"}
    return chosen == stated


def _is_as_imported(written: Written) -> bool:
    if written.extras.get("ballots") != written.ballots:
        return False
    for project in written.campaign.projects:
        kept = written.kept_of(project)
        was_withdrawn = kept.get("cost", "").partition(".")[0] == str(WITHDRAWN_COST)
        is_selected = kept.get("selected", "0") not in ("", "0")
        if kept.get("votes") != str(written.votes.get(project.position, 0)) or was_withdrawn == project.stands:
            return False
        if is_selected != (project.outcome is Outcome.WINNER):
            return False
    return True


def _dates(written: Written) -> Meta:
    """The first and the last day of the vote; as the file had them where they are the same, such as years alone."""
    calendar, window = written.campaign.calendar, written.campaign.window
    first, last = calendar.local(window.opens_at), calendar.local(window.closes_at - timedelta(microseconds=1))
    begin, end = written.kept("date_begin"), written.kept("date_end")
    if len(begin) == len(end) == 4 and (f"{first.year}", f"{last.year}") == (begin, end):
        whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        if whole_years:
            return {"date_begin": begin, "date_end": end}
    return {"date_begin": _day(first.date()), "date_end": _day(last.date())}


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _lengths(written: Written) -> Meta:
    campaign = written.campaign
    choices, projects = campaign.choices, len(campaign.projects)
    limit = next((rule.limit for rule in campaign.rules if isinstance(rule, BudgetRule)), None)
    has_minimum = (choices.minimum > 1 or written.kept("min_length")) and not campaign.voided_votes
    return {
        "min_length": str(choices.minimum) if has_minimum else "",
        "max_length": str(choices.maximum) if choices.maximum < projects or written.kept("max_length") else "",
        "max_sum_cost": "" if limit is None else f"{limit:f}",
    }


def _lengths_of_each(campaign: Campaign) -> Meta:
    rule = next((rule for rule in campaign.rules if _is_of_each_theme(rule)), None)
    if not isinstance(rule, GroupChoiceRule):
        return {}
    return {
        MIN_PER_CATEGORY: str(rule.minimum or ""),
        MAX_PER_CATEGORY: "" if rule.maximum is None else str(rule.maximum),
    }


def _is_of_each_theme(rule: object) -> bool:
    return isinstance(rule, GroupChoiceRule) and rule.group_by is Grouping.THEME and rule.group is None


def _comment(written: Written) -> str:
    """The comment of the file, and what has to be known of this one, numbered as the format asks."""
    kept = written.kept("comment")
    if kept and not kept.startswith("#1: "):
        kept = f"#1: {kept}"
    count = len(re.findall(r"#[0-9]+:", kept))
    added = [remark for remark in _remarks(written) if remark not in kept]
    numbered = [f"#{number}: {remark}" for number, remark in enumerate(added, count + 1)]
    return " ".join([*([kept] if kept else []), *numbered])


def _remarks(written: Written) -> Iterator[str]:
    campaign, kept_rule = written.campaign, written.kept("rule")
    if not _has_costs(campaign):
        if "cost" not in written.extras.get("columns", {}).get("projects", ()):
            yield "Projects have no costs here. Each has a cost of 1, and the budget is the number of seats."
    elif any(project.cost is None and project.stands for project in campaign.projects):
        yield "Projects whose cost is not stated have a cost of 1."
    if _has_costs(campaign) and not written.kept("budget"):
        yield "The budget is not stated. It is the cost of what was selected, or of everything while nothing is."
    if kept_rule != _rule(written) and kept_rule:
        yield f"The rule was stated as {kept_rule}. By the votes here it cannot be seen to give what was selected."
    if campaign.quota != ONE_BALLOT:
        times = f"{counted(campaign.quota.limit, 'ballot')} {PERIODS[campaign.quota.period]}"
        yield f"A voter had {times}; each ballot has a row and a voter_id of its own."
    if campaign.voided_votes:
        yield f"A ballot named at least {campaign.choices.minimum}. Votes for single projects that were voided are not here."
    for rule in campaign.rules:
        if not isinstance(rule, BudgetRule) and not _is_of_each_theme(rule):
            yield rule.description(campaign).to(Language.EN).replace("\n", " ")
