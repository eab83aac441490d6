"""Values of the domain in JSON columns. Members of enums are stored by their names: their values are sentences for readers."""

from enum import Enum
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import SchemaSerializer, SchemaValidator, core_schema

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
