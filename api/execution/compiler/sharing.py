"""Decides which selections are the same for all callers.

In: the fields of a selection on a type of SharedObject. Out: the keys of the parts that it makes, if it depends on nothing but
the object: on no variable, on nothing of the context but the language.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_object_type, print_ast
from strawberry.types.field import StrawberryField

from api.execution.compiler.execution_state import ExecutionState
from api.execution.compiler.field_resolution import plain_definition
from api.execution.compiler.value_completion import Field
from api.execution.shared_parts import BY_LANGUAGE, VARIES, PartKey, part_key

MAX_FIELDS = 300  # of a selection and below it: with fragments in fragments there may be any number
Subfields: TypeAlias = Callable[[Field, GraphQLObjectType], Sequence[Field]]


class SharedSelection:
    """A selection whose parts are kept.

    signature: what tells it from others on this type. Its digest alone is kept: names and arguments may be of any length.
    """

    def __init__(self, type_: GraphQLObjectType, signature: object, *, by_language: bool) -> None:
        self._signature = type_, hashlib.sha256(repr(signature).encode()).digest()
        self._key = None if by_language else part_key(self._signature, None)
        self._keys: dict[object, PartKey] = {}

    def key(self, state: ExecutionState) -> PartKey:
        """Return the key of the parts in this execution."""
        if self._key is not None:
            return self._key
        language = state.context.language
        key = self._keys.get(language)
        if key is None:
            self._keys[language] = key = part_key(self._signature, language)
        return key


class NotShared(Exception):
    """A field may differ between callers."""


def shared_selection(type_: GraphQLObjectType, fields: Sequence[Field], subfields: Subfields) -> SharedSelection | None:
    """Return the keys of a selection; None when some field may differ between callers."""
    reading = _Reading(subfields)
    try:
        signature = reading.signature(type_, fields)
    except NotShared:
        return None
    return SharedSelection(type_, signature, by_language=reading.by_language)


class _Reading:
    """Reads one selection with all below it."""

    def __init__(self, subfields: Subfields) -> None:
        self.by_language = False
        self._subfields = subfields
        self._left = MAX_FIELDS

    def signature(self, type_: GraphQLObjectType, fields: Sequence[Field]) -> object:
        self._left -= len(fields)
        if self._left < 0:
            raise NotShared
        return type_.name, tuple(
            (field.key, field.name, self._arguments(field), self._below(field)) for field in fields
        )

    def _arguments(self, field: Field) -> tuple[str, ...]:
        """Return the arguments of a field that is the same for all, as they are written."""
        if field.name != "__typename":
            self._check(plain_definition(field.definition))
        arguments = tuple(map(print_ast, field.nodes[0].arguments or ()))
        if any("$" in argument for argument in arguments):  # a variable, or a string with this sign in it
            raise NotShared
        return arguments

    def _check(self, definition: StrawberryField | None) -> None:
        """Raise NotShared for a field that is neither an attribute nor a method that takes nothing from the context."""
        if definition is None or (definition.base_resolver is None and definition.default_resolver is not getattr):
            raise NotShared
        resolver = definition.base_resolver
        if resolver is None:
            return
        if not resolver.self_parameter or resolver.parent_parameter or resolver.root_parameter:
            raise NotShared
        if resolver.info_parameter:
            if definition.metadata.get(VARIES) != BY_LANGUAGE[VARIES]:
                raise NotShared
            self.by_language = True

    def _below(self, field: Field) -> Any:
        type_: Any = get_named_type(field.definition.type)
        if is_leaf_type(type_):
            return None
        if not is_object_type(type_):
            raise NotShared
        return self.signature(type_, self._subfields(field, type_))
