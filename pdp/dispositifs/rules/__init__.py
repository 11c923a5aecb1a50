"""The eligibility rules, pure: conditions, facts, evaluation and its words."""

from pdp.dispositifs.rules.checking import check
from pdp.dispositifs.rules.contract import assess_all
from pdp.dispositifs.rules.errors import FactError, RuleError
from pdp.dispositifs.rules.evaluate import evaluate, evaluate_groups
from pdp.dispositifs.rules.explain import undecided_sentence
from pdp.dispositifs.rules.facts import UNKNOWN, Facts, parse_facts
from pdp.dispositifs.rules.language import parse
from pdp.dispositifs.rules.model import Assessment, Divergence, Rule, RuleResult, RuleSet
from pdp.dispositifs.rules.syntax import render

__all__ = [
    "UNKNOWN",
    "Assessment",
    "Divergence",
    "FactError",
    "Facts",
    "Rule",
    "RuleError",
    "RuleResult",
    "RuleSet",
    "assess_all",
    "check",
    "evaluate",
    "evaluate_groups",
    "parse",
    "parse_facts",
    "render",
    "undecided_sentence",
]
