"""The two engines that execute valid documents with equal results: graphql-core, and the compiler."""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from graphql import ExecutionResult, GraphQLSchema, execute

from api.execution.compiler.arguments import ArgumentCompiler
from api.execution.compiler.program import compile_operation
from api.execution.documents import Prepared


class Engine(Protocol):
    """Executes queries and mutations of one schema."""

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """Execute one operation; awaitable when a resolver waits. The result of an invalid document is its errors."""
        ...


class Reference:
    """Executes by graphql-core, which interprets document and schema at every execution.

    suggestions: whether an error may suggest names that are like a wrong one.
    """

    def __init__(self, schema: GraphQLSchema, *, suggestions: bool = True) -> None:
        self._schema = schema
        self._suggestions = suggestions

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """See Engine.execute."""
        if prepared.document is None:
            return ExecutionResult(None, list(prepared.errors))
        return execute(
            self._schema,
            prepared.document,
            context_value=context,
            variable_values=None if variables is None else dict(variables),
            operation_name=operation_name,
            hide_suggestions=not self._suggestions,
        )


class Compiled:
    """Compiles each operation to a program, kept with its document, and runs that.

    What the compiler leaves out (see compile_operation and Program.run) is executed by the reference engine.
    """

    def __init__(self, schema: GraphQLSchema, *, suggestions: bool = True) -> None:
        self._schema = schema
        self._arguments = ArgumentCompiler(schema)
        self._reference = Reference(schema, suggestions=suggestions)

    def execute(
        self, prepared: Prepared, context: Any, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """See Engine.execute."""
        operation = prepared.operations[operation_name]
        program = operation.program
        if program is None:
            program = compile_operation(self._schema, prepared.document, operation.node, self._arguments)
            operation.program = program
        result = None if program is None else program.run(context, variables or {})
        return self._reference.execute(prepared, context, variables, operation_name) if result is None else result


ENGINES: Mapping[str, type[Compiled | Reference]] = {"compiled": Compiled, "reference": Reference}
