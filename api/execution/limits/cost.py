"""What does an operation cost? As many units as it may fetch fields, known before it is executed.

A list multiplies what stands in it: a page by its `first` or `last`, another list by the size that is declared for it, or by
the length of the argument that decides it. A page costs more by itself, since its list is filtered and ordered whole, and so
does each item of a list in the arguments. What depends on no variable is added up once for a document; the rest is a formula
of its variables.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
)

from api.domain.paging import MAX_PAGE_SIZE
from api.execution.limits.formulas import Formula, added, product, value
from api.execution.limits.list_limits import ListLimits
from api.limits import Limits

Sizes: TypeAlias = Mapping[str, int | str]  # of lists by `Type.field`: how long, or the argument that is as long
ANY_LIST = 10  # items of a list whose size nobody has declared
PAGE = 50  # units for a page, beside those for what stands in it
INTROSPECTION = 500  # units for a whole `__schema` or `__type`
PAGED = ("first", "last")


class CostModel:
    """Prices the operations of one schema."""

    def __init__(self, schema: GraphQLSchema, sizes: Sizes, limits: Limits) -> None:
        self._schema = schema
        self._sizes = sizes
        self._items = ListLimits(limits)

    def formula(self, document: DocumentNode, operation_name: str | None) -> Formula:
        """The price of an operation of a valid document, 0 when there is none of that name.

        It raises ApiError QUERY_TOO_LARGE for a list in the arguments that is too long, and so does the formula.
        """
        operation = get_operation_ast(document, operation_name)
        root = None if operation is None else self._schema.get_root_type(operation.operation)
        if operation is None or root is None:
            return 0
        priced = _Operation(self._schema, self._sizes, self._items, document, operation)
        return priced.selected(operation.selection_set, root, None)


class _Operation:
    """One operation while it is being priced."""

    def __init__(
        self,
        schema: GraphQLSchema,
        sizes: Sizes,
        items: ListLimits,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._sizes = sizes
        self._items = items
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._defaults = {
            variable.variable.name.value: variable.default_value
            for variable in operation.variable_definitions or ()
            if variable.default_value is not None
        }

    def selected(self, found: SelectionSetNode, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        """Of a selection. page: how long the lists right in it are, when it is a page."""
        return added(self._selection(node, parent, page) for node in found.selections)

    def _selection(self, node: Any, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
            return self.selected(
                fragment.selection_set, self._schema.type_map[fragment.type_condition.name.value], page
            )
        if isinstance(node, InlineFragmentNode):
            narrowed = self._schema.type_map[node.type_condition.name.value] if node.type_condition else parent
            return self.selected(node.selection_set, narrowed, page)
        return self._field(node, parent, page)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        name = node.name.value
        if name.startswith("__"):
            return INTROSPECTION if node.selection_set else 1
        field = cast(GraphQLObjectType | GraphQLInterfaceType, parent).fields[name]
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        itself = added(
            [1, *(self._items.written(each, field.args[of].type, self._defaults) for of, each in given.items())]
        )
        if node.selection_set is None:
            return itself
        paged = self._page(field, given) if "first" in field.args else None
        is_list = is_list_type(get_nullable_type(field.type))
        below = self.selected(node.selection_set, get_named_type(field.type), None if is_list else paged)
        found = itself if paged is None else added((itself, PAGE))
        if not is_list:
            return added((found, below))
        size = self._size(f"{parent.name}.{name}", given, page) if paged is None else paged
        return added((found, product(size, below)))

    def _page(self, field: GraphQLField, given: Mapping[str, ValueNode]) -> Formula:
        """How long a page is: by `last`, else by `first`, else as long as a page may be."""
        first, last = (self._number(given.get(name), _default(field, name)) for name in PAGED)
        if not callable(first) and not callable(last):
            return _paged(first, last)
        return lambda variables: _paged(value(first, variables), value(last, variables))

    def _number(self, node: ValueNode | None, default: Any) -> Any:
        """An integer, None when there is none, or a function from the variables to either."""
        if isinstance(node, VariableNode):
            name = node.name.value
            otherwise = self._number(self._defaults[name], None) if name in self._defaults else default
            return lambda variables: variables.get(name, otherwise)
        if node is None:
            return default
        return int(node.value[:10]) if isinstance(node, IntValueNode) else None

    def _size(self, name: str, given: Mapping[str, ValueNode], page: Formula | None) -> Formula:
        """How long a list is: as the page it stands in, as declared, or as the argument that decides it."""
        if page is not None:
            return page
        declared = self._sizes.get(name, ANY_LIST)
        if isinstance(declared, int):
            return declared
        decisive = given.get(declared)
        if isinstance(decisive, VariableNode):
            key = decisive.name.value
            default = _length(self._defaults.get(key))
            return lambda variables: _length_of(variables[key]) if key in variables else default
        return _length(decisive)


def _default(field: GraphQLField, name: str) -> Any:
    value = field.args[name].default_value if name in field.args else None
    return None if value is Undefined else value


def _paged(first: Any, last: Any) -> int:
    """The length of a page of that first and last, whatever they are: what is out of range is refused where it stands."""
    wanted = first if last is None else last
    return min(max(wanted, 0), MAX_PAGE_SIZE) if type(wanted) is int else MAX_PAGE_SIZE


def _length(node: ValueNode | None) -> int:
    if isinstance(node, ListValueNode):
        return len(node.values)
    return 0 if node is None or isinstance(node, NullValueNode) else 1


def _length_of(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
