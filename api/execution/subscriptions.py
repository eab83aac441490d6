"""Subscriptions, of which each execution gives the next result, by graphql-core."""

from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_variable_values,
    subscribe,
)

from api.execution.documents import MAX_ERRORS, Documents, Prepared


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that can be executed again and again, each time at this cost.

    key: equal for subscriptions whose results are equal in one language. variables: those that the operation declares.
    field: its root field.
    """

    prepared: Prepared
    variables: Mapping[str, Any]
    operation_name: str | None
    key: tuple[str, ...]
    cost: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class RootSelection:
    """What a subscription selects: its root field's name in the response, and the fields below it by theirs."""

    name: str
    fields: Mapping[str, str]


class InvalidSubscription(Exception):
    """The variables do not fit the operation, for these reasons."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class SubscriptionExecutor:
    """Executes the subscriptions of one schema.

    suggestions: whether an error may suggest names that are like a wrong one.
    """

    def __init__(self, schema: GraphQLSchema, documents: Documents, *, suggestions: bool = True) -> None:
        self._schema = schema
        self._documents = documents
        self._suggestions = suggestions

    def subscription(self, prepared: Prepared, variables: Mapping[str, Any] | None, name: str | None) -> Subscription:
        """Make the subscription of that name in a document. Raises InvalidSubscription, and ApiError QUERY_TOO_LARGE."""
        document = prepared.document
        cost = self._documents.cost(prepared, variables, name)
        operation = prepared.operations[name].node
        definitions = () if operation is None else operation.variable_definitions or ()
        names = {definition.variable.name.value for definition in definitions}
        declared = {key: value for key, value in (variables or {}).items() if key in names}
        coerced = get_variable_values(self._schema, definitions, declared, MAX_ERRORS, not self._suggestions)
        if isinstance(coerced, list):
            raise InvalidSubscription(coerced)
        text = "" if document is None or document.loc is None else document.loc.source.body
        operation_name = "" if operation is None or operation.name is None else operation.name.value
        key = (text, operation_name, repr(coerced.coerced))
        return Subscription(prepared, declared, name, key, cost, _root_field(document, operation))

    async def next(self, subscription: Subscription, context: Any) -> ExecutionResult:
        """Return the result of the next event, or errors without data when there is no event.

        One execution serves all subscribers of a topic, so compiling would save too little to be worth having.
        """
        document = subscription.prepared.document
        if document is None:
            return ExecutionResult(None, list(subscription.prepared.errors))
        subscribed = subscribe(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(subscription.variables),
            operation_name=subscription.operation_name,
            hide_suggestions=not self._suggestions,
        )
        events: Any = await subscribed if isinstance(subscribed, Awaitable) else subscribed
        if isinstance(events, ExecutionResult):
            return events
        try:
            result: ExecutionResult = await anext(events)
            return result
        finally:
            await events.aclose()


def root_selection(subscription: Subscription) -> RootSelection:
    """Return what a subscription in a valid document selects, whatever its @skip and @include leave out of it."""
    document = subscription.prepared.document
    operation = subscription.prepared.operations[subscription.operation_name].node
    if document is None or operation is None:
        return RootSelection("", {})
    roots = list(_fields(document, operation.selection_set))
    below = [field for root in roots if root.selection_set for field in _fields(document, root.selection_set)]
    return RootSelection(_response_name(roots[0]), {_response_name(field): field.name.value for field in below})


def _fields(document: DocumentNode, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
    """The fields of a selection set and of all fragments in it."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(document, fragments[node.name.value].selection_set)
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(document, node.selection_set)


def _response_name(field: FieldNode) -> str:
    return (field.alias or field.name).value


def _root_field(document: DocumentNode | None, operation: OperationDefinitionNode | None) -> str:
    """The name of the only root field that a subscription in a valid document has; it may stand in a fragment."""
    if document is None or operation is None:
        return ""
    return next(_fields(document, operation.selection_set)).name.value
