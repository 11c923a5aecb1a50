"""Three-valued (Kleene) evaluation of a condition: True, False, or None when the facts do not tell."""

import operator
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from pdp.dispositifs.rules.facts import UNKNOWN, Facts, Value
from pdp.dispositifs.rules.syntax import (
    And,
    Comparison,
    Count,
    Every,
    Expression,
    Fact,
    Literal,
    Membership,
    Not,
    Or,
    Presence,
    Shift,
    Term,
    Unit,
    paths_of,
)
from pdp.dispositifs.rules.vocabulary import SHARING

Truth = bool | None

_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(expression: Expression, facts: Facts, element: str | None = None) -> Truth:
    """Say whether a condition holds; `element` is the organisation at hand inside `every`."""
    match expression:
        case Not(operand):
            return _negated(holds(operand, facts, element))
        case And(operands):
            return _all(holds(operand, facts, element) for operand in operands)
        case Or(operands):
            return _any(holds(operand, facts, element) for operand in operands)
        case Every(path, condition):
            return _every(facts.get(path), condition, facts)
        case _:
            return _test(expression, facts, element)


def _test(test: Literal | Fact | Comparison | Membership | Presence, facts: Facts, element: str | None) -> Truth:
    match test:
        case Literal(constant):
            return constant is True
        case Fact(path):
            return _equal(facts.get(path), True)
        case Comparison(left, operator_, right):
            return _compared(operator_, _value(left, facts, element), _value(right, facts, element))
        case Membership(path, values):
            return _any(_equal(facts.get(path), value) for value in values)
        case Presence(path, expected):
            found = facts.get(path)
            return None if found is UNKNOWN else (found is not None) is expected


def undecided_facts(expression: Expression, facts: Facts) -> tuple[str, ...]:
    """Return the names of the facts to state before the condition can be decided, none when it already is."""
    if holds(expression, facts) is not None:
        return ()
    match expression:
        case And(operands) | Or(operands):
            found = [path for operand in operands for path in undecided_facts(operand, facts)]
            return tuple(dict.fromkeys(found))
        case Not(operand):
            return undecided_facts(operand, facts)
        case Every(path):
            return (path,) if facts.get(path) is UNKNOWN else (SHARING,)
        case _:
            return tuple(path for path in sorted(paths_of(expression)) if facts.get(path) in (UNKNOWN, None))


def shifted(day: date, amount: int, unit: Unit) -> date:
    """Return a date later by whole years, months or days, kept within the month and the calendar's last day."""
    if unit == "d":
        return day + timedelta(days=amount) if amount <= (date.max - day).days else date.max
    months = day.year * 12 + day.month - 1 + amount * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _value(term: Term, facts: Facts, element: str | None) -> Value:
    match term:
        case Literal(value):
            return value
        case Fact(path) if path == SHARING and element is not None:
            return facts.sharing_with(element)
        case Fact(path):
            return facts.get(path)
        case Count(path):
            items = facts.get(path)
            return items if items is UNKNOWN else len(items) if isinstance(items, tuple) else 0
        case Shift(path, amount, unit):
            day = facts.get(path)
            return shifted(day, amount, unit) if isinstance(day, date) else day


def _equal(left: Value, right: Value) -> Truth:
    if left is UNKNOWN or right is UNKNOWN:
        return None
    # A person may have several statuses: the comparison holds as soon as one of them fits.
    return right in left if isinstance(left, tuple) else left == right


def _compared(symbol: str, left: Value, right: Value) -> Truth:
    if symbol == "==":
        return _equal(left, right)
    if symbol == "!=":
        return _negated(_equal(left, right))
    if left in (UNKNOWN, None) or right in (UNKNOWN, None):
        return None
    return _ORDERINGS[symbol](left, right)


def _every(elements: Value, condition: Expression, facts: Facts) -> Truth:
    if elements is UNKNOWN:
        return None
    return _all(holds(condition, facts, element) for element in elements) if isinstance(elements, tuple) else True


def _negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _all(truths: Iterable[Truth]) -> Truth:
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def _any(truths: Iterable[Truth]) -> Truth:
    seen = set(truths)
    return True if True in seen else None if None in seen else False
