"""Fields that are texts, in the language of their argument, else in that of the request."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.domain.texts import Language, LocalizedText, Text

LanguageArgument = Annotated[
    Language | None,
    strawberry.argument(description="The language wanted; left out, what `Accept-Language` asks for, else Chinese."),
]


def text(get: Callable[[Any], Text | LocalizedText], description: str) -> Any:
    """Declare a field that is a text; get takes it from the object."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str:
        return get(self).to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description)


def optional_text(get: Callable[[Any], Text | LocalizedText | None], description: str) -> Any:
    """Declare a field that is a text, or null where the object has none."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str | None:
        value = get(self)
        return None if value is None else value.to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description)
