"""An eligibility as it is kept and shown again: one finding per rule, whatever becomes of the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.dispositifs.enums import (
    AgreementKind,
    AgreementState,
    Basis,
    Cause,
    Dispositif,
    Doctrine,
    DocumentKind,
    DocumentState,
    RuleDoctrine,
    StatusGroup,
    Verdict,
)
from pdp.dispositifs.rules import Assessment, Facts, RuleSet
from pdp.dispositifs.rules.syntax import paths_of
from pdp.dispositifs.rules.vocabulary import VOCABULARY

_AGREEMENT, _DOCUMENT = "agreement.", "document."
_AGREEMENTS = {
    AgreementKind.ATTENDING: "l’accord du médecin traitant",
    AgreementKind.ADVISER: "l’accord du médecin-conseil",
    AgreementKind.OCCUPATIONAL: "l’accord du médecin du travail",
    AgreementKind.EMPLOYER: "l’accord de l’employeur",
    AgreementKind.HOST_COMPANY: "l’accord de l’entreprise d’accueil",
}
_DOCUMENTS = {
    DocumentKind.TRIAL_CONVENTION: "la convention d’essai encadré",
    DocumentKind.CRPE_CONVENTION: "la convention de rééducation signée",
    DocumentKind.SECONDMENT_AGREEMENT: "la convention de mise à disposition",
    DocumentKind.CONTRACT_AMENDMENT: "l’avenant au contrat de travail",
    DocumentKind.TRAINING_PLAN: "le programme de rééducation ou de formation",
    DocumentKind.TPT_PRESCRIPTION: "la prescription de temps partiel thérapeutique",
    DocumentKind.BOETH_RECEIPT: "le récépissé de demande de reconnaissance",
    DocumentKind.PMSMP_CONVENTION: "la convention de mise en situation",
}
_SHARED_WITH = "measure.orgs_needed"
_PARTNERS = {
    "spst": "le service de prévention et de santé au travail",
    "cap_emploi": "Cap emploi",
    "comete": "Comète",
    "mdph": "la MDPH",
    "oeth": "l’OETH",
}
_OTHERS = {
    "insured.request": "la demande écrite de l’assuré",
    "social_evaluation.done": "l’évaluation globale par le service social",
    "request.author": "une demande qui émane de l’assuré",
    "trial.tutor_name": "le nom du tuteur dans l’entreprise",
    "pmsmp.objects": "l’objet unique de la mise en situation",
}


def piece_phrase(kind: str) -> str:
    """Return how a sentence names a required agreement or document: « l’accord du médecin-conseil »."""
    return _AGREEMENTS.get(kind) or _DOCUMENTS[kind]  # type: ignore[call-overload, index]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule answered. `facts` names the facts it read, `missing` the pieces it waits for."""

    id: str
    version: str
    verdict: Verdict
    reason: str
    source: str
    basis: Basis
    doctrine: RuleDoctrine
    cause: Cause | None
    facts: frozenset[str]
    missing: tuple[str, ...]
    undecided: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rule is satisfied."""
        return self.verdict is Verdict.PASS

    @property
    def sentence(self) -> str:
        """What to read first: the facts to state when they are not known, else the reason.

        The reason of a rule says what is wrong when it fails: nothing is, as long as nobody knows.
        """
        if _SHARED_WITH in self.facts and self.missing:
            return f"Il manque {self.missing[0]}."
        if self.cause is not Cause.UNKNOWN or not self.undecided or self.verdict is Verdict.PIECE_MANQUANTE:
            return self.reason
        return f"À renseigner : {_labels(self.undecided)}."

    @property
    def point(self) -> str:
        """What the rule is about, to name a rule that is satisfied."""
        text = _labels(sorted(self.facts))
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Divergence:
    """The two doctrines conclude differently."""

    regional: Verdict
    law: Verdict
    explanation: str

    def under_other(self, doctrine: Doctrine) -> Verdict:
        """Return what the doctrine that the cellule does not follow concludes."""
        return self.law if doctrine is Doctrine.REGIONAL else self.regional


@dataclass(frozen=True, slots=True)
class GroupFindings:
    """The eligibility of a request for one status group."""

    dispositif: Dispositif
    group: StatusGroup
    verdict: Verdict
    explanation: str
    doctrine: Doctrine
    evaluated_on: date
    substance_on: date
    findings: tuple[Finding, ...]
    divergence: Divergence | None

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The rules that did not pass, the gravest first."""
        found = [finding for finding in self.findings if not finding.passed]
        return tuple(sorted(found, key=lambda finding: finding.verdict.gravity, reverse=True))

    @property
    def passed(self) -> tuple[Finding, ...]:
        """The rules that are satisfied."""
        return tuple(finding for finding in self.findings if finding.passed)


def to_stored(assessment: Assessment, ruleset: RuleSet, facts: Facts) -> dict[str, Any]:
    """Return all that is kept of an assessment: every rule with its facts and the pieces it waits for."""
    needs = {rule.id: paths_of(rule.need) for rule in ruleset.rules}
    stored = assessment.to_snapshot()
    for rule in stored["rules"]:
        paths = needs[rule["id"]]
        waits = rule["verdict"] == Verdict.PIECE_MANQUANTE
        rule["facts"] = sorted(paths)
        rule["missing"] = list(_missing(paths, facts)) if waits else []
    return stored


def read_stored(results: Iterable[Mapping[str, Any]]) -> tuple[GroupFindings, ...]:
    """Read back what `to_stored` wrote."""
    return tuple(_read_group(result) for result in results)


def _read_group(stored: Mapping[str, Any]) -> GroupFindings:
    divergence = stored["divergence"]
    return GroupFindings(
        dispositif=Dispositif(stored["dispositif"]),
        group=StatusGroup(stored["status_group"]),
        verdict=Verdict(stored["verdict"]),
        explanation=stored["explanation"],
        doctrine=Doctrine(stored["doctrine"]),
        evaluated_on=date.fromisoformat(stored["evaluated_on"]),
        substance_on=date.fromisoformat(stored["substance_on"]),
        findings=tuple(_read_finding(rule) for rule in stored["rules"]),
        divergence=divergence
        and Divergence(Verdict(divergence["regional"]), Verdict(divergence["law"]), divergence["explanation"]),
    )


def _read_finding(stored: Mapping[str, Any]) -> Finding:
    return Finding(
        id=stored["id"],
        version=stored["version"],
        verdict=Verdict(stored["verdict"]),
        reason=stored["reason"],
        source=stored["source"],
        basis=Basis(stored["basis"]),
        doctrine=RuleDoctrine(stored["doctrine"]),
        cause=Cause(stored["cause"]) if stored["cause"] else None,
        facts=frozenset(stored["facts"]),
        missing=tuple(stored["missing"]),
        undecided=tuple(stored["undecided"]),
    )


def _labels(paths: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(_label(path) for path in paths if path in VOCABULARY))


def _label(path: str) -> str:
    if path.startswith(_AGREEMENT):
        return _AGREEMENTS[AgreementKind(path.removeprefix(_AGREEMENT))].removeprefix("l’")
    if path.startswith(_DOCUMENT):
        return (
            _DOCUMENTS[DocumentKind(path.removeprefix(_DOCUMENT))]
            .removeprefix("la ")
            .removeprefix("le ")
            .removeprefix("l’")
        )
    return VOCABULARY[path].label


def _missing(paths: Iterable[str], facts: Facts) -> Iterable[str]:
    for path in sorted(paths):
        if path.startswith(_AGREEMENT) and facts.get(path) != AgreementState.GIVEN:
            yield _AGREEMENTS[AgreementKind(path.removeprefix(_AGREEMENT))]
        elif path.startswith(_DOCUMENT) and facts.get(path) != DocumentState.PRESENT:
            yield _DOCUMENTS[DocumentKind(path.removeprefix(_DOCUMENT))]
        elif path == _SHARED_WITH:
            yield f"l’accord de l’assuré au partage avec {_unshared(facts)}"
        elif path in _OTHERS:
            yield _OTHERS[path]


def _unshared(facts: Facts) -> str:
    needed = facts.get(_SHARED_WITH)
    kinds = needed if isinstance(needed, tuple) else ()
    return " et ".join(_PARTNERS.get(kind, kind) for kind in kinds if facts.sharing_with(kind) != "GIVEN")
