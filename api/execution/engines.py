"""Who executes a valid document: graphql-core, or the programs it is compiled to. Both give the same result."""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLSchema, execute

from api.execution.compiler.arguments import Arguments
from api.execution.compiler.plan import Program, program
from api.execution.documents import Prepared


class Engine(Protocol):
    """Executes the documents of one schema; the result of an invalid one is its errors."""

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The result of one operation, errors included; an awaitable of it when a resolver has to wait."""
        ...


class Reference:
    """graphql-core, which finds out at every execution what the document and the schema have settled before."""

    def __init__(self, schema: GraphQLSchema, *, suggesting: bool = True) -> None:
        self._schema = schema
        self._suggesting = suggesting

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """As graphql-core has it."""
        if prepared.document is None:
            return ExecutionResult(None, list(prepared.errors))
        return execute(
            self._schema,
            prepared.document,
            context_value=context,
            variable_values=None if variables is None else dict(variables),
            operation_name=operation_name,
            hide_suggestions=not self._suggesting,
        )


class Compiled:
    """Programs, kept with their documents. What they do not do, the reference does: see `program` and `Program.run`."""

    def __init__(self, schema: GraphQLSchema, *, suggesting: bool = True) -> None:
        self._schema = schema
        self._arguments = Arguments(schema)
        self._reference = Reference(schema, suggesting=suggesting)

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """As the reference would, faster."""
        found = prepared.programs.get(operation_name) or self._program(prepared, operation_name)
        result = None if found is None else _run(found, context, variables or {})
        return self._reference.execute(prepared, context, variables, operation_name) if result is None else result

    def _program(self, prepared: Prepared, operation_name: str | None) -> Program | None:
        if prepared.document is None:
            return None
        made = program(self._schema, prepared.document, operation_name, self._arguments)
        if made is not None:  # so there is such an operation: no stream of made-up names fills this
            prepared.programs[operation_name] = made
        return made


def _run(found: Program, context: Any, variables: Mapping[str, Any]) -> Any:
    try:
        coerced = found.variables(variables)
    except Exception:  # unfit variables: graphql-core coerces them again and says what is wrong with them
        return None
    return found.run(context, coerced)


ENGINES: Mapping[str, type[Compiled | Reference]] = {"compiled": Compiled, "reference": Reference}
