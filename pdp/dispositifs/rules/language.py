"""The closed language of rule conditions: text to tree.

    expression  = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation    = "not" negation | "(" expression ")" | every | test
    every       = "every" "(" fact "," expression ")"
    test        = fact "in" "[" value { "," value } "]" | fact "is" ("null" | "set")
                | term operator term | fact | "true" | "false"
    term        = fact [ "+" number ("y" | "m" | "d") ] | "count" "(" fact ")" | number | date | value

A fact begins with a small letter and may be dotted; an enumerated value is in capitals. Nothing is executed.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import cast

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
    Operator,
    Or,
    Presence,
    Shift,
    Term,
    Unit,
)

_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"|(?P<duration>\d{1,4}[ymd]\b)"
    r"|(?P<number>\d+(?:\.\d+)?\b)"
    r"|(?P<fact>[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<value>[A-Z][A-Z0-9_]*\b)"
    r"|(?P<operator>==|!=|<=|>=|<|>)"
    r"|(?P<mark>[()\[\],+])"
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "null", "set", "true", "false", "count", "every"})
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Expression:
    """Parse a condition. Raises RuleError, with the position, when the text is not in the language."""
    return _Parser(text).whole()


def _tokenise(text: str) -> list[_Token]:
    tokens, position = [], 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = _TOKEN.match(text, position)
        if not found or not found.lastgroup:
            raise RuleError(f"Caractère inattendu à la position {position + 1} de la condition « {text} ».")
        kind = "keyword" if found.group() in _KEYWORDS else found.lastgroup
        tokens.append(_Token(kind, found.group(), position))
        position = found.end()
    return [*tokens, _Token("end", "", len(text))]


class _Parser:
    """One pass over the tokens of one condition, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokenise(text)
        self.index = 0
        self.depth = 0

    @property
    def current(self) -> _Token:
        return self.tokens[self.index]

    def whole(self) -> Expression:
        expression = self.expression()
        self.take("end")
        return expression

    def expression(self) -> Expression:
        self.deepen()
        operands = [self.conjunction()]
        while self.accept("or"):
            operands.append(self.conjunction())
        self.depth -= 1
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def conjunction(self) -> Expression:
        operands = [self.negation()]
        while self.accept("and"):
            operands.append(self.negation())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def negation(self) -> Expression:
        if not self.accept("not"):
            return self.primary()
        self.deepen()
        operand = self.negation()
        self.depth -= 1
        return Not(operand)

    def primary(self) -> Expression:
        if self.accept("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.accept("every"):
            self.expect("(")
            path = self.take("fact").text
            self.expect(",")
            condition = self.expression()
            self.expect(")")
            return Every(path, condition)
        return self.test()

    def test(self) -> Expression:
        left = self.term()
        if self.current.kind == "operator":
            operator = cast(Operator, self.take("operator").text)
            return Comparison(left, operator, self.term())
        if isinstance(left, Fact):
            return self.after_fact(left)
        if isinstance(left, Literal) and isinstance(left.value, bool):
            return left
        raise self.refusal("une comparaison")

    def after_fact(self, fact: Fact) -> Expression:
        if self.accept("in"):
            return Membership(fact.path, self.values())
        if not self.accept("is"):
            return fact
        if self.accept("null"):
            return Presence(fact.path, expected=False)
        self.expect("set")
        return Presence(fact.path, expected=True)

    def values(self) -> tuple[str, ...]:
        self.expect("[")
        values = [self.take("value").text]
        while self.accept(","):
            values.append(self.take("value").text)
        self.expect("]")
        return tuple(values)

    def term(self) -> Term:
        token = self.current
        if token.kind == "fact":
            return self.fact()
        if self.accept("count"):
            self.expect("(")
            path = self.take("fact").text
            self.expect(")")
            return Count(path)
        if token.text in {"true", "false"} or token.kind in {"number", "date", "value"}:
            self.index += 1
            return Literal(self.constant(token))
        raise self.refusal("un fait ou une valeur")

    def fact(self) -> Fact | Shift:
        path = self.take("fact").text
        if not self.accept("+"):
            return Fact(path)
        duration = self.take("duration").text
        return Shift(path, int(duration[:-1]), cast(Unit, duration[-1]))

    def constant(self, token: _Token) -> bool | int | float | date | str:
        if token.kind == "keyword":
            return token.text == "true"
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "value":
            return token.text
        try:
            return date.fromisoformat(token.text)
        except ValueError:
            raise RuleError(f"La date « {token.text} » n’existe pas.") from None

    def deepen(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise RuleError("La condition est trop emboîtée.")

    def accept(self, text: str) -> bool:
        if self.current.text != text or self.current.kind not in {"keyword", "mark"}:
            return False
        self.index += 1
        return True

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.refusal(f"« {text} »")

    def take(self, kind: str) -> _Token:
        token = self.current
        if token.kind != kind:
            raise self.refusal(_FRENCH_KINDS[kind])
        self.index += 1
        return token

    def refusal(self, wanted: str) -> RuleError:
        found = f"« {self.current.text} »" if self.current.text else "la fin"
        return RuleError(
            f"Condition « {self.text} » : {wanted} était attendu à la position {self.current.position + 1}, "
            f"et non {found}."
        )


_FRENCH_KINDS = {
    "end": "la fin de la condition",
    "fact": "le nom d’un fait",
    "value": "une valeur énumérée",
    "duration": "une durée (3y, 1m, 10d)",
    "operator": "un opérateur",
}
