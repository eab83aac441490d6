"""Compiles operations to programs.

In: an operation of a valid document. Out: a program, which coerces the variables and executes the operation.
"""

from collections.abc import Mapping
from functools import partial
from types import CoroutineType
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from api.domain.deferred import Deferred, follow
from api.execution.compiler.arguments import ArgumentCompiler
from api.execution.compiler.execution_state import ExecutionState, await_values
from api.execution.compiler.input_coercion import coerce_variables
from api.execution.compiler.selections import FieldWriters, SelectionCompiler, execute_fields, execute_fields_serially

MAX_PLANS = 4  # of one operation, each for other values of the variables in its @skip and @include


class Program:
    """One compiled operation. A plan, the writers of the root fields, is made when it is first needed."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        arguments: ArgumentCompiler,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._arguments = arguments
        self._fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._variables = arguments.coercion.variables(operation)
        names = {node.variable.name.value for node in operation.variable_definitions or ()}
        self._conditions = sorted(_condition_variables(document) & names)
        self._plans: dict[tuple[Any, ...], FieldWriters | None] = {}

    def run(self, context: Any, given: Mapping[str, Any]) -> Any:
        """Return the result, a Deferred or a coroutine of it, or None when graphql-core must execute this request."""
        try:
            variables = coerce_variables(self._variables, given)
        except Exception:  # graphql-core coerces them again and reports what is wrong with them
            return None
        conditions = tuple(map(variables.get, self._conditions))
        if conditions not in self._plans:
            if None in conditions:
                return None  # a condition without a value is an error, which graphql-core reports
            if len(self._plans) == MAX_PLANS:
                return None  # a plan for one execution costs more than graphql-core does
            self._plans[conditions] = self._plan(dict(zip(self._conditions, conditions, strict=True)))
        writers = self._plans[conditions]
        if writers is None:
            return None
        return _execute(self._operation, writers, ExecutionState(context, variables, given, self._variables))

    def _plan(self, conditions: Mapping[str, Any]) -> FieldWriters | None:
        root_type = self._schema.get_root_type(self._operation.operation)
        if root_type is None:
            return None
        values = VariableValues({}, dict(conditions))
        return SelectionCompiler(self._schema, self._fragments, self._operation, values, self._arguments).root(
            root_type
        )


def compile_operation(
    schema: GraphQLSchema,
    document: DocumentNode | None,
    operation: OperationDefinitionNode | None,
    arguments: ArgumentCompiler,
) -> Program | None:
    """Compile an operation; None when graphql-core must execute it: a subscription, or there is none."""
    if document is None or operation is None:
        return None
    is_subscription = operation.operation is OperationType.SUBSCRIPTION
    return None if is_subscription or operation.directives else Program(schema, document, operation, arguments)


def _condition_variables(document: DocumentNode) -> set[str]:
    """Return the names of the variables in @skip and @include."""
    names: set[str] = set()

    class Conditions(Visitor):
        """Collects the variables in directives."""

        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            """@skip and @include are the only ones that a valid document has here."""
            values = [argument.value for argument in node.arguments or ()]
            names.update(value.name.value for value in values if isinstance(value, VariableNode))

    visit(document, Conditions())
    return names


def _execute(operation: OperationDefinitionNode, writers: FieldWriters, state: ExecutionState) -> Any:
    is_mutation = operation.operation is OperationType.MUTATION
    try:
        if is_mutation and len(writers) == 1:
            state.is_alone = True
            [(key, write)] = writers
            value = write(None, state, None)
            if type(value) is Deferred:
                return value.then(lambda value: _result(state, {key: value}), partial(_null_result, state))
            data: Any = {key: value} if type(value) is not CoroutineType else await_values({key: value}, [key])
        elif is_mutation:
            data = execute_fields_serially(writers, state)
        else:
            data = execute_fields(writers, None, state, None)
    except GraphQLError as error:
        return _null_result(state, error)
    if type(data) is dict:
        return _result(state, data)
    return follow(data, partial(_result, state), partial(_null_result, state))


def _result(state: ExecutionState, data: dict[str, Any]) -> ExecutionResult:
    return ExecutionResult(data, list(state.errors.values()) or None)


def _null_result(state: ExecutionState, error: BaseException) -> ExecutionResult:
    """Return the result when an error has reached the root."""
    if not isinstance(error, GraphQLError):
        raise error
    state.add_error(error, None)
    return ExecutionResult(None, list(state.errors.values()))
