"""Checking a condition against the vocabulary before it may decide anything."""

from datetime import date

from pdp.dispositifs.rules.errors import RuleError
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
)
from pdp.dispositifs.rules.vocabulary import LIST_KINDS, SHARING, VOCABULARY, FactType, Kind

_ORDERED = frozenset({"<", "<=", ">", ">="})
_NUMBER = FactType(Kind.NUMBER, "nombre")
_DATE = FactType(Kind.DATE, "date")
_BOOLEAN = FactType(Kind.BOOLEAN, "booléen")
_WORD = FactType(Kind.TEXT, "valeur")


def check(expression: Expression, *, inside_every: bool = False) -> None:
    """Raise RuleError when a condition names an unknown fact or value, or compares what cannot be compared."""
    match expression:
        case Not(operand):
            check(operand, inside_every=inside_every)
        case And(operands) | Or(operands):
            for operand in operands:
                check(operand, inside_every=inside_every)
        case Every(path, condition):
            _ensure(not inside_every, "« every » ne s’emboîte pas")
            _ensure(_fact(path).kind is Kind.ORGANISATION_LIST, f"« {path} » n’est pas une liste d’organisations")
            check(condition, inside_every=True)
        case Comparison():
            _check_comparison(expression, inside_every=inside_every)
        case _:
            _check_test(expression)


def _check_test(test: Literal | Fact | Membership | Presence) -> None:
    match test:
        case Literal(value):
            _ensure(isinstance(value, bool), f"« {value} » n’est pas une condition")
        case Fact(path):
            _ensure(_fact(path).kind is Kind.BOOLEAN, f"« {path} » n’est pas vrai ou faux")
        case Membership(path, values):
            _ensure(_fact(path).kind is not Kind.BY_ORGANISATION, f"« {path} » se compare avec « == »")
            for value in values:
                _check_word(path, value)
        case Presence(path):
            _ensure(_fact(path).kind is not Kind.BY_ORGANISATION, f"« {path} » se compare avec « == »")


def _check_comparison(comparison: Comparison, *, inside_every: bool) -> None:
    left, right = _type(comparison.left), _type(comparison.right)
    by_organisation = isinstance(comparison.left, Fact) and comparison.left.path == SHARING
    _ensure(inside_every or not by_organisation, f"« {SHARING} » ne se lit que dans « every »")
    if isinstance(comparison.left, Fact) and right is _WORD and isinstance(comparison.right, Literal):
        _ensure(comparison.operator not in _ORDERED, "une valeur énumérée ne s’ordonne pas")
        _check_word(comparison.left.path, str(comparison.right.value))
        return
    _ensure(left.kind is right.kind, "les deux termes comparés ne sont pas de même nature")
    _ensure(left.kind not in LIST_KINDS, "une liste ne se compare pas")
    if comparison.operator in _ORDERED:
        _ensure(left.kind in {Kind.NUMBER, Kind.DATE}, "seuls les nombres et les dates s’ordonnent")


def _check_word(path: str, value: str) -> None:
    fact = _fact(path)
    _ensure(
        fact.kind is Kind.TEXT or value in fact.values,
        f"« {value} » n’est pas une valeur du fait « {path} »",
    )


def _type(term: Term) -> FactType:
    match term:
        case Fact(path):
            return _fact(path)
        case Count(path):
            _ensure(_fact(path).kind in LIST_KINDS, f"« {path} » n’est pas une liste")
            return _NUMBER
        case Shift(path):
            _ensure(_fact(path).kind is Kind.DATE, f"« {path} » n’est pas une date")
            return _DATE
        case Literal(bool()):
            return _BOOLEAN
        case Literal(date()):
            return _DATE
        case Literal(str()):
            return _WORD
        case _:
            return _NUMBER


def _fact(path: str) -> FactType:
    if path not in VOCABULARY:
        raise RuleError(f"La condition nomme un fait inconnu : « {path} ».")
    return VOCABULARY[path]


def _ensure(condition: bool, message: str) -> None:
    if not condition:
        raise RuleError(f"Condition refusée : {message}.")
