"""Compiles the completion of values.

In: an output type. Out: a completer, which makes a value a part of the response: null, a leaf, a list or a dict, or a
coroutine of one of these. `completer` also awaits, checks for null, and turns what is raised into an error of the position;
the functions below it complete a value that is there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import EnumType
from functools import cached_property
from math import inf
from types import CoroutineType
from typing import Any, Protocol, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLInt,
    GraphQLObjectType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_specified_scalar_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import inspect, is_async_iterable, is_awaitable, is_iterable

from api.execution.compiler.execution_state import ExecutionState, Position, await_values, handle_error

Completer: TypeAlias = Callable[[Any, ExecutionState, Position], Any]
EXACT_TYPES = {"String": str, "ID": str, "Boolean": bool}
NEVER_AWAITABLE = frozenset((str, int, float, bool, date, datetime))  # nor is what a scalar makes of them


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

    def python_class(self, type_: Any) -> type | None:
        """Return the class whose instances are values of this type without any check; None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class ErrorBoundary:
    """What `completer` needs for errors. null_error: the message when the value is null; None where null is allowed."""

    complete: Completer
    nodes: list[FieldNode]
    null_error: str | None

    def handle(self, error: Exception, state: ExecutionState, position: Position) -> None:
        """Report the error here; where null is not allowed, raise it for the position around."""
        handle_error(error, self.nodes, self.null_error is not None, state, position)


def completer(objects: ObjectCompiler, field: Field, type_: Any) -> Completer:
    """Compile the completion of a type, with nulls, awaitables and errors."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    null_error = None if inner is type_ else f"Cannot return null for non-nullable field {field.parent}.{field.name}."
    complete_value = _value_completer(objects, field, inner)
    boundary = ErrorBoundary(complete_value, field.nodes, null_error)
    usual_class = list if is_list_type(inner) else objects.python_class(inner)

    def complete(value: Any, state: ExecutionState, position: Position) -> Any:
        try:
            if type(value) is not usual_class:
                if value is None and null_error is None:
                    return None
                if is_awaitable(value):
                    state.awaitables += 1
                    return _await_and_complete(boundary, value, state, position)
                if _is_null(value, null_error):
                    return None
            completed = complete_value(value, state, position)
        except Exception as error:
            return boundary.handle(error, state, position)
        if type(completed) is not CoroutineType:
            return completed
        state.awaitables += 1
        return _await_completed(boundary, completed, state, position)

    return complete


async def _await_and_complete(boundary: ErrorBoundary, value: Any, state: ExecutionState, position: Position) -> Any:
    try:
        awaited = await value
        if _is_null(awaited, boundary.null_error):
            return None
        completed = boundary.complete(awaited, state, position)
        return await completed if type(completed) is CoroutineType else completed
    except Exception as error:
        return boundary.handle(error, state, position)


async def _await_completed(boundary: ErrorBoundary, completed: Any, state: ExecutionState, position: Position) -> Any:
    try:
        return await completed
    except Exception as error:
        return boundary.handle(error, state, position)


def _is_null(value: Any, null_error: str | None) -> bool:
    """Return whether a value is null. Raises when null is not allowed, and the value itself when it is an exception."""
    if isinstance(value, Exception):
        raise value
    if value is None or value is Undefined:
        if null_error is not None:
            raise TypeError(null_error)
        return True
    return False


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
    complete_item, serialize = completer(objects, field, item_type), fast_serializer(item_type)

    def complete(value: Any, state: ExecutionState, position: Position) -> Any:
        if type(value) is list:
            if serialize is not None and (leaves := _serialize_all(serialize, value)) is not None:
                return leaves
        else:
            if is_async_iterable(value):
                return _complete_async(value, complete_item, field, state, position)
            if not is_iterable(value):
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
            state.await_in_background([data[index] for index in awaitable] + rest)
            raise
        return await_values(data, awaitable) if awaitable else data

    return complete


def _serialize_all(serialize: Callable[[Any], Any], values: list[Any]) -> list[Any] | None:
    """Serialize a list of leaves at once; None when one of them is unusual."""
    try:
        leaves = [serialize(value) for value in values]
    except Exception:
        return None
    return None if None in leaves else leaves


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
        state.await_in_background([data[index] for index in awaitable])
        return handle_error(error, field.nodes, True, state, position)
    return await await_values(data, awaitable) if awaitable else data


def fast_serializer(type_: Any) -> Callable[[Any], Any] | None:
    """Return what serializes the usual values of a leaf type; it gives None for others, which need the completer."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    if not is_leaf_type(inner):
        return None
    if (exact_type := EXACT_TYPES.get(inner.name)) is not None and is_specified_scalar_type(inner):
        return lambda value: value if type(value) is exact_type else None
    if inner is GraphQLInt:
        return lambda value: value if type(value) is int and -(2**31) <= value < 2**31 else None
    if inner is GraphQLFloat:
        return lambda value: value if type(value) is float and -inf < value < inf else None
    if isinstance(cls := getattr(inner, "wrapped_cls", None), EnumType):
        members: Iterable[Any] = cls
        names = {member.name: inner.coerce_output_value(member) for member in members}
        return lambda value: names[value._name_] if type(value) is cls else None
    serialize = inner.coerce_output_value
    return lambda value: serialize(value) if type(value) in NEVER_AWAITABLE else None
