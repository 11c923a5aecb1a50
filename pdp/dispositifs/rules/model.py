"""What the evaluation reads and answers: rules, results, assessments. All of it immutable."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pdp.dispositifs.enums import Basis, Cause, Dispositif, Doctrine, RuleDoctrine, StatusGroup, Verdict
from pdp.dispositifs.rules.syntax import Expression, render


@dataclass(frozen=True)
class Rule:
    """One eligibility rule. `dispositif` or `group` None: it applies to all of them."""

    id: str
    dispositif: Dispositif | None
    group: StatusGroup | None
    need: Expression
    fail: Verdict
    unknown: Verdict
    reason: str
    source: str
    basis: Basis
    doctrine: RuleDoctrine
    valid_from: date | None
    valid_to: date | None
    edition: str

    @property
    def is_document_rule(self) -> bool:
        """Whether the rule is about a piece of the file, hence taken on the day of the evaluation."""
        return self.fail is Verdict.PIECE_MANQUANTE

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the rule's whole content but its edition: two equal fingerprints decide alike."""
        validity = [str(self.valid_from), str(self.valid_to)]
        decision = [render(self.need), self.fail, self.unknown, self.basis, self.doctrine]
        return _digest([self.id, self.dispositif, self.group, *decision, self.reason, self.source, *validity])

    @cached_property
    def version(self) -> str:
        """The edition and the beginning of the fingerprint, kept with each past verdict."""
        return f"{self.edition}-{self.fingerprint[:8]}"

    def is_in_force(self, day: date) -> bool:
        """Say whether the rule runs on a day; both its dates are included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def decides_under(self, doctrine: Doctrine) -> bool:
        """Say whether the rule decides in a cellule of that doctrine."""
        return self.doctrine in (RuleDoctrine.ANY, RuleDoctrine(doctrine.value))


@dataclass(frozen=True)
class RuleSet:
    """All the rules, in the order in which they are shown."""

    rules: tuple[Rule, ...]

    @cached_property
    def version(self) -> str:
        """SHA-256 over all the rules' versions, stored with a snapshot."""
        return _digest([rule.version for rule in self.rules])

    def for_measure(self, dispositif: Dispositif, group: StatusGroup) -> tuple[Rule, ...]:
        """Return the rules of a dispositif for a status group, the common ones included."""
        return tuple(
            rule for rule in self.rules if rule.dispositif in (None, dispositif) and rule.group in (None, group)
        )


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule answered. `cause` is None when it passed; `undecided` names the facts to state."""

    id: str
    version: str
    verdict: Verdict
    reason: str
    source: str
    basis: Basis
    doctrine: RuleDoctrine
    cause: Cause | None
    undecided: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule is satisfied."""
        return self.verdict is Verdict.PASS

    def to_json(self) -> dict[str, Any]:
        """Return the result as the eligibility contract prints it."""
        return {
            "id": self.id,
            "version": self.version,
            "verdict": self.verdict.value,
            "reason": self.reason,
            "source": self.source,
            "basis": self.basis.value,
            "doctrine": self.doctrine.value,
        }


@dataclass(frozen=True, slots=True)
class Divergence:
    """The two doctrines conclude differently; `explanation` says why, with the sources."""

    regional: Verdict
    law: Verdict
    explanation: str

    def to_json(self) -> dict[str, Any]:
        """Return the divergence as the eligibility contract prints it."""
        return {"regional": self.regional.value, "law": self.law.value, "explanation": self.explanation}


@dataclass(frozen=True, slots=True)
class Assessment:
    """The eligibility of a person, under one status group, for one dispositif, on one day.

    `rules` holds the rules that decided under the doctrine, passed or not, in the order of the rule set;
    `substance_on` is the day at which the rules of substance were taken.
    """

    dispositif: Dispositif
    status_group: StatusGroup
    verdict: Verdict
    rules: tuple[RuleResult, ...]
    divergence: Divergence | None
    doctrine: Doctrine
    evaluated_on: date
    substance_on: date
    ruleset_version: str
    explanation: str

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """The rules that did not pass, the gravest first."""
        return tuple(sorted((r for r in self.rules if not r.passed), key=lambda r: r.verdict.gravity, reverse=True))

    def with_verdict(self, verdict: Verdict) -> tuple[RuleResult, ...]:
        """Return the rules that answered `verdict`, in order."""
        return tuple(result for result in self.rules if result.verdict is verdict)

    def to_json(self, *, all_rules: bool = False) -> dict[str, Any]:
        """Return the assessment as the eligibility contract prints it; `all_rules` adds those that passed."""
        return {
            "dispositif": self.dispositif.value,
            "status_group": self.status_group.value,
            "verdict": self.verdict.value,
            "rules": [result.to_json() for result in self.rules if all_rules or not result.passed],
            "divergence": self.divergence.to_json() if self.divergence else None,
        }

    def to_snapshot(self) -> dict[str, Any]:
        """Return all that is needed to show this assessment again, whatever becomes of the rules."""
        return self.to_json(all_rules=True) | {
            "doctrine": self.doctrine.value,
            "evaluated_on": self.evaluated_on.isoformat(),
            "substance_on": self.substance_on.isoformat(),
            "ruleset_version": self.ruleset_version,
            "explanation": self.explanation,
            "rules": [
                result.to_json() | {"cause": result.cause and result.cause.value, "undecided": list(result.undecided)}
                for result in self.rules
            ],
        }


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a dispositif from those of its rules: the gravest, `eligible` if all passed."""
    gravest = max(verdicts, key=lambda verdict: verdict.gravity, default=Verdict.ELIGIBLE)
    return Verdict.ELIGIBLE if gravest is Verdict.PASS else gravest


def _digest(content: list[Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
