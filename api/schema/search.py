"""What a search has found in a project."""

import strawberry

from api.domain.campaigns import search
from api.domain.campaigns.search import SearchedField
from api.domain.texts import Language


@strawberry.type(description="A piece of a text in which a search has found something.")
class TextPart:
    """Shows one of domain.campaigns.search.Match.parts."""

    text: str = strawberry.field(description="The piece, as it is written.")
    is_match: bool = strawberry.field(description="Whether the search has found it.")


@strawberry.type(description="A text of a project in which a search has found some of its words.")
class SearchMatch:
    """Shows domain.campaigns.search.Match."""

    field: SearchedField = strawberry.field(description="Which text it is.")
    language: Language | None = strawberry.field(
        description="In which language it was found; null for the number, which is in none, and for a language that is neither."
    )
    text: str = strawberry.field(description="The whole text.")
    found: list[str] = strawberry.field(
        description="The pieces of the text that were found, as they are written there, such as `Shanghai’s` for the search "
        "`shanghai's`. `parts` says where they are."
    )
    parts: list[TextPart] = strawberry.field(
        description="The whole text in pieces, in its order: mark those that are matches to show why the project is in the "
        "list. Matches that overlap or touch are one piece; joined, the pieces are the `text`."
    )

    @classmethod
    def of(cls, match: search.Match) -> "SearchMatch":
        return cls(
            field=match.field,
            language=_language(match.language),
            text=match.text,
            found=list(match.found),
            parts=[TextPart(text=text, is_match=is_match) for text, is_match in match.parts],
        )


def _language(tag: str | None) -> Language | None:
    fitting = [each for each in Language if tag and (tag == each.tag or tag.startswith(f"{each.tag}-"))]
    return max(fitting, key=lambda each: len(each.tag), default=None)
