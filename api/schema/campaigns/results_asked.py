"""What a field of results is asked for, and the page that answers it."""

from collections.abc import Awaitable
from datetime import date
from functools import partial
from typing import NamedTuple

from api.context import Info
from api.domain.campaigns import campaign
from api.domain.paging import Page, PageArgs
from api.domain.results import ranking
from api.domain.results.kept_order import KeptOrder
from api.schema.campaigns.result_types import ResultConnection
from api.schema.inputs import Filter, project_filter
from api.services.listing import ResultList, ResultOrder, voting_day

MAX_SHARED_PAGES = 256  # of a snapshot, each of which takes 3 KiB beside the results on it


class ResultsAsked(NamedTuple):
    """What a field of results is asked for. page raises ApiError RESULTS_HIDDEN when the viewer may not see it, BAD_INPUT."""

    campaign: campaign.Campaign
    info: Info
    filter: Filter
    order: ResultOrder
    day: date | None
    page_args: PageArgs

    def answer(self) -> ResultConnection | Awaitable[ResultConnection]:
        """Return the page, at once where nothing has to be waited for."""
        if self.page_args.after is not None or self.page_args.before is not None:
            return self.page()
        standings = self.info.context.results.standings_at_once(self.campaign, voting_day(self.campaign, self.day))
        if standings is None:
            return self.page()
        return self._first_page(standings) if self.filter is not None else self._shared_page(standings)

    def _shared_page(self, standings: ranking.Standings) -> ResultConnection:
        """Return a page without cursors and filter, made once for all who ask for it."""
        pages: dict[object, ResultConnection] = self.info.context.snapshot.cached(ResultsAsked, dict)
        key = self.campaign, self.day, self.order, self.page_args
        page = pages.get(key)
        if page is None:
            page = self._first_page(standings)
            if len(pages) < MAX_SHARED_PAGES:
                pages[key] = page.share()
        return page

    def _first_page(self, standings: ranking.Standings) -> ResultConnection:
        return self._shown(standings, *self._list(standings).page(self.page_args))

    async def page(self) -> ResultConnection:
        """Return the page."""
        standings = await self.info.context.results.standings(self.campaign, voting_day(self.campaign, self.day))
        kept = self.info.context.kept_orders
        return self._shown(standings, *await self._list(standings).later_page(self.page_args, kept))

    def _list(self, standings: ranking.Standings) -> ResultList:
        return ResultList(standings, project_filter(self.filter), self.order)

    def _shown(self, standings: ranking.Standings, page: Page, order: KeptOrder) -> ResultConnection:
        context = self.info.context
        return ResultConnection.of(standings, context.snapshot, page, partial(context.kept_orders.keep, order))
