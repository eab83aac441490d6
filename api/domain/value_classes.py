"""Values of which every request makes several: frozen by mypy, not at run time, where it would make them five times as dear."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a dataclass with slots, equal and hashed by its fields, which mypy allows nobody to change."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
