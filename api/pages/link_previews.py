"""What does a link lead to, in words and a picture? To a campaign, its ranking, a candidate, or the candidates of a filter.

Nothing here depends on who asks but the language, and nothing is said of votes: whoever follows the link sees what they may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import Image, Project
from api.domain.instants import spelled
from api.domain.texts import Language, Text, counted

MAX_LENGTH = 200  # characters of a description: nothing that shows one has room for more
MAX_NAMED = 5  # candidates that a description names
MAX_DIGITS = 6  # of a candidate's number
CAMPAIGNS = Text("全部评选", "All campaigns")
ABOUT_CAMPAIGNS = Text("正在进行、即将开始和已经结束的评选。", "Campaigns that are open, upcoming or over.")
RANKING = Text("排行", "Ranking")
ABOUT_RANKING = Text("排行与得票。", "Ranks and votes.")
TERM = Text("候选对象", "candidate")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a link leads to. path: its one address, below the root path; None: it leads nowhere."""

    title: str
    description: str
    path: str | None
    image: Image | None = None
    alternative: str = ""


def list_preview(language: Language) -> Preview:
    """Of the list of campaigns."""
    return Preview(CAMPAIGNS.to(language), ABOUT_CAMPAIGNS.to(language), "/campaigns")


class CampaignPreviews:
    """The previews of one campaign, in one language."""

    def __init__(self, campaign: Campaign, language: Language) -> None:
        self._campaign = campaign
        self._language = language

    def whole(self) -> Preview:
        """Of the campaign."""
        return self._preview((), self._about(), "")

    def ranking(self) -> Preview:
        """Of its ranking."""
        about = f"{ABOUT_RANKING.to(self._language)} {self._about()}"
        return self._preview((RANKING.to(self._language),), about, "/ranking")

    def project(self, number: str) -> Preview | None:
        """Of a candidate; None where nobody has this number."""
        known = number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS
        project = self._campaign.by_number.get(int(number)) if known else None
        if project is None:
            return None
        about = project.summary.to(self._language) if project.summary else self._about()
        images = *project.images, *((self._campaign.cover,) if self._campaign.cover else ())
        return self._preview((self._title(project),), about, f"/projects/{project.number}", images)

    def filtered(self, given: Mapping[str, str]) -> Preview | None:
        """Of the candidates of a district, a theme or both, by their codes; None where there are none."""
        district, theme = given.get("district"), given.get("theme")
        if district is None and theme is None:
            return None
        found = [project for project in self._campaign.projects if _is_of(project, district, theme)]
        if not found:
            return None
        names = [found[0].district.name] if district is not None and found[0].district else []
        names += [each.name for each in found[0].themes if each.code == theme]
        path = "" if district is None else f"/districts/{quote(district, safe='')}"
        query = "" if theme is None else f"?theme={quote(theme, safe='')}"
        return self._preview([name.to(self._language) for name in names], self._named(found), path + query)

    def _preview(self, names: Sequence[str], about: str, path: str, images: Sequence[Image] | None = None) -> Preview:
        campaign = self._campaign
        candidates = images if images is not None else (campaign.cover,) if campaign.cover else ()
        image = candidates[0] if candidates else None
        title = _line(" · ".join([*names, campaign.title.to(self._language)]))
        alternative = "" if image is None else _line(image.alternative.to(self._language))
        return Preview(title, _shortened(_line(about)), f"/c/{campaign.slug}{path}", image, alternative)

    def _about(self) -> str:
        campaign = self._campaign
        local, window, count = campaign.calendar.local, campaign.window, len(campaign.projects)
        return Text(
            "{organizer}主办，{count}个{term}。投票时间：{opens}至{closes}。",
            "By {organizer}: {candidates}. Voting is open from {opens} to {closes}.",
            organizer=campaign.organizer,
            count=count,
            term=campaign.candidate_term or TERM,
            candidates=counted(count, "candidate"),
            opens=spelled(local(window.opens_at)),
            closes=spelled(local(window.closes_at)),
        ).to(self._language)

    def _named(self, projects: Sequence[Project]) -> str:
        """How many these are, and who are the first of them."""
        titles = [self._title(project) for project in projects[:MAX_NAMED]]
        named = ("、" if self._language.is_chinese else ", ").join(titles)
        count, candidates = len(projects), counted(len(projects), "candidate")
        if count > MAX_NAMED:
            text = Text(
                "{count}个候选：{named}等。",
                "{candidates}: {named}, …",
                count=count,
                candidates=candidates,
                named=named,
            )
        else:
            text = Text(
                "{count}个候选：{named}。", "{candidates}: {named}.", count=count, candidates=candidates, named=named
            )
        return text.to(self._language)

    def _title(self, project: Project) -> str:
        return project.title.to(self._language)


def _is_of(project: Project, district: str | None, theme: str | None) -> bool:
    is_there = district is None or (project.district is not None and project.district.code == district)
    return is_there and (theme is None or any(each.code == theme for each in project.themes))


def _line(text: str) -> str:
    """A text in one line, without control characters."""
    return " ".join("".join(" " if ord(letter) < 32 or 127 <= ord(letter) < 160 else letter for letter in text).split())


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rstrip() + "…"
