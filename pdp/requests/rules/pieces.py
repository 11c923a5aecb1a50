"""Who may record which agreement or document, and what must come with it."""

from dataclasses import dataclass
from datetime import date

from pdp.core.errors import InvalidInput, RuleViolation
from pdp.dispositifs.enums import AgreementKind, DocumentKind
from pdp.policy.roles import Role
from pdp.requests.enums import PieceNature, PieceState

_SOCIAL = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER})
_ANSWERS = frozenset({PieceState.GIVEN, PieceState.REFUSED, PieceState.PRESENT})
STATES: dict[PieceNature, tuple[PieceState, ...]] = {
    PieceNature.AGREEMENT: (PieceState.GIVEN, PieceState.REFUSED, PieceState.MISSING),
    PieceNature.DOCUMENT: (PieceState.PRESENT, PieceState.ABSENT),
}

_OCCUPATIONAL = (
    "L’accord du médecin du travail est enregistré par lui, ou par le service social avec le document reçu."
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who records a piece."""

    role: Role
    is_physician: bool = False


def why_not(writer: Writer, nature: PieceNature, kind: str) -> str | None:
    """Return the sentence that refuses this writer, None when the piece is theirs to record.

    The right to write the label is checked apart: this is the rule by kind, because these facts gate a vote.
    """
    if nature is PieceNature.DOCUMENT:
        return None
    if kind == AgreementKind.ADVISER:
        allowed = writer.role is Role.SERVICE_MEDICAL
        return None if allowed else "Seul le service médical enregistre l’accord du médecin-conseil."
    if kind == AgreementKind.OCCUPATIONAL:
        allowed = writer.role in _SOCIAL or (writer.role is Role.SPST and writer.is_physician)
        return None if allowed else _OCCUPATIONAL
    if writer.role in _SOCIAL:
        return None
    return f"Cet accord ({AgreementKind(kind).label.lower()}) est enregistré par le service social, avec le document."


def must_name_document(writer: Writer, nature: PieceNature, state: PieceState) -> bool:
    """Tell whether the document must be named: somebody else's answer is recorded from a paper."""
    return nature is PieceNature.AGREEMENT and state in _ANSWERS and writer.role in _SOCIAL


def ensure_recordable(
    writer: Writer, nature: PieceNature, kind: str, *, state: PieceState, dated: date | None, comment: str, today: date
) -> None:
    """Refuse a piece that this writer may not record, or that is incomplete.

    Raises `RuleViolation` for the writer, `InvalidInput` for the values.
    """
    refusal = why_not(writer, nature, kind)
    if refusal:
        raise RuleViolation(refusal)
    errors: dict[str, list[str]] = {}
    if state not in STATES[nature]:
        errors["state"] = ["Choisissez une valeur de la liste."]
    if state in _ANSWERS and dated is None:
        errors["dated"] = ["Indiquez la date du document ou de la réponse."]
    if dated is not None and dated > today:
        errors["dated"] = ["Cette date est dans le futur : indiquez la date du document ou de la réponse."]
    if must_name_document(writer, nature, state) and not comment:
        errors["comment"] = ["Nommez le document reçu, par exemple « certificat du 12 mars, versé au dossier »."]
    if errors:
        raise InvalidInput(errors)


def piece_name(nature: PieceNature, kind: str) -> str:
    """Return how a table names a piece: the person who gives the agreement, or the document."""
    return AgreementKind(kind).label if nature is PieceNature.AGREEMENT else DocumentKind(kind).label
