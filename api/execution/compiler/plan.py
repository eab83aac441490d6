"""What a valid document becomes: for each of its operations a program, which keeps a plan for each set of conditions."""

from collections.abc import Mapping
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
    get_operation_ast,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from api.execution.compiler.arguments import Arguments
from api.execution.compiler.execution_state import ExecutionState
from api.execution.compiler.selections import Fields, Selections, build, build_serially

MAX_PLANS = 4  # of one operation, each for other values of the variables in its @skip and @include


class Program:
    """One operation of a document. Its plans are made when they are needed."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, arguments: Arguments
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._arguments = arguments
        self._fragments = {
            node.name.value: FragmentDetails(node)
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.variables = arguments.inputs.variables(operation)
        names = {node.variable.name.value for node in operation.variable_definitions or ()}
        self._conditions = sorted(_condition_names(document) & names)
        self._plans: dict[tuple[bool, ...], Fields | None] = {}

    def run(self, context: Any, variables: VariableValues) -> Any:
        """The result, a coroutine of it, or None when graphql-core is to execute this."""
        values: tuple[Any, ...] = tuple(variables.coerced.get(name) for name in self._conditions)
        if any(type(value) is not bool for value in values):
            return None  # a condition without a value is an error, and graphql-core tells it
        if values not in self._plans:
            if len(self._plans) == MAX_PLANS:
                return None  # to plan anew each time would cost more than graphql-core does
            self._plans[values] = self._plan(dict(zip(self._conditions, values, strict=True)))
        fields = self._plans[values]
        return None if fields is None else _run(self._operation, fields, ExecutionState(context, variables))

    def _plan(self, conditions: Mapping[str, Any]) -> Fields | None:
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            return None
        values = VariableValues({}, dict(conditions))
        selections = Selections(self._schema, self._fragments, self._operation, values, self._arguments)
        return selections.root(root)


def program(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, arguments: Arguments
) -> Program | None:
    """The program of an operation; None when it is left to graphql-core: a subscription, or no such operation."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is OperationType.SUBSCRIPTION or operation.directives:
        return None
    return Program(schema, document, operation, arguments)


def _condition_names(document: DocumentNode) -> set[str]:
    """The variables that decide what is selected."""
    names: set[str] = set()

    class Conditions(Visitor):
        """Finds them."""

        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            """@skip and @include are the only ones that a valid document has here."""
            values = [argument.value for argument in node.arguments or ()]
            names.update(value.name.value for value in values if isinstance(value, VariableNode))

    visit(document, Conditions())
    return names


def _run(operation: OperationDefinitionNode, fields: Fields, run: ExecutionState) -> Any:
    if operation.operation is OperationType.MUTATION:
        return _arriving(build_serially(fields, run), run)
    try:
        data = build(fields, None, run, None)
    except GraphQLError as error:
        run.add(error, None)
        data = None
    return _arriving(data, run) if type(data) is CoroutineType else ExecutionResult(data, run.errors or None)


async def _arriving(coming: Any, run: ExecutionState) -> ExecutionResult:
    try:
        data = await coming
    except GraphQLError as error:
        run.add(error, None)
        data = None
    return ExecutionResult(data, run.errors or None)
