"""Fields that are texts, in the language of their argument, else in that of the request."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.domain.texts import Language, LocalizedText, Text
from api.execution.shared_parts import BY_LANGUAGE

NO_TEXT = Text("", "")  # where a text that is never null is missing

LanguageArgument = Annotated[
    Language | None,
    strawberry.argument(description="The language wanted; left out, what `Accept-Language` asks for, else Chinese."),
]

TagArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The language wanted by its BCP 47 tag, such as `ug`, instead of `language`; where the text is not in it, "
        "the campaign's own."
    ),
]


def text(get: Callable[[Any], Text | LocalizedText], description: str) -> Any:
    """Declare a field that is a text; get takes it from the object."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str:
        return get(self).to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description, metadata=BY_LANGUAGE)


def optional_text(get: Callable[[Any], Text | LocalizedText | None], description: str) -> Any:
    """Declare a field that is a text, or null where the object has none."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None) -> str | None:
        value = get(self)
        return None if value is None else value.to(language or info.context.language)

    return strawberry.field(resolver=resolver, description=description, metadata=BY_LANGUAGE)


def own_text(get: Callable[[Any], Text | LocalizedText], description: str) -> Any:
    """Declare a field that is a text of a campaign, which may be in other languages than Chinese and English."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None, tag: TagArgument = None) -> str:
        return translated(get(self), language or info.context.language, tag)

    return strawberry.field(resolver=resolver, description=description, metadata=BY_LANGUAGE)


def optional_own_text(get: Callable[[Any], LocalizedText | None], description: str) -> Any:
    """Declare a field that is a text of a campaign, or null where the object has none."""

    def resolver(self: Any, info: Info, language: LanguageArgument = None, tag: TagArgument = None) -> str | None:
        value = get(self)
        return None if value is None else translated(value, language or info.context.language, tag)

    return strawberry.field(resolver=resolver, description=description, metadata=BY_LANGUAGE)


def translated(text: Text | LocalizedText, language: Language, tag: str | None) -> str:
    """Return a text in the language of a tag, where there is one, else in this language."""
    if tag is None or isinstance(text, Text):
        return text.to(language)
    return text.tagged(tag) or text.translations[0][1]
