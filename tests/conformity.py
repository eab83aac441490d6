"""Is an answer what the schema promises for the document that asked: no field too many or too few, none of another type?"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNameMetaFieldDef,
    is_list_type,
    is_non_null_type,
)

MOST_SAFE = 2**53 - 1


def _integer(value: Any, most: int) -> bool:
    return type(value) is int and abs(value) <= most


SCALARS = {
    "Int": lambda value: _integer(value, 2**31),
    "SafeInt": lambda value: _integer(value, MOST_SAFE),
    "Float": lambda value: type(value) in (int, float),
    "String": lambda value: type(value) is str,
    "ID": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
    "Date": lambda value: bool(date.fromisoformat(value)),
    "DateTime": lambda value: datetime.fromisoformat(value).tzinfo is not None,
}


def departures(schema: GraphQLSchema, document: DocumentNode, answer: Mapping[str, Any]) -> list[str]:
    """Where the answer departs from the schema, as paths with a reason; for an operation that was executed."""
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    nulled = {tuple(error["path"]) for error in answer.get("errors", ()) if "path" in error}
    root = schema.get_root_type(operation.operation)
    if answer["data"] is None:
        return [] if nulled else ["data is null without an error"]
    return list(_Checked(schema, fragments, nulled).object(root, [operation.selection_set], answer["data"], ()))


class _Checked:
    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], nulled: set[Any]
    ) -> None:
        self._schema, self._fragments, self._nulled = schema, fragments, nulled

    def object(self, kind: Any, selections: list[SelectionSetNode], value: Any, path: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path}: no object but {value!r}"
            return
        wanted: dict[str, list[FieldNode]] = {}
        for selection in selections:
            self._collect(kind, selection, wanted)
        if list(wanted) != list(value):
            yield f"{path}: {list(value)} instead of {list(wanted)}"
        for name, nodes in wanted.items():
            yield from self._field(kind, nodes, value.get(name), (*path, name))

    def _collect(self, kind: Any, selection: SelectionSetNode, wanted: dict[str, list[FieldNode]]) -> None:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                wanted.setdefault((node.alias or node.name).value, []).append(node)
                continue
            inner = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            assert isinstance(inner, FragmentDefinitionNode | InlineFragmentNode)
            on = inner.type_condition
            if on is None or self._is(kind, self._schema.type_map[on.name.value]):
                self._collect(kind, inner.selection_set, wanted)

    def _is(self, kind: Any, condition: Any) -> bool:
        return kind is condition or (hasattr(condition, "resolve_type") and self._schema.is_sub_type(condition, kind))

    def _field(self, kind: Any, nodes: list[FieldNode], value: Any, path: Any) -> Iterator[str]:
        name = nodes[0].name.value
        field = TypeNameMetaFieldDef if name == "__typename" else kind.fields[name]
        below = [node.selection_set for node in nodes if node.selection_set]
        yield from self._value(field.type, below, value, path, kind.name if name == "__typename" else None)

    def _value(self, kind: Any, below: list[SelectionSetNode], value: Any, path: Any, name: str | None = None) -> Any:
        if is_non_null_type(kind):
            if value is None:
                yield f"{path}: null"
                return
            kind = kind.of_type
        if value is None:
            return
        if is_list_type(kind):
            if not isinstance(value, list):
                yield f"{path}: no list but {value!r}"
                return
            for place, item in enumerate(value):
                yield from self._value(kind.of_type, below, item, (*path, place))
        elif isinstance(kind, GraphQLScalarType):
            if not SCALARS[kind.name](value) or (name is not None and value != name):
                yield f"{path}: {value!r} is no {name or kind.name}"
        elif isinstance(kind, GraphQLEnumType):
            if value not in kind.values:
                yield f"{path}: {value!r} is no {kind.name}"
        elif hasattr(kind, "resolve_type"):
            yield from self._abstract(kind, below, value, path)
        else:
            yield from self.object(kind, below, value, path)

    def _abstract(self, kind: Any, below: list[SelectionSetNode], value: Any, path: Any) -> Iterator[str]:
        """The answer need not say which of the possible types it is of: one of them must fit."""
        possible = self._schema.get_possible_types(kind)
        found = [list(self.object(one, below, value, path)) for one in possible]
        if not any(not departures for departures in found):
            yield from min(found, key=len)
