"""Requests of one case put to the vote one after the other: one favourable makes the others sans objet."""

from collections.abc import Iterable
from dataclasses import dataclass

from pdp.core.errors import RuleViolation
from pdp.core.french import listing
from pdp.meetings.enums import BallotStatus, OpinionCode

FAVOURABLE = (OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another item of the same case that answers the same need."""

    position: int
    name: str
    ballot: BallotStatus | None
    opinion: OpinionCode | None


def without_object(others: Iterable[Alternative]) -> str:
    """Say why an item has no object any more: an alternative received a favourable opinion. Empty otherwise."""
    for other in others:
        if other.opinion in FAVOURABLE:
            return (
                f"La cellule a rendu un avis favorable au point {other.position} ({other.name}), "
                "présenté comme une autre solution : cette demande est sans objet."
            )
    return ""


def why_not_yet(others: Iterable[Alternative]) -> str:
    """Say why an item may not be put to the vote now; empty when it may."""
    known = tuple(others)
    if reason := without_object(known):
        return f"{reason} Enregistrez l’avis « Sans objet », ou séparez d’abord les deux points."
    waiting = [other for other in known if other.ballot is not None and other.opinion is None]
    if waiting:
        points = listing([f"point {other.position}" for other in waiting])
        return f"Une autre solution du même dossier attend son avis ({points}) : enregistrez-le d’abord."
    return ""


def check_alone(former: OpinionCode, code: OpinionCode, others: Iterable[Alternative]) -> None:
    """Refuse to correct an opinion into a second favourable one among alternatives. Raises `RuleViolation`."""
    if code not in FAVOURABLE or former in FAVOURABLE:
        return
    if reason := without_object(others):
        raise RuleViolation(f"{reason} Si c’est cet autre avis qui est inexact, rectifiez-le d’abord.")
