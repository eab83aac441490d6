"""Values of the domain in JSON columns.

Members of enums are stored by their names, since their values are sentences for readers; a text of the program
in every language.
"""

from enum import Enum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import SchemaSerializer, SchemaValidator, core_schema

from api.domain.texts import Language, Text

T = TypeVar("T")


class JsonColumn(Generic[T]):
    """Reads and writes the values of one type."""

    def __init__(self, adapter: TypeAdapter[T]) -> None:
        schema = _with_names(adapter.core_schema)
        self._validator, self._serializer = SchemaValidator(schema), SchemaSerializer(schema)

    def dump(self, value: T) -> Any:
        """Return it as the plain values of JSON."""
        return self._serializer.to_python(value, mode="json")

    def read(self, value: Any) -> T:
        """Return what was stored, whether the database gives it as a text or as plain values."""
        read = self._validator.validate_json if isinstance(value, str) else self._validator.validate_python
        return read(value)  # type: ignore[no-any-return]  # the schema is that of T


def _with_names(schema: Any) -> Any:
    """The schema with every enum in it by the names of its members."""
    if isinstance(schema, list | tuple):
        return type(schema)(map(_with_names, schema))
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "is-instance" and schema["cls"] is Text:
        return TEXT
    if schema.get("type") == "enum":
        return _named(schema["cls"], schema.get("ref"))
    return {key: _with_names(part) for key, part in schema.items()}


def _named(enum: type[Enum], ref: str | None) -> core_schema.CoreSchema:
    """ref: what the other places of the schema, where it occurs again, call it."""

    def member(name: str) -> Enum:
        if name not in enum.__members__:
            raise ValueError(f"{enum.__name__} has no member {name!r}")
        return enum[name]

    return core_schema.no_info_after_validator_function(
        member,
        core_schema.str_schema(),
        ref=ref,
        serialization=core_schema.plain_serializer_function_ser_schema(lambda each: each.name),
    )


class _StoredText(Text):
    """A text as it was stored: in each language that there was then."""

    __slots__ = ("_by_tag",)

    def __init__(self, by_tag: dict[str, str]) -> None:
        super().__init__(by_tag["zh"], by_tag["en"])
        self._by_tag = by_tag

    def to(self, language: Language) -> str:
        return self._by_tag.get(language.tag) or self._by_tag[Language.ZH.tag]


TEXT = core_schema.no_info_after_validator_function(
    _StoredText,
    core_schema.dict_schema(core_schema.str_schema(), core_schema.str_schema()),
    serialization=core_schema.plain_serializer_function_ser_schema(
        lambda text: {language.tag: text.to(language) for language in Language}
    ),
)
