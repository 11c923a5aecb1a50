"""Refusals of the eligibility rules, in French because a person reads them."""

from pdp.core.errors import DomainError


class FactError(DomainError):
    """A fact, or the document that carries the facts, is not understood. Nothing was guessed."""

    code = "facts"


class RuleError(DomainError):
    """The condition of a rule is badly written, or names what the vocabulary does not hold."""

    code = "rule-text"
