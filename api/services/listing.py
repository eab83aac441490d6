"""List projects and results: filter them, sort them, and cut a page out of them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.filtering import ProjectFilter, project_sort_key
from api.domain.campaigns.projects import District, ProjectOrderField
from api.domain.errors import ApiError, bad_input, not_found
from api.domain.ids import ProjectId, parse_id
from api.domain.paging import Cursors, Direction, Page, PageArgs, Resumption, order_gone, page, page_in_order, sort
from api.domain.results.kept_order import KeptOrder
from api.domain.results.ranking import ResultOrderField, Standings
from api.domain.texts import Language, Text, joined
from api.ports import Collation
from api.services.kept_orders import KeptOrders

LANGUAGES = {
    Language.ZH: Text("简体中文", "simplified Chinese"),
    Language.EN: Text("英文", "English"),
    Language.ZH_HANT: Text("繁体中文", "traditional Chinese"),
}


@dataclass(frozen=True, slots=True)
class ProjectOrder:
    """How projects are listed.

    seeds: what decides a shuffled order, and those of earlier ones in which a list that was begun goes on. then: by what
    those are listed that are equal so far.
    """

    field: ProjectOrderField = ProjectOrderField.NUMBER
    direction: Direction = Direction.ASC
    seeds: tuple[str, ...] = ("",)
    then: tuple[tuple[ProjectOrderField, Direction], ...] = ()

    @property
    def keys(self) -> tuple[tuple[ProjectOrderField, Direction], ...]:
        """By what projects are listed, the first key first."""
        return (self.field, self.direction), *self.then

    def has(self, field: ProjectOrderField) -> bool:
        """Whether this field is among its keys."""
        return any(field is each for each, _ in self.keys)


@dataclass(frozen=True, slots=True)
class ResultOrder:
    """How results are listed. then: by what those are listed that are equal so far."""

    field: ResultOrderField = ResultOrderField.RANK
    direction: Direction = Direction.ASC
    then: tuple[tuple[ResultOrderField, Direction], ...] = ()

    def of(self, standings: Standings) -> tuple[KeptOrder, Direction]:
        """Return the order of standings that it is, and in which direction. Ranks share the order of the votes."""
        if self.then:
            return standings.order_by_each(((self.field, self.direction), *self.then)), Direction.ASC
        if self.field is ResultOrderField.RANK:
            return standings.order(ResultOrderField.VOTES), self.direction.opposite
        return standings.order(self.field), self.direction


def find_campaign(directory: Directory, slug: str | None, now: datetime) -> Campaign:
    """The campaign with this slug, or the featured one. Raises ApiError NOT_FOUND when there is none."""
    campaign = directory.featured(now) if slug is None else directory.campaigns.get(slug)
    if campaign is None and (slug is None or not directory.campaigns):
        raise not_found(Text("这里还没有任何评选。", "There is no campaign here yet."), argument="campaign")
    if campaign is None:
        known = sorted(directory.campaigns)
        raise not_found(
            Text(
                "没有名为“{slug}”的评选。现有：{known}。",
                "There is no campaign “{slug}”; there are: {known}.",
                slug=_short(slug),
                known=joined(known),
            ),
            argument="campaign",
        )
    return campaign


def campaign_voted_in(directory: Directory, slug: str | None, project_ids: Sequence[str], now: datetime) -> Campaign:
    """The campaign that a ballot is for: the one it names, else the one that its projects stand in, else the featured one.

    Another campaign may have opened since a client that names none read the projects. Raises ApiError NOT_FOUND.
    """
    campaign = find_campaign(directory, slug, now)
    if slug is not None or campaign.standing_ids.issuperset(project_ids):
        return campaign
    slugs = {name.campaign for name in map(parse_id, project_ids) if isinstance(name, ProjectId)}
    return directory.campaigns.get(slugs.pop(), campaign) if len(slugs) == 1 else campaign


def projects_page(
    campaign: Campaign, filter: ProjectFilter | None, order: ProjectOrder, page_args: PageArgs, collation: Collation
) -> Page:
    """Filter, sort and page a campaign's projects; the keys are their numbers."""
    try:
        return _projects_page(campaign, filter, order, page_args, collation)
    except ApiError:
        for seed in order.seeds[1:]:
            with suppress(ApiError):
                return _projects_page(campaign, filter, replace(order, seeds=(seed,)), page_args, collation)
        raise


def _projects_page(
    campaign: Campaign, filter: ProjectFilter | None, order: ProjectOrder, page_args: PageArgs, collation: Collation
) -> Page:
    matching = [project for project in campaign.projects if filter is None or filter.matches(project)]
    orders = [(project_sort_key(by, collation.key, order.seeds[0]), direction) for by, direction in order.keys]
    keys = [project.number for project in sort(matching, orders, lambda p: p.number)]
    identity = ("projects", campaign.slug, repr(filter), *_names(order))
    if not order.has(ProjectOrderField.TITLE):
        return page(keys, (*identity, ""), page_args)
    identities = {each: (*identity, each.name) for each in Language}
    try:
        return page(keys, identities[collation.language], page_args)
    except ApiError:
        _refuse_other_language(keys, identities, page_args, collation.language)
        raise


def _refuse_other_language(
    keys: Sequence[int], identities: Mapping[Language, object], page_args: PageArgs, language: Language
) -> None:
    """Raise ApiError BAD_INPUT when the cursors are of the list in another language, in which titles sort otherwise."""
    for other in Language:
        if other is language:
            continue
        try:
            Cursors(keys, identities[other]).resume(page_args)
        except ApiError:
            continue
        raise bad_input(
            Text(
                "此游标来自{other}列表，而这是{this}列表，标题的顺序不同。请用同一语言翻页，或从头开始。",
                "This cursor is of the list in {other}, and this is the list in {this}, where titles "
                "have another order. Keep to one language, or begin anew.",
                other=LANGUAGES[other],
                this=LANGUAGES[language],
            ),
            argument="before" if page_args.after is None else "after",
        )


def _names(order: ProjectOrder | ResultOrder) -> tuple[str, ...]:
    """What of an order is in the cursors of its list."""
    return order.field.name, order.direction.name, *(each.name for key in order.then for each in key)


def in_district(filter: ProjectFilter | None, district: District) -> ProjectFilter:
    """Narrow a filter to one district."""
    return ProjectFilter(districts=(district.code,), within=filter)


class ResultList:
    """The results of some standings, filtered and sorted. Its cursors stay valid while ranks move; its keys are numbers."""

    def __init__(self, standings: Standings, filter: ProjectFilter | None, order: ResultOrder) -> None:
        self._current, self._direction = order.of(standings)
        self._members: Collection[int] = self._current.numbers
        if filter is not None:
            self._members = {project.number for project in standings.campaign.projects if filter.matches(project)}
        self._filter = filter
        self._cursors = Cursors(
            self._members,
            ("results", standings.campaign.slug, repr(filter), *_names(order), standings.day),
        )

    def page(self, page_args: PageArgs) -> tuple[Page, KeptOrder]:
        """Cut a page out of the present order, which has to be kept before a cursor of the page is given away."""
        return self._page(self._cursors.resume(page_args), page_args, self._current)

    async def later_page(self, page_args: PageArgs, kept: KeptOrders) -> tuple[Page, KeptOrder]:
        """Cut a page out of the order that the cursors of its arguments refer to."""
        resumption = self._cursors.resume(page_args)
        followed = self._current if resumption.order is None else await kept.find(resumption.order, self._current)
        if followed is None:
            raise order_gone(page_args)
        return self._page(resumption, page_args, followed)

    def _page(self, resumption: Resumption, page_args: PageArgs, order: KeptOrder) -> tuple[Page, KeptOrder]:
        keys = order.sorted(self._direction)
        if self._filter is not None:
            keys = [number for number in keys if number in self._members]
        return page_in_order(keys, order.digest, self._cursors, resumption, page_args), order


def voting_day(campaign: Campaign, day: date | None) -> date | None:
    """The day, if the campaign votes on it. Raises ApiError BAD_INPUT with the days there are."""
    days = campaign.calendar.days
    if day is None or day in days:
        return day
    raise bad_input(
        Text(
            "{day}不是投票日。投票日为{first}至{last}。",
            "{day} is no voting day; the voting days run from {first} to {last}.",
            day=day,
            first=days[0],
            last=days[-1],
        ),
        argument="day",
    )


def _short(name: str | None) -> str:
    return (name or "")[:80]
