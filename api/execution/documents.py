"""What a document means and costs: weighed, parsed and validated once, then remembered, within bounds."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from api.domain.errors import ApiError
from api.execution.limits.cost import CostModel, Sizes
from api.execution.limits.document_limits import check_document
from api.execution.limits.formulas import Formula
from api.execution.limits.lexer_limits import check_text
from api.limits import Limits, too_large

MAX_ERRORS = 50  # of one document, or of unfit variables, that are told
MAX_CACHED_DOCUMENTS = 1_000  # documents
MAX_CACHED_LENGTH = 8_000  # characters of a document
MAX_CACHED_CHARACTERS = (
    120_000  # of all of them: one takes about 300 bytes of memory, and at worst 1,500 with all its plans
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that may be executed, or the errors that say why not; never both. programs are the engine's.

    prices are of its operations by name.
    """

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    programs: dict[str | None, Any] = field(default_factory=dict, repr=False, compare=False)
    prices: dict[str | None, Formula] = field(default_factory=dict, repr=False, compare=False)


class Documents:
    """Prepares documents for one schema. Remembers valid ones, the least recently used forgotten first.

    Without introspection nothing is told of the schema, not even by suggesting a name that is like the wrong one.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        sizes: Sizes | None = None,
        *,
        introspection: bool = True,
    ) -> None:
        self._schema = schema
        self._limits = limits or Limits()
        self._pricing = CostModel(schema, sizes or {}, self._limits)
        self._introspection = introspection
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0

    def prepare(self, text: str) -> Prepared:
        """Parse and validate a document."""
        known = self._remembered.get(text)
        if known is not None:
            self._remembered.move_to_end(text)
            return known
        prepared = self._prepare(text)
        if prepared.document is not None and len(text) <= MAX_CACHED_LENGTH:
            self._remember(text, prepared)
        return prepared

    def cost(self, prepared: Prepared, variables: Mapping[str, Any] | None, operation_name: str | None) -> int:
        """What an operation costs with these variables. Raises ApiError QUERY_TOO_LARGE when that is too much."""
        try:
            price = prepared.prices.get(operation_name)
            if price is None:
                price = self._price(prepared, operation_name)
            cost = price(variables or {}) if callable(price) else price
        except RecursionError:
            raise self._too_deep() from None
        if cost > self._limits.cost:
            self._limits.check("cost", cost)
        return cost

    def _price(self, prepared: Prepared, operation_name: str | None) -> Formula:
        if prepared.document is None:
            return 0
        price = self._pricing.formula(prepared.document, operation_name)
        if price:  # so there is such an operation: no stream of made-up names fills this
            prepared.prices[operation_name] = price
        return price

    def _prepare(self, text: str) -> Prepared:
        try:
            check_text(text, self._limits)
            document = parse(text, max_tokens=self._limits.tokens)
            check_document(document, self._limits)
            hidden = not self._introspection
            errors = validate(self._schema, document, self._rules, MAX_ERRORS, hide_suggestions=hidden)
        except GraphQLError as error:
            return Prepared(None, (error,))
        except ApiError as fault:
            return _refused(fault)
        except RecursionError:
            return _refused(self._too_deep())
        return Prepared(None, tuple(errors)) if errors else Prepared(document)

    def _too_deep(self) -> ApiError:
        """The refusal of what cannot be gone through, however high the limits were set: at least a level too deep."""
        return too_large("nesting", self._limits.nesting, self._limits.nesting + 1)

    def _remember(self, text: str, prepared: Prepared) -> None:
        self._remembered[text] = prepared
        self._characters += len(text)
        while len(self._remembered) > MAX_CACHED_DOCUMENTS or self._characters > MAX_CACHED_CHARACTERS:
            anonymised, _ = self._remembered.popitem(last=False)
            self._characters -= len(anonymised)


def _refused(fault: ApiError) -> Prepared:
    return Prepared(None, (GraphQLError(str(fault), original_error=fault),))
