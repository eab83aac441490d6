"""Documents, parsed, validated and their cost analysed once, then cached within bounds."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    get_named_type,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from api.domain.errors import ApiError
from api.execution.limits.cost import CostModel, Sizes
from api.execution.limits.document_limits import check_document
from api.execution.limits.formulas import Formula
from api.execution.limits.lexer_limits import check_text
from api.execution.limits.list_limits import Maxima
from api.limits import Limits, too_large

MAX_ERRORS = 50  # reported for one document, or for its variables
MAX_CACHED_DOCUMENTS = 1_000
MAX_CACHED_LENGTH = 8_000  # characters of a document
# Of all cached documents: a character takes about 300 bytes of memory, and at worst 1,500 with all its plans.
MAX_CACHED_CHARACTERS = 120_000


@dataclass(slots=True)
class Operation:
    """An operation of a document. node: None when there is none of that name. cost, program: None until they are needed."""

    node: OperationDefinitionNode | None
    cost: Formula | None = None
    program: Any = None  # of the compiled engine


class Operations(dict[str | None, Operation]):
    """The operations of a document, by name; None names the only one. Those that were looked up are kept."""

    def __init__(self, document: DocumentNode | None) -> None:
        super().__init__()
        self._document = document

    def __missing__(self, name: str | None) -> Operation:
        operation = Operation(None if self._document is None else get_operation_ast(self._document, name))
        if operation.node is not None:  # made-up names cannot fill this
            self[name] = operation
        return operation


class Prepared:
    """A valid document, or the errors of an invalid one; never both."""

    __slots__ = ("document", "errors", "operations")

    def __init__(self, document: DocumentNode | None, errors: tuple[GraphQLError, ...] = ()) -> None:
        self.document = document
        self.errors = errors
        self.operations = Operations(document)


class NoSchemaRule(NoSchemaIntrospectionCustomRule):
    """Refuses introspection, and the field that tells a gateway the same."""

    def enter_field(self, node: FieldNode, *arguments: Any) -> None:
        """Refuse a field that tells anything of the schema."""
        type_ = get_named_type(self.context.get_type())
        if type_ is not None and type_.name == "_Service":
            disabled = "GraphQL introspection has been disabled, but the requested query contained the field"
            self.report_error(GraphQLError(f"{disabled} '{node.name.value}'.", node))
        super().enter_field(node, *arguments)


class Documents:
    """Prepares the documents of one schema, and caches valid ones; the least recently used is dropped first.

    maxima: of lists in the arguments that may be longer than the limit (ListLimits). introspection: without it nothing about
    the schema is told, not even by suggesting names that are like a wrong one.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        sizes: Sizes | None = None,
        *,
        maxima: Maxima | None = None,
        introspection: bool = True,
    ) -> None:
        self._schema = schema
        self._limits = limits or Limits()
        self._cost_model = CostModel(schema, sizes or {}, self._limits, maxima or {})
        self._introspection = introspection
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaRule)
        self._cache: OrderedDict[str, Prepared] = OrderedDict()
        self._cached_characters = 0

    def prepare(self, text: str) -> Prepared:
        """Check a document against the limits, parse it and validate it."""
        cached = self._cache.get(text)
        if cached is not None:
            self._cache.move_to_end(text)
            return cached
        prepared = self._prepare(text)
        if prepared.document is not None and len(text) <= MAX_CACHED_LENGTH:
            self._add_to_cache(text, prepared)
        return prepared

    def cost(self, prepared: Prepared, variables: Mapping[str, Any] | None, operation_name: str | None) -> int:
        """Return what an operation costs with these variables. Raises ApiError QUERY_TOO_LARGE when it costs too much."""
        try:
            operation = prepared.operations[operation_name]
            formula = operation.cost
            if formula is None:
                formula = operation.cost = self._cost_model.formula(prepared.document, operation.node)
            cost = formula(variables or {}) if callable(formula) else formula
        except RecursionError:
            raise self._too_deep() from None
        if cost > self._limits.cost:
            self._limits.check("cost", cost)
        return cost

    def _prepare(self, text: str) -> Prepared:
        try:
            check_text(text, self._limits)
            document = parse(text, max_tokens=self._limits.tokens)
            check_document(document, self._limits)
            hide_suggestions = not self._introspection
            errors = validate(self._schema, document, self._rules, MAX_ERRORS, hide_suggestions=hide_suggestions)
        except GraphQLError as error:
            return Prepared(None, (error,))
        except ApiError as error:
            return _refused(error)
        except RecursionError:
            return _refused(self._too_deep())
        return Prepared(None, tuple(errors)) if errors else Prepared(document)

    def _too_deep(self) -> ApiError:
        """Return the error for what exhausts the stack, however high the limits were set: at least one level too deep."""
        return too_large("nesting", self._limits.nesting, self._limits.nesting + 1)

    def _add_to_cache(self, text: str, prepared: Prepared) -> None:
        self._cache[text] = prepared
        self._cached_characters += len(text)
        while len(self._cache) > MAX_CACHED_DOCUMENTS or self._cached_characters > MAX_CACHED_CHARACTERS:
            dropped, _ = self._cache.popitem(last=False)
            self._cached_characters -= len(dropped)


def _refused(error: ApiError) -> Prepared:
    return Prepared(None, (GraphQLError(str(error), original_error=error),))
