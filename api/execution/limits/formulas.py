"""Formulas: integers that are known when a document is prepared, or functions of its operation's variables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Variables: TypeAlias = Mapping[str, Any]
Formula: TypeAlias = int | Callable[[Variables], int]


def evaluate(formula: Any, variables: Variables) -> Any:
    """Return the value of a formula with these variables; of any other value, the value itself."""
    return formula(variables) if callable(formula) else formula


def total(formulas: Iterable[Formula]) -> Formula:
    """Add formulas up: the constants at once, the others in as few functions as possible."""
    constant, functions = 0, []
    for formula in formulas:
        if callable(formula):
            functions.append(formula)
        else:
            constant += formula
    if not functions:
        return constant
    if len(functions) == 1:
        only = functions[0]
        return (lambda variables: constant + only(variables)) if constant else only
    return lambda variables: constant + sum(function(variables) for function in functions)


def product(size: Formula, each: Formula) -> Formula:
    """Multiply two formulas."""
    if not callable(each):
        return (lambda variables: size(variables) * each) if callable(size) else size * each
    if not callable(size):
        return lambda variables: size * each(variables)
    return lambda variables: size(variables) * each(variables)
