"""What a subscription says at this moment: its field resolved and its selection executed, once, by graphql-core."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, get_operation_ast, get_variable_values, subscribe

from api.execution.documents import MAX_ERRORS, Documents, Prepared


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that can be executed again and again, each time at this cost.

    key is the same for all that say the same in one language. variables are those that the operation has, and no others.
    """

    prepared: Prepared
    variables: Mapping[str, Any]
    operation_name: str | None
    key: tuple[str, ...]
    cost: int


class InvalidSubscription(Exception):
    """The variables do not fit the operation, for these reasons."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(*errors)
        self.errors = errors


class SubscriptionExecutor:
    """The subscriptions of one schema. suggesting: whether an error may suggest names that are like a wrong one."""

    def __init__(self, schema: GraphQLSchema, documents: Documents, *, suggesting: bool = True) -> None:
        self._schema = schema
        self._documents = documents
        self._suggesting = suggesting

    def subscription(self, prepared: Prepared, variables: Mapping[str, Any] | None, name: str | None) -> Subscription:
        """The subscription of that name in a valid document. Raises Unfit, and ApiError QUERY_TOO_LARGE."""
        document = prepared.document
        operation = None if document is None else get_operation_ast(document, name)
        definitions = () if operation is None else operation.variable_definitions or ()
        names = {definition.variable.name.value for definition in definitions}
        given = {key: value for key, value in (variables or {}).items() if key in names}
        coerced = get_variable_values(self._schema, definitions, given, MAX_ERRORS, not self._suggesting)
        if isinstance(coerced, list):
            raise InvalidSubscription(coerced)
        text = "" if document is None or document.loc is None else document.loc.source.body
        called = "" if operation is None or operation.name is None else operation.name.value
        cost = self._documents.cost(prepared, given, name)
        return Subscription(prepared, given, name, (text, called, repr(coerced.coerced)), cost)

    async def next(self, subscription: Subscription, context: Any) -> ExecutionResult:
        """The result of its next event, or why there is none: errors without data.

        One document is executed once for all who share it, so what compiling would save is not worth having.
        """
        document = subscription.prepared.document
        if document is None:
            return ExecutionResult(None, list(subscription.prepared.errors))
        asked = subscribe(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(subscription.variables),
            operation_name=subscription.operation_name,
            hide_suggestions=not self._suggesting,
        )
        events: Any = await asked if isinstance(asked, Awaitable) else asked
        if isinstance(events, ExecutionResult):
            return events
        try:
            result: ExecutionResult = await anext(events)
            return result
        finally:
            await events.aclose()
