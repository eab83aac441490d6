"""What is an integer that may depend on an operation's variables? One that is known already, or a function of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Variables: TypeAlias = Mapping[str, Any]
Formula: TypeAlias = int | Callable[[Variables], int]


def value(formula: Any, variables: Variables) -> Any:
    """What a formula comes to with these variables."""
    return formula(variables) if callable(formula) else formula


def added(formulas: Iterable[Formula]) -> Formula:
    """The constants added up, and the rest as few functions as there are."""
    constant, varying = 0, []
    for formula in formulas:
        if callable(formula):
            varying.append(formula)
        else:
            constant += formula
    if not varying:
        return constant
    if len(varying) == 1:
        only = varying[0]
        return (lambda variables: constant + only(variables)) if constant else only
    return lambda variables: constant + sum(formula(variables) for formula in varying)


def product(size: Formula, each: Formula) -> Formula:
    """One times the other."""
    if not callable(size) and not callable(each):
        return size * each
    return lambda variables: int(value(size, variables) * value(each, variables))
