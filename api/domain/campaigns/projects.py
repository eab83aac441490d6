"""Projects, which citizens choose among, and the districts they come from."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from api.domain.folding import fold
from api.domain.texts import Text


class ProjectLevel(Enum):
    """Who carries a project."""

    MUNICIPAL = "The city as a whole: a municipal bureau, or a programme that covers every district."
    DISTRICT = "One district, or an organization within it. The project names its district."
    UNSTATED = "The source does not say, and nobody has guessed."


class Theme(Enum):
    """What a project is about: a closed set. A project has one to three, the most fitting first."""

    ELDER_CARE = "Services and allowances for older people (为老服务)."
    HEALTH = "Health, medical care and first aid (健康医疗)."
    EDUCATION_AND_FAMILY = "Schools, parents and children (教育与家庭)."
    CULTURE = "Culture, reading and local tradition (文化与阅读)."
    WORK_AND_ENTERPRISE = "Jobs, start-ups, and services for people at work (就业创业与职工服务)."
    PUBLIC_SAFETY = "Safety and traffic (公共安全与交通)."
    URBAN_ENVIRONMENT = "Environment, housing and the renewal of places (城市环境与住房)."
    DISPUTES_AND_APPEALS = "Mediation, petitions and appeals to officials (调解与信访)."
    SELF_GOVERNANCE = "Residents who govern their own affairs (居民自治)."
    NEIGHBOURHOOD_SERVICES = "Neighbourhood centres and residents' committees (邻里与居委会服务)."
    PARTY_BUILDING = "Services built up by party organizations (党建引领)."
    DIGITAL_SERVICES = "Services online, and data behind them (互联网与数字服务)."
    VOLUNTEERING_AND_CHARITY = "Volunteers, donors and people who help each other (志愿与公益)."
    SOCIAL_ORGANIZATIONS = "Non-profit organizations and those who support them (社会组织)."


class Outcome(Enum):
    """How far a project has come in the selection."""

    CANDIDATE = "It stands for election; nothing has been decided yet."
    FINALIST = "It was chosen for the last round; the winners are not decided yet."
    WINNER = "It is one of the winners."
    NOT_SELECTED = "It stood, and a stage that has been decided did not choose it."


@dataclass(frozen=True, slots=True)
class District:
    """A district by its code (GB/T 2260 in China, six digits)."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number about a project as the source states it; value is text because sources write ranges and changes.

    value_en: the number in English where its unit is another one there: 300 of 万元 are 3 million of yuan.
    """

    label: Text
    value: str
    unit: Text | None
    year: int | None
    value_en: str | None = None


@dataclass(frozen=True)
class Project:
    """One project of a campaign. None means that the source does not say."""

    campaign: str
    number: int
    title: Text
    summary: Text
    organization: Text | None
    level: ProjectLevel
    district: District | None
    themes: tuple[Theme, ...]
    start_year: int | None
    figures: tuple[Figure, ...]
    outcome: Outcome = Outcome.CANDIDATE

    @cached_property
    def searchable(self) -> str:
        """The folded texts that a search looks through, each on a line of its own so that no match spans two."""
        district = self.district.name if self.district else None
        texts = [text for text in (self.title, self.summary, self.organization, district) if text]
        return "\n".join(fold(translation) for text in texts for translation in (text.zh, text.en))
