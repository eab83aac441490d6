"""What a rule of a ballot is, what it may ask of the ballot and its campaign, and what it reports.

A rule decides by its arguments alone, and a violation is data, not an error: all are reported together, so that a voter can
correct a ballot in one go.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from api.domain.campaigns.calendar import Calendar, Window
from api.domain.campaigns.groups import Groups
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.projects import Project
from api.domain.texts import ChangedText, LocalizedText, Text, joined
from api.domain.voting.quota import Quota

INPUT = ("input",)
CHOICES = ("input", "projectIds")
MAX_LISTED_IDS = 5  # ids that a message spells out; the violation's own list has all of them


class RuledCampaign(Protocol):
    """What a rule may ask of a campaign: a part of domain.campaigns.campaign.Campaign, which holds rules itself."""

    @property
    def window(self) -> Window: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def rules(self) -> "Sequence[Rule]": ...
    @property
    def currency(self) -> str | None: ...
    @property
    def by_id(self) -> Mapping[str, Project]: ...
    @property
    def standing_ids(self) -> frozenset[str]: ...
    @property
    def groups(self) -> Groups: ...
    def pause(self, now: datetime) -> Pause | None: ...


class NamedProjects(Protocol):
    """The projects on a ballot, as domain.voting.ballots.Draft has them."""

    @property
    def project_ids(self) -> tuple[str, ...]: ...


class JudgedBallot(Protocol):
    """A ballot that somebody wants to cast, as rules see it: domain.voting.judging.CastAttempt says what each part means."""

    @property
    def draft(self) -> NamedProjects: ...
    @property
    def chosen(self) -> frozenset[str]: ...
    @property
    def campaign(self) -> RuledCampaign: ...
    @property
    def now(self) -> datetime: ...
    @property
    def ballots_cast(self) -> int | None: ...
    @property
    def votes_for(self) -> Mapping[str, int] | None: ...
    @property
    def claims(self) -> Mapping[str, tuple[str, ...]] | None: ...
    @property
    def listed(self) -> bool | None: ...


class Violation(ABC):
    """One thing that is wrong with a ballot: the limit, the actual value and the ids concerned, as fields.

    code, rule: names of a ViolationCode and a RuleCode. path: where in the arguments of castBallot it is.
    """

    __slots__ = ()
    code: ClassVar[str]
    rule: ClassVar[str]
    path: ClassVar[tuple[str, ...]]

    @property
    @abstractmethod
    def message(self) -> Text:
        """What is wrong and what would be right, for the voter."""

    @classmethod
    @abstractmethod
    def example(cls) -> "Violation":
        """One for the page about errors."""


class Rule(ABC):
    """A condition that every ballot of a campaign has to meet. Fields are its parameters."""

    __slots__ = ()

    @property
    @abstractmethod
    def code(self) -> str:
        """The name of its RuleCode."""

    @abstractmethod
    def description(self, campaign: RuledCampaign) -> Text | LocalizedText:
        """The rule as a sentence for voters."""

    @abstractmethod
    def violations(self, attempt: JudgedBallot) -> Iterable[Violation]:
        """Report all in which the ballot breaks it; nothing about what is not known."""

    def goes_by(self, project: Project) -> object:
        """What of a project it goes by, besides which one it is: plain values, which are frozen with the rule."""
        return None


def listed(names: Sequence[str | Text]) -> Text:
    """The first of these, such as ids, as a list in a sentence, each cut short, with the number of the others."""
    shown = joined(ChangedText(name, _cut) if isinstance(name, Text) else _cut(name) for name in names[:MAX_LISTED_IDS])
    more = len(names) - MAX_LISTED_IDS
    if more <= 0:
        return shown
    return Text("{shown}等{all}个", "{shown} and {more} more", shown=shown, all=len(names), more=more)


def _cut(name: str) -> str:
    return name if len(name) <= 80 else name[:79] + "…"


def unstopped(sentence: Text | LocalizedText) -> Text:
    """A sentence of somebody else's to go on from: without its full stop."""
    return ChangedText(sentence, lambda text: text.rstrip("。. "))
