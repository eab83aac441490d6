"""Cost analysis: the cost of an operation is how many fields it may fetch, known before it is executed.

A list multiplies the cost of its items: a page by its `first` or `last`, any other list by its declared size, or by the
length of the argument that decides it. A page costs more by itself, since its whole list is filtered and sorted, and so
does each item of a list in the arguments. What depends on no variable is added up once for a document; the rest is a
formula of the variables.
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
    is_list_type,
)

from api.domain.paging import MAX_PAGE_SIZE
from api.execution.limits.formulas import Formula, evaluate, product, total
from api.execution.limits.list_limits import ListLimits, Maxima
from api.limits import Limits

# Of lists by `Type.field`: the length, or the argument that is as long; of long texts, what they cost besides.
Sizes: TypeAlias = Mapping[str, int | str]
DEFAULT_LIST_SIZE = 10  # items of a list without a declared size
PAGE_COST = 50  # of a page, besides its items
INTROSPECTION_COST = 500  # of a whole `__schema` or `__type`


class CostModel:
    """Computes the cost of operations of one schema; sizes declares how long its lists are, maxima is as in ListLimits."""

    def __init__(self, schema: GraphQLSchema, sizes: Sizes, limits: Limits, maxima: Maxima) -> None:
        self._schema = schema
        self._sizes = sizes
        self._list_limits = ListLimits(limits, maxima)

    def formula(self, document: DocumentNode | None, operation: OperationDefinitionNode | None) -> Formula:
        """Return the cost of an operation of a valid document, 0 when there is none.

        Raises ApiError QUERY_TOO_LARGE for a list in the arguments that is too long, and so does the formula.
        """
        root = None if operation is None else self._schema.get_root_type(operation.operation)
        if document is None or operation is None or root is None:
            return 0
        analysis = _OperationCost(self._schema, self._sizes, self._list_limits, document, operation)
        return analysis.selection_set(operation.selection_set, root, None)


class _OperationCost:
    """Analyses one operation. page: the length of the lists right in a selection, when that is a page's; else None."""

    def __init__(
        self,
        schema: GraphQLSchema,
        sizes: Sizes,
        list_limits: ListLimits,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._sizes = sizes
        self._list_limits = list_limits
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._defaults = {
            variable.variable.name.value: variable.default_value
            for variable in operation.variable_definitions or ()
            if variable.default_value is not None
        }

    def selection_set(self, node: SelectionSetNode, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        return total(self._selection(selection, parent, page) for selection in node.selections)

    def _selection(self, node: Any, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
            return self.selection_set(
                fragment.selection_set, self._schema.type_map[fragment.type_condition.name.value], page
            )
        if isinstance(node, InlineFragmentNode):
            on = self._schema.type_map[node.type_condition.name.value] if node.type_condition else parent
            return self.selection_set(node.selection_set, on, page)
        return self._field(node, parent, page)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, page: Formula | None) -> Formula:
        name = node.name.value
        if name.startswith("__"):
            return INTROSPECTION_COST if node.selection_set else 1
        field = cast(GraphQLObjectType | GraphQLInterfaceType, parent).fields[name]
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        items = [self._list_limits.count(v, field.args[k].type, self._defaults) for k, v in arguments.items()]
        own: list[Formula] = [1, *items]
        if node.selection_set is None:
            extra = self._sizes.get(f"{parent.name}.{name}", 0)
            return total([*own, extra] if isinstance(extra, int) else own)
        page_size = self._page_size(field, arguments) if "first" in field.args else None
        is_list = is_list_type(get_nullable_type(field.type))
        below = self.selection_set(node.selection_set, get_named_type(field.type), None if is_list else page_size)
        if page_size is not None:
            own.append(PAGE_COST)
        if not is_list:
            return total([*own, below])
        length = self._list_size(f"{parent.name}.{name}", arguments, page) if page_size is None else page_size
        return total([*own, product(length, below)])

    def _page_size(self, field: GraphQLField, arguments: Mapping[str, ValueNode]) -> Formula:
        """Return the length of a page: its `last`, else its `first`, else the most that a page may have."""
        first = self._integer(arguments.get("first"), _default(field, "first"))
        last = self._integer(arguments.get("last"), _default(field, "last"))
        if not callable(first) and not callable(last):
            return _page_length(first, last)
        if last is None:
            return lambda variables: _page_length(first(variables), None)
        return lambda variables: _page_length(evaluate(first, variables), evaluate(last, variables))

    def _integer(self, node: ValueNode | None, default: Any) -> Any:
        """Return an integer, None when there is none, or a function from the variables to either."""
        if isinstance(node, VariableNode):
            name = node.name.value
            value_if_absent = self._integer(self._defaults[name], None) if name in self._defaults else default
            return lambda variables: variables.get(name, value_if_absent)
        if node is None:
            return default
        return int(node.value[:10]) if isinstance(node, IntValueNode) else None

    def _list_size(self, name: str, arguments: Mapping[str, ValueNode], page: Formula | None) -> Formula:
        """Return the length of a list: that of the page it stands in, the declared one, or that of an argument."""
        if page is not None:
            return page
        size = self._sizes.get(name, DEFAULT_LIST_SIZE)
        if isinstance(size, int):
            return size
        argument = arguments.get(size)
        if isinstance(argument, VariableNode):
            variable = argument.name.value
            default = _literal_length(self._defaults.get(variable))
            return lambda variables: _value_length(variables[variable]) if variable in variables else default
        return _literal_length(argument)


def _default(field: GraphQLField, name: str) -> Any:
    value = field.args[name].default_value if name in field.args else None
    return None if value is Undefined else value


def _page_length(first: Any, last: Any) -> int:
    """Return the length of a page with these arguments. Those out of range are refused where the page is cut."""
    size = first if last is None else last
    return min(max(size, 0), MAX_PAGE_SIZE) if type(size) is int else MAX_PAGE_SIZE


def _literal_length(node: ValueNode | None) -> int:
    if isinstance(node, ListValueNode):
        return len(node.values)
    return 0 if node is None or isinstance(node, NullValueNode) else 1


def _value_length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
