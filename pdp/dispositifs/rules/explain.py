"""Verdicts in plain French: one sentence with its figures, and why two doctrines differ."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from pdp.dispositifs.enums import AgreementKind, Dispositif, Doctrine, RuleDoctrine, StatusGroup, Verdict
from pdp.dispositifs.rules.model import RuleResult, worst
from pdp.dispositifs.rules.vocabulary import VOCABULARY


class Named(NamedTuple):
    """How a sentence names a dispositif."""

    indefinite: str
    definite: str
    feminine: bool = False


NAMES: Mapping[Dispositif, Named] = MappingProxyType(
    {
        Dispositif.ESSAI_ENCADRE: Named("un essai encadré", "l’essai encadré"),
        Dispositif.CRPE: Named("une CRPE", "la CRPE", feminine=True),
        Dispositif.TEMPS_PARTIEL_THERAPEUTIQUE: Named(
            "un temps partiel thérapeutique", "le temps partiel thérapeutique"
        ),
        Dispositif.INCLUPRO: Named("un parcours Inclu’Pro", "le parcours Inclu’Pro"),
        Dispositif.BILAN_COMPETENCES: Named("un bilan de compétences", "le bilan de compétences"),
        Dispositif.PMSMP: Named("une PMSMP", "la PMSMP", feminine=True),
        Dispositif.ACTION_REMOBILISATION: Named(
            "une action de remobilisation", "l’action de remobilisation", feminine=True
        ),
    }
)

_BY_AGREEMENT: Mapping[AgreementKind, str] = MappingProxyType(
    {
        AgreementKind.ATTENDING: "le médecin traitant",
        AgreementKind.ADVISER: "le médecin-conseil",
        AgreementKind.OCCUPATIONAL: "le médecin du travail",
        AgreementKind.EMPLOYER: "l’employeur",
        AgreementKind.HOST_COMPANY: "l’entreprise d’accueil",
    }
)


class Judged(Protocol):
    """What a sentence counts: anything that carries a verdict."""

    @property
    def verdict(self) -> Verdict: ...


def lead_sentence(dispositif: Dispositif, group: StatusGroup, verdict: Verdict, rules: Sequence[Judged]) -> str:
    """Return the sentence shown first for a verdict, with its figures."""
    name = NAMES[dispositif]
    if group is StatusGroup.AUTRE:
        return f"Aucune règle ne prévoit {name.indefinite} pour ce statut : la situation est à vérifier."
    count = {each: sum(result.verdict is each for result in rules) for each in Verdict}
    match verdict:
        case Verdict.ELIGIBLE:
            return f"Rien ne s’oppose à {name.indefinite}. {_satisfied(count[Verdict.PASS], len(rules))}"
        case Verdict.PIECE_MANQUANTE:
            opening = f"Rien ne s’oppose à {name.indefinite}, mais {_missing(count)} pour conclure."
        case Verdict.A_VERIFIER:
            also = f" et {_missing(count)}" if count[Verdict.PIECE_MANQUANTE] else ""
            opening = (
                f"{_capital(name.definite)} ne peut pas encore être {_settled(name)} : {_to_verify(count)}{also}."
            )
        case _:
            closed = "ouverte" if name.feminine else "ouvert"
            opening = f"{_capital(name.definite)} n’est pas {closed} dans cette situation : {_opposed(count)}."
    return f"{opening} {_satisfied(count[Verdict.PASS], len(rules))}"


def divergence_explanation(regional: tuple[RuleResult, ...], law: tuple[RuleResult, ...]) -> str:
    """Return what each doctrine concludes, with the gravest of the rules that are its own."""
    return f"{_position(Doctrine.REGIONAL, regional)} {_position(Doctrine.LAW, law)}"


def refusal_reason(refused: Iterable[AgreementKind]) -> str:
    """Return the reason shown when agreements were refused."""
    names = [_BY_AGREEMENT[kind] for kind in AgreementKind if kind in set(refused)]
    listed = " et ".join(names)
    return f"{_capital(listed)} {'a refusé son accord' if len(names) == 1 else 'ont refusé leur accord'}."


def undecided_sentence(result: RuleResult) -> str:
    """Return which facts are to be stated for a rule to be decided; empty when none is."""
    labels = [VOCABULARY[path].label for path in result.undecided]
    return f"À renseigner : {', '.join(labels)}." if labels else ""


def _position(doctrine: Doctrine, results: tuple[RuleResult, ...]) -> str:
    verdict = worst(result.verdict for result in results)
    subject = "La doctrine régionale" if doctrine is Doctrine.REGIONAL else "Le texte de loi"
    own = [r for r in results if r.doctrine is RuleDoctrine(doctrine.value) and not r.passed]
    conclusion = f"{subject} conclut « {verdict.label} »"
    if not own:
        return f"{conclusion}."
    gravest = max(own, key=lambda result: result.verdict.gravity)
    return f"{conclusion} : {_uncapital(gravest.reason.rstrip('.'))} ({gravest.source})."


def _satisfied(passed: int, total: int) -> str:
    if not total:
        return "Aucune règle n’est en vigueur à cette date."
    if passed == total:
        return "La seule règle est satisfaite." if total == 1 else f"Les {total} règles sont satisfaites."
    if not passed:
        return f"Aucune des {total} règles n’est satisfaite."
    return f"{passed} {'règles sont satisfaites' if passed > 1 else 'règle est satisfaite'} sur {total}."


def _missing(count: Mapping[Verdict, int]) -> str:
    pieces = count[Verdict.PIECE_MANQUANTE]
    return f"il manque {pieces} pièce{'s' if pieces > 1 else ''}"


def _to_verify(count: Mapping[Verdict, int]) -> str:
    points = count[Verdict.A_VERIFIER]
    return f"{points} points sont à vérifier" if points > 1 else "1 point est à vérifier"


def _opposed(count: Mapping[Verdict, int]) -> str:
    rules = count[Verdict.INELIGIBLE]
    return f"{rules} règles s’y opposent" if rules > 1 else "1 règle s’y oppose"


def _settled(name: Named) -> str:
    return "tranchée" if name.feminine else "tranché"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapital(text: str) -> str:
    return text[:1].lower() + text[1:]
