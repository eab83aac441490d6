"""The voting page at `/` and below `/c/SLUG`, the list at `/campaigns`: one page on the public API alone (docs/the-page.md)."""

from datetime import datetime
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from api.domain.campaigns.directory import Directory
from api.domain.errors import ApiError
from api.domain.texts import Language
from api.http.negotiation import negotiate_language
from api.pages.assets import Assets
from api.pages.html import HtmlPage, html_page
from api.pages.link_previews import CampaignPreviews, Preview, list_preview
from api.pages.modules import html_of
from api.pages.preview_tags import TAGS, head_of, origin_of
from api.services.published import Published

CAMPAIGN, LIST = "/c/{slug}", "/campaigns"
ADDRESSES = (
    *("/", LIST, CAMPAIGN),
    *(f"{CAMPAIGN}/ranking", f"{CAMPAIGN}/projects/{{number}}", f"{CAMPAIGN}/districts/{{code}}"),
)
MAX_PAGES = 512  # that are kept as they are sent, some ten kilobytes each
NOTHING = Preview("评选 Pingxuan", "公开评选。Public selections.", None)


class VotingPage:
    """The page. Its body is the same for everybody: the browser fetches all data by the API. Its head says what a link shows.

    published: what everybody sees, and the moment at which they do. An address of nothing that is there gets the page as well,
    which says so, with the status that tells search engines and link checkers the same.
    """

    def __init__(self, assets: Assets, published: Published) -> None:
        self._root_path = assets.root_path
        self._begin, _, rest = html_of(assets, "vote").partition("{{language}}")
        self._middle, _, self._end = rest.partition("{{preview}}")
        self._published = published
        self._page = lru_cache(MAX_PAGES)(self._made)

    async def serve(self, request: Request) -> Response:
        """Serve the page."""
        language = negotiate_language(request.headers.get("accept-language"))
        try:
            snapshot, now = await self._published()
        except ApiError:  # the database is away: the page says so itself, and asks again until it is back
            return self._page(NOTHING, None, language, 200)
        preview = _preview(request, snapshot.directory, now, language)
        status = 404 if preview is None and "slug" in request.path_params else 200
        return self._page(preview or NOTHING, origin_of(request), language, status)

    def _made(self, preview: Preview, origin: str | None, language: Language, status: int) -> HtmlPage:
        head = head_of(preview, origin, self._root_path, language, is_found=status == 200)
        page = html_page("".join((self._begin, TAGS[language], self._middle, head, self._end)), status)
        page.headers.add_vary_header("Accept-Language")
        return page


def _preview(request: Request, directory: Directory, now: datetime, language: Language) -> Preview | None:
    """Of what the address leads to; None where that is nothing that everybody sees."""
    path, given = request.scope["path"], request.path_params
    slug = given.get("slug", request.query_params.get("campaign"))
    campaign = directory.featured(now) if slug is None else directory.campaigns.get(slug)
    if path == LIST or (campaign is None and slug is None):
        return list_preview(language)
    if campaign is None:
        return None
    previews = CampaignPreviews(campaign, language)
    if path == f"/c/{slug}/ranking":
        return previews.ranking()
    if "number" in given:
        return previews.project(given["number"])
    if "code" in given:
        return previews.filtered(dict(request.query_params) | {"district": given["code"]})
    return previews.filtered(request.query_params) or previews.whole()
