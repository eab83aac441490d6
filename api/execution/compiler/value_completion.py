"""How the value of a field becomes a part of the answer: null, a leaf, a list or an object, at once or when it arrives.

Each closure takes the value, the run and the position. `place` makes the outermost: it awaits, checks for null, and
turns what is raised into an error of this position; the others complete a value that is there.
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

from api.execution.compiler.execution_state import ExecutionState, Position, failed, joined

Completer: TypeAlias = Callable[[Any, ExecutionState, Position], Any]
EXACT = {"String": str, "ID": str, "Boolean": bool}
PLAIN = frozenset((str, int, float, bool, date, datetime))  # whatever a scalar makes of them, they are no awaitables


@dataclass(frozen=True)
class Field:
    """A field as one operation selects it on one object type; details has every node that asks for it."""

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
        """Its name in the answer."""
        return (self.nodes[0].alias or self.nodes[0].name).value


class Objects(Protocol):
    """What completes the objects of a plan."""

    def object(self, field: Field, type_: GraphQLObjectType) -> Completer:
        """What completes a value of this object type."""
        ...

    def abstract(self, field: Field, type_: Any) -> Completer:
        """What completes a value of this interface or union."""
        ...

    def origin(self, type_: Any) -> type | None:
        """The class whose instances are surely values of this type; None when there is no such class."""
        ...


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for values of one type: what completes them there, and the message when null is none; None: it may be null."""

    complete: Completer
    nodes: list[FieldNode]
    missing: str | None

    def fail(self, error: Exception, run: ExecutionState, position: Position) -> None:
        """Make an error of what was raised here."""
        failed(error, self.nodes, self.missing is not None, run, position)


def place(objects: Objects, field: Field, type_: Any) -> Completer:
    """What puts a value at a position of this type, null and errors included."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    missing = f"Cannot return null for non-nullable field {field.parent}.{field.name}." if inner is not type_ else None
    complete = completion(objects, field, inner)
    slot = Slot(complete, field.nodes, missing)
    plain = list if is_list_type(inner) else objects.origin(inner)

    def put(value: Any, run: ExecutionState, position: Position) -> Any:
        try:
            if type(value) is not plain:
                if value is None and missing is None:
                    return None
                if is_awaitable(value):
                    run.coming += 1
                    return _awaited(slot, value, run, position)
                if _absent(value, missing):
                    return None
            completed = complete(value, run, position)
        except Exception as error:
            return slot.fail(error, run, position)
        if type(completed) is not CoroutineType:
            return completed
        run.coming += 1
        return _guarded(slot, completed, run, position)

    return put


async def _awaited(slot: Slot, value: Any, run: ExecutionState, position: Position) -> Any:
    try:
        arrived = await value
        if _absent(arrived, slot.missing):
            return None
        completed = slot.complete(arrived, run, position)
        return await completed if type(completed) is CoroutineType else completed
    except Exception as error:
        return slot.fail(error, run, position)


async def _guarded(slot: Slot, completed: Any, run: ExecutionState, position: Position) -> Any:
    try:
        return await completed
    except Exception as error:
        return slot.fail(error, run, position)


def _absent(value: Any, missing: str | None) -> bool:
    """Whether a value is null. Raises when it must not be, or when it is an exception."""
    if isinstance(value, Exception):
        raise value
    if value is None or value is Undefined:
        if missing is not None:
            raise TypeError(missing)
        return True
    return False


def completion(objects: Objects, field: Field, type_: Any) -> Completer:
    """What completes a value, not null, of this type, not non-null."""
    if is_list_type(type_):
        return _list(objects, field, type_.of_type)
    if is_leaf_type(type_):
        return _leaf(type_)
    return objects.abstract(field, type_) if is_abstract_type(type_) else objects.object(field, type_)


def _leaf(type_: Any) -> Completer:
    serialize = type_.coerce_output_value

    def complete(value: Any, run: ExecutionState, position: Position) -> Any:
        coerced = serialize(value)
        if coerced is None or coerced is Undefined:
            raise TypeError(
                f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` "
                f"to return non-nullable value, returned: {inspect(coerced)}"
            )
        return coerced

    return complete


def _list(objects: Objects, field: Field, item_type: Any) -> Completer:
    put, serialize = place(objects, field, item_type), quick(item_type)

    def complete(value: Any, run: ExecutionState, position: Position) -> Any:
        if type(value) is list:
            if serialize is not None and (leaves := _leaves(serialize, value)) is not None:
                return leaves
        else:
            if is_async_iterable(value):
                return _from_async(value, put, field, run, position)
            if not is_iterable(value):
                raise GraphQLError(f"Expected Iterable, but did not find one for field '{field.parent}.{field.name}'.")
        out: list[Any] = []
        waiting: list[int] = []
        items = iter(value)
        try:
            for index, item in enumerate(items):
                completed = put(item, run, (position, index))
                out.append(completed)
                if type(completed) is CoroutineType:
                    waiting.append(index)
        except Exception:
            run.settle([out[index] for index in waiting] + [item for item in items if is_awaitable(item)])
            raise
        return joined(out, waiting) if waiting else out

    return complete


def _leaves(serialize: Callable[[Any], Any], values: list[Any]) -> list[Any] | None:
    """All of them at once; None when one of them is not usual."""
    try:
        leaves = [serialize(value) for value in values]
    except Exception:
        return None
    return None if None in leaves else leaves


async def _from_async(value: Any, put: Completer, field: Field, run: ExecutionState, position: Position) -> Any:
    """The same for items that arrive one by one."""
    out: list[Any] = []
    waiting: list[int] = []
    try:
        async for item in value:
            completed = put(item, run, (position, len(out)))
            if type(completed) is CoroutineType:
                waiting.append(len(out))
            out.append(completed)
    except Exception as error:
        run.settle([out[index] for index in waiting])
        return failed(error, field.nodes, True, run, position)
    return await joined(out, waiting) if waiting else out


def quick(type_: Any) -> Callable[[Any], Any] | None:
    """What serialises the usual values of a leaf type, and makes None of all others, which `place` is to judge."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    if not is_leaf_type(inner):
        return None
    if (exact := EXACT.get(inner.name)) is not None and is_specified_scalar_type(inner):
        return lambda value: value if type(value) is exact else None
    if inner is GraphQLInt:
        return lambda value: value if type(value) is int and -(2**31) <= value < 2**31 else None
    if inner is GraphQLFloat:
        return lambda value: value if type(value) is float and -inf < value < inf else None
    if isinstance(cls := getattr(inner, "wrapped_cls", None), EnumType):
        members: Iterable[Any] = cls
        names = {member.name: inner.coerce_output_value(member) for member in members}
        return lambda value: names[value._name_] if type(value) is cls else None
    serialize = inner.coerce_output_value
    return lambda value: serialize(value) if type(value) in PLAIN else None
