"""What a subscription says at this moment: its field resolved and its selection executed, once, by graphql-core."""

from collections.abc import Awaitable, Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, subscribe

from api.execution.documents import Prepared


async def event(
    schema: GraphQLSchema, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, name: str | None
) -> ExecutionResult:
    """The result of a subscription's next event, or why there is none: errors without data.

    One document is executed once for all who share it, so what compiling would save is not worth having.
    """
    if prepared.document is None:
        return ExecutionResult(None, list(prepared.errors))
    given = None if variables is None else dict(variables)
    asked = subscribe(schema, prepared.document, context_value=context, variable_values=given, operation_name=name)
    events: Any = await asked if isinstance(asked, Awaitable) else asked
    if isinstance(events, ExecutionResult):
        return events
    try:
        result: ExecutionResult = await anext(events)
        return result
    finally:
        await events.aclose()
