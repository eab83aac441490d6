"""How many projects of a group a ballot names: of a theme, a district or a level."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class Grouping(Enum):
    """By what projects are grouped."""

    THEME = "By theme; a project of several themes is in several groups."
    DISTRICT = "By district; projects without one are in no group."
    LEVEL = "By who carries them: the city, a district, or not stated."


@dataclass(frozen=True, slots=True)
class GroupChoiceRule:
    """At least `minimum` and at most `maximum` projects of a group, by its code; of each group where `group` is None.

    minimum, maximum: None for no such bound; one of them is given.
    """

    group_by: Grouping
    group: str | None
    minimum: int | None
    maximum: int | None
    kind: Literal["GROUP_CHOICE"] = "GROUP_CHOICE"
