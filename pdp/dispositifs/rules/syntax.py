"""The tree of a rule's condition, and its canonical text."""

from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf

Operator = OneOf["==", "!=", "<", "<=", ">", ">="]
Unit = OneOf["y", "m", "d"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A boolean, a number, a date, or an enumerated value when it is text."""

    value: bool | int | float | date | str


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of a fact, named by its dotted path."""

    path: str


@dataclass(frozen=True, slots=True)
class Count:
    """The number of elements of a list fact."""

    path: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A date fact moved forward by whole years, months or days."""

    path: str
    amount: int
    unit: Unit


Term = Literal | Fact | Count | Shift


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two terms and an operator."""

    left: Term
    operator: Operator
    right: Term


@dataclass(frozen=True, slots=True)
class Membership:
    """A fact is one of the enumerated values."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """A fact is known to be absent (`is null`) or to have a value (`is set`)."""

    path: str
    expected: bool


@dataclass(frozen=True, slots=True)
class Every:
    """The condition holds for each element of a list of organisations."""

    path: str
    condition: "Expression"


@dataclass(frozen=True, slots=True)
class Not:
    """The operand does not hold."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """Each operand holds."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand holds."""

    operands: tuple["Expression", ...]


Expression = Literal | Fact | Comparison | Membership | Presence | Every | Not | And | Or


def render(expression: Expression) -> str:
    """Write an expression in its canonical text, which parses back to an equal tree."""
    match expression:
        case Not(operand):
            return f"not {_wrapped(operand)}"
        case And(operands):
            return " and ".join(_wrapped(operand) for operand in operands)
        case Or(operands):
            return " or ".join(_wrapped(operand) for operand in operands)
        case Every(path, condition):
            return f"every({path}, {render(condition)})"
        case Comparison(left, operator, right):
            return f"{_render_term(left)} {operator} {_render_term(right)}"
        case Membership(path, values):
            return f"{path} in [{', '.join(values)}]"
        case Presence(path, expected):
            return f"{path} is {'set' if expected else 'null'}"
        case _:
            return _render_term(expression)


def _render_term(term: Term) -> str:
    match term:
        case Fact(path):
            return path
        case Count(path):
            return f"count({path})"
        case Shift(path, amount, unit):
            return f"{path} + {amount}{unit}"
        case Literal(value):
            return _render_value(value)


def _wrapped(operand: Expression) -> str:
    text = render(operand)
    return f"({text})" if isinstance(operand, And | Or) else text


def _render_value(value: bool | int | float | date | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def paths_of(expression: Expression | Term) -> frozenset[str]:
    """Return the names of all the facts that an expression reads."""
    match expression:
        case Literal():
            return frozenset()
        case Comparison(left, _, right):
            return paths_of(left) | paths_of(right)
        case Every(path, condition):
            return frozenset({path}) | paths_of(condition)
        case Not(operand):
            return paths_of(operand)
        case And(operands) | Or(operands):
            return frozenset().union(*(paths_of(operand) for operand in operands))
        case _:
            return frozenset({expression.path})
