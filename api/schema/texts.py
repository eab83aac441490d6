"""How texts are published: in the language asked for, else in the one the caller reads."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.domain.texts import Language, Text

LanguageArgument = Annotated[
    Language | None,
    strawberry.argument(description="The language wanted; left out, what `Accept-Language` asks for, else Chinese."),
]


def text(of: Callable[[Any], Text], description: str) -> Any:
    """A field that is one of a type's texts."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str:
        return of(self).to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description)


def optional_text(of: Callable[[Any], Text | None], description: str) -> Any:
    """A field that is one of a type's texts, or null where it has none."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str | None:
        found = of(self)
        return None if found is None else found.to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description)
