"""Projects, which citizens choose among, and the districts they come from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property

from api.domain.folding import fold
from api.domain.texts import LocalizedText

MAX_THEMES = 12  # of a project


class ProjectLevel(Enum):
    """Who carries a project."""

    MUNICIPAL = "The city as a whole: a municipal bureau, or a programme that covers every district."
    DISTRICT = "One district, or an organization within it. The project names its district."
    UNSTATED = "The source does not say, and nobody has guessed."


@dataclass(frozen=True, slots=True)
class Theme:
    """What projects are about, as their campaign has it: a code of its own, and names."""

    code: str
    name: LocalizedText
    description: LocalizedText | None = None


class Standing(Enum):
    """Whether a project can be voted for."""

    STANDING = "It stands: ballots may name it, and its votes count."
    WITHDRAWN = "Whoever put it forward has withdrawn it: no ballot may name it any more, and its votes count nowhere."
    DISQUALIFIED = "The organizer has excluded it: no ballot may name it any more, and its votes count nowhere."


class Replacement(Enum):
    """What becomes of the seat that a project would have had which no longer stands."""

    REFILL = "The next in rank moves up."
    LEAVE_VACANT = "It stays empty."


class ProjectOrderField(Enum):
    """By what projects are listed. Equal values are listed by number."""

    NUMBER = "The number printed on the notice."
    TITLE = (
        "The title in the caller's language: Chinese by pinyin, English by letter. Quotes and other punctuation count only "
        "between titles that are equal without them, and 第2 comes before 第10."
    )
    DISTRICT = "The code of the district; projects without one come last, whatever the direction."
    START_YEAR = "The year it began; projects whose source gives none come last, whatever the direction."
    COST = "What it costs; projects without a cost come last, whatever the direction."
    SHUFFLED = (
        "By lot, so that no project is always seen first: in one order for a viewer on a day, and in another one for each who "
        "is signed in. Pages that were begun before midnight go on in their order."
    )


class Outcome(Enum):
    """How far a project has come in the selection."""

    CANDIDATE = "It stands for election; nothing has been decided yet."
    FINALIST = "It was chosen for the last round; the winners are not decided yet."
    WINNER = "It is one of the winners."
    NOT_SELECTED = "It stood, and a stage that has been decided did not choose it."


@dataclass(frozen=True, slots=True)
class District:
    """A district by its code: of the shared gazetteer (in China GB/T 2260, six digits), or of a campaign's own.

    gazetteer: the slug of the campaign whose own it is; empty for the shared one.
    """

    code: str
    name: LocalizedText
    gazetteer: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number about a project as the source states it; value is text because sources write ranges and changes.

    value_en: the number in English where its unit is another one there: 300 of 万元 are 3 million of yuan.
    """

    label: LocalizedText
    value: str
    unit: LocalizedText | None
    year: int | None
    value_en: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by its address, with its size in pixels and what it shows, for those who do not see it."""

    url: str
    width: int
    height: int
    alternative: LocalizedText


@dataclass(frozen=True, slots=True)
class Link:
    """A page elsewhere."""

    title: LocalizedText
    url: str


@dataclass(frozen=True)
class Project:
    """One project of a campaign. None means that the source does not say.

    position: its place in stored ballots and tallies, from 1; it never changes once a ballot is stored. code: how its
    organizers write it. description: CommonMark. cost: in the campaign's currency. award: the code of the one it has won.
    replacement: given where it no longer stands.
    """

    campaign: str
    number: int
    position: int
    title: LocalizedText
    summary: LocalizedText | None = None
    organization: LocalizedText | None = None
    level: ProjectLevel = ProjectLevel.UNSTATED
    district: District | None = None
    themes: tuple[Theme, ...] = ()
    start_year: int | None = None
    figures: tuple[Figure, ...] = ()
    outcome: Outcome = Outcome.CANDIDATE
    code: str | None = None
    description: LocalizedText | None = None
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    cost: Decimal | None = None
    award: str | None = None
    standing: Standing = Standing.STANDING
    standing_reason: LocalizedText | None = None
    standing_since: datetime | None = None
    replacement: Replacement | None = None

    @property
    def stands(self) -> bool:
        """Whether ballots may name it, and its votes count."""
        return self.standing is Standing.STANDING

    @cached_property
    def searchable(self) -> str:
        """The folded texts that a search looks through, each on a line of its own so that no match spans two."""
        district = self.district.name if self.district else None
        texts = [text for text in (self.title, self.summary, self.organization, district) if text]
        translations = [translation for text in texts for _, translation in text.translations]
        return "\n".join(map(fold, [*translations, self.code or ""]))
