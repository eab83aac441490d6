"""Compiles the completion of values.

In: an output type. Out: a completer, which makes a value a part of the response: null, a leaf, a list or a dict, or a
coroutine of one of these; a Deferred of it where a mutation's only root field has one. `completer` also awaits, checks for
null, and turns what is raised into an error of the position; the functions below it complete a value that is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from types import CoroutineType
from typing import Any, Protocol, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import inspect, is_async_iterable, is_awaitable, is_iterable

from api.execution.compiler.awaited_values import await_completed, await_in_background, complete_later, is_null
from api.execution.compiler.execution_state import ExecutionState, Position, await_values, handle_error
from api.execution.compiler.fast_leaves import fast_serializer
from api.execution.shared_parts import PartKey, SharedPartList

Completer: TypeAlias = Callable[[Any, ExecutionState, Position], Any]
ListAtOnce: TypeAlias = Callable[[list[Any], ExecutionState], list[Any] | None]
KeyFinder: TypeAlias = Callable[[ExecutionState], PartKey | None]


@dataclass(frozen=True)
class Field:
    """A field as one operation selects it on one object type; details has every node that selects it."""

    parent: GraphQLObjectType
    definition: GraphQLField
    details: list[FieldDetails]

    @cached_property
    def nodes(self) -> list[FieldNode]:
        """Its nodes in the document."""
        return [detail.node for detail in self.details]

    @cached_property
    def name(self) -> str:
        """Its name in the schema."""
        return self.nodes[0].name.value

    @cached_property
    def key(self) -> str:
        """Its name in the response."""
        return (self.nodes[0].alias or self.nodes[0].name).value


class ObjectCompiler(Protocol):
    """Compiles the completion of objects: the selection compiler."""

    def object_completer(self, field: Field, type_: GraphQLObjectType) -> Completer:
        """Compile the completion of values of this object type."""
        ...

    def abstract_completer(self, field: Field, type_: Any) -> Completer:
        """Compile the completion of values of this interface or union."""
        ...

    def shared_key(self, field: Field, type_: Any) -> KeyFinder | None:
        """Return what finds the key of kept parts of this type; None where none are kept."""
        ...

    def python_class(self, type_: Any) -> type | None:
        """Return the class whose instances are values of this type without any check; None when there is none."""
        ...


def completer(objects: ObjectCompiler, field: Field, type_: Any) -> Completer:
    """Compile the completion of a type, with nulls, awaitables and errors; that of a value when the first one comes."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    null_error = None if inner is type_ else f"Cannot return null for non-nullable field {field.parent}.{field.name}."
    handle = partial(handle_error, field.nodes, null_error is not None)
    usual_class = list if is_list_type(inner) else objects.python_class(inner)
    complete_value: Completer | None = None

    def complete(value: Any, state: ExecutionState, position: Position, *, is_awaited: bool = False) -> Any:
        nonlocal complete_value
        try:
            if type(value) is not usual_class:
                if value is None and null_error is None:
                    return None
                if not is_awaited and is_awaitable(value):
                    return complete_later(complete, handle, value, state, position)
                if is_null(value, null_error):
                    return None
            if complete_value is None:
                complete_value = _value_completer(objects, field, inner)
            completed = complete_value(value, state, position)
        except Exception as error:
            return handle(error, state, position)
        if type(completed) is not CoroutineType:
            return completed
        state.awaitables += 1
        return await_completed(handle, completed, state, position)

    return complete


def _value_completer(objects: ObjectCompiler, field: Field, type_: Any) -> Completer:
    """Compile the completion of a type for values that are there."""
    if is_list_type(type_):
        return _list_completer(objects, field, type_.of_type)
    if is_leaf_type(type_):
        return _leaf_completer(type_)
    compile_completion = objects.abstract_completer if is_abstract_type(type_) else objects.object_completer
    return compile_completion(field, type_)


def _leaf_completer(type_: Any) -> Completer:
    serialize = type_.coerce_output_value

    def complete(value: Any, state: ExecutionState, position: Position) -> Any:
        coerced = serialize(value)
        if coerced is None or coerced is Undefined:
            raise TypeError(
                f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` "
                f"to return non-nullable value, returned: {inspect(coerced)}"
            )
        return coerced

    return complete


def _list_completer(objects: ObjectCompiler, field: Field, item_type: Any) -> Completer:
    complete_item, at_once = completer(objects, field, item_type), _list_at_once(objects, field, item_type)

    def complete(value: Any, state: ExecutionState, position: Position) -> Any:
        if type(value) is list:
            if at_once is not None and (done := at_once(value, state)) is not None:
                return done
        elif is_async_iterable(value):
            return _complete_async(value, complete_item, field, state, position)
        elif not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{field.parent}.{field.name}'.")
        data: list[Any] = []
        awaitable: list[int] = []
        items = iter(value)
        try:
            for index, item in enumerate(items):
                completed = complete_item(item, state, (position, index))
                data.append(completed)
                if type(completed) is CoroutineType:
                    awaitable.append(index)
        except Exception:
            rest = [item for item in items if is_awaitable(item)]
            await_in_background([data[index] for index in awaitable] + rest)
            raise
        return await_values(data, awaitable) if awaitable else data

    return complete


def _list_at_once(objects: ObjectCompiler, field: Field, item_type: Any) -> ListAtOnce | None:
    """Compile the completion of a list whose items all are usual: leaves, or objects of which the parts are kept.

    It gives None where one of them is unusual.
    """
    if (serialize := fast_serializer(item_type)) is not None:
        return partial(_serialize_all, serialize)
    find_key = objects.shared_key(field, item_type.of_type if is_non_null_type(item_type) else item_type)
    return None if find_key is None else partial(_kept_parts, find_key)


def _serialize_all(serialize: Callable[[Any], Any], values: list[Any], state: ExecutionState) -> list[Any] | None:
    try:
        leaves = [serialize(value) for value in values]
    except Exception:
        return None
    return None if None in leaves else leaves


def _kept_parts(find_key: KeyFinder, values: list[Any], state: ExecutionState) -> list[Any] | None:
    key: Any = find_key(state)
    try:
        return SharedPartList([value.parts[key] for value in values])
    except (AttributeError, KeyError):
        return None


async def _complete_async(
    value: Any, complete: Completer, field: Field, state: ExecutionState, position: Position
) -> Any:
    """Complete the items of an async iterable."""
    data: list[Any] = []
    awaitable: list[int] = []
    try:
        async for item in value:
            completed = complete(item, state, (position, len(data)))
            if type(completed) is CoroutineType:
                awaitable.append(len(data))
            data.append(completed)
    except Exception as error:
        await_in_background([data[index] for index in awaitable])
        return handle_error(field.nodes, True, error, state, position)
    return await await_values(data, awaitable) if awaitable else data
