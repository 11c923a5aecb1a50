"""Restrict the processing of a person (art. 18 RGPD), inform it, then lift the restriction.

Nothing is stored about agreements: while `insured_person.frozen_on` is set, the policy, its SQL twin and row
security open no case of the person to a partner. Lifting it opens what the agreements still in force open.
"""

from dataclasses import dataclass
from datetime import date

from pdp.audit import service as audit
from pdp.cases.models import Case, InsuredPerson
from pdp.cases.queries import get_case
from pdp.cases.rules.view import CaseView
from pdp.cases.service import view_of
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.meetings.service import pulling
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import answers_for
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans, RecipientNews
from pdp.privacy.models import ProcessingFreeze
from pdp.privacy.queries import freezing as queries
from pdp.privacy.service.recipients import tell_recipients

_NOT_YOURS = "Seuls le référent du dossier et le manager de proximité enregistrent ou lèvent cette limitation."
_TWICE = (
    "Le traitement est déjà limité pour cette personne. Ouvrez l’onglet Droits pour voir depuis quand et pourquoi."
)
_STALE = "Cette limitation a changé entre-temps. Rien n’est perdu : rechargez la page, relisez, puis recommencez."
_TELL_FIRST = "La personne doit être informée avant la levée : notez d’abord quand et comment elle l’a été."


@dataclass(frozen=True, slots=True)
class LiftPage:
    """The restriction under way, to lift in two steps."""

    case: CaseView
    freeze: ProcessingFreeze


def may_freeze(actor: Actor, case: Case) -> bool:
    """Tell whether the actor restricts and lifts: who answers for the case."""
    return (
        can(actor, Permission.PROCESSING_FREEZE)
        and not actor.in_emergency
        and answers_for(actor, case.referent_user_id)
    )


def prepare_freeze(actor: Actor, case_id: str) -> CaseView:
    """Open the page that says what a restriction will do. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.PROCESSING_FREEZE)
    with db.transaction(actor):
        case = _case(actor, case_id)
        _refuse_frozen(case)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="freeze.new")
        return view_of(actor, case)


def freeze(actor: Actor, case_id: str, *, ground: FreezeGround, detail: str, asked_on: date) -> None:
    """Restrict the processing of the person of a case, in all its cases, from the next request on.

    What was to come of them in séances is pulled, and who took files out is told not to use them. Raises
    `RuleViolation` when it is restricted already or another answers for the case, `InvalidInput`.
    """
    ensure(actor, Permission.PROCESSING_FREEZE)
    if asked_on > clock.today():
        raise InvalidInput({"asked_on": ["La demande ne peut pas être dans le futur."]})
    with db.transaction(actor):
        case = _case(actor, case_id)
        person = queries.lock_person(case)
        if person.frozen_on is not None:
            raise RuleViolation(_TWICE)
        _set(person, clock.today())
        row = ProcessingFreeze(
            cellule_id=case.cellule_id,
            case_id=case.id,
            ground=ground,
            detail=detail,
            asked_on=asked_on,
            frozen_by_id=actor.user_id,
            frozen_at=clock.now(),
        )
        db.session().add(row)
        db.session().flush()
        for key in queries.case_ids_of(person):
            audit.record(actor, "processing.freeze", case_id=key, subject=row, ground=ground.value)
            pulling.on_processing_restricted(actor, CaseKey(case.cellule_id, key))
            tell_recipients(actor, case.cellule_id, key, RecipientNews.FROZEN)


def prepare_lifting(actor: Actor, case_id: str) -> LiftPage:
    """Open the page that lifts the restriction under way. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.PROCESSING_FREEZE)
    with db.transaction(actor):
        case = _case(actor, case_id)
        found = queries.get_current(case)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="freeze.lift")
        return LiftPage(view_of(actor, case), found)


def announce_lifting(
    actor: Actor, case_id: str, *, version: int, informed_on: date, means: NoticeMeans, reason: str
) -> None:
    """First step: record that the person was told that the restriction will be lifted, and why (art. 18, 3)."""
    ensure(actor, Permission.PROCESSING_FREEZE)
    with db.transaction(actor):
        case, found = _held(actor, case_id, version)
        if found.informed_on is not None:
            raise RuleViolation("L’information de la personne est déjà notée : vous pouvez lever la limitation.")
        if informed_on > clock.today():
            raise InvalidInput({"informed_on": ["Notez l’information une fois qu’elle a été donnée."]})
        if informed_on < found.asked_on:
            raise InvalidInput({"informed_on": [f"La limitation n’a été demandée que le {found.asked_on:%d/%m/%Y}."]})
        found.informed_on, found.informed_means, found.lift_reason = informed_on, means, reason
        found.informed_by_id, found.informed_at = actor.user_id, clock.now()
        found.version += 1
        audit.record(actor, "processing.announce", case_id=case.id, subject=found, means=means.value)


def lift(actor: Actor, case_id: str, *, version: int) -> None:
    """Second step: lift the restriction; agreements still in force share again from the next request on.

    Raises `RuleViolation` while the person was not informed, `Conflict` for a stale page.
    """
    ensure(actor, Permission.PROCESSING_FREEZE)
    with db.transaction(actor):
        case, found = _held(actor, case_id, version)
        if found.informed_on is None:
            raise RuleViolation(_TELL_FIRST)
        person = queries.lock_person(case)
        _set(person, None)
        found.lifted_by_id, found.lifted_at = actor.user_id, clock.now()
        found.version += 1
        db.session().flush()
        for key in queries.case_ids_of(person):
            audit.record(actor, "processing.lift", case_id=key, subject=found)
            tell_recipients(actor, case.cellule_id, key, RecipientNews.LIFTED)


def _case(actor: Actor, case_id: str) -> Case:
    case = get_case(actor, case_id, lock=True)
    if not may_freeze(actor, case):
        raise RuleViolation(_NOT_YOURS)
    return case


def _held(actor: Actor, case_id: str, version: int) -> tuple[Case, ProcessingFreeze]:
    case = _case(actor, case_id)
    try:
        found = queries.get_current(case)
    except NotFound:
        raise RuleViolation("Le traitement n’est pas limité : il n’y a rien à lever.") from None
    if found.version != version:
        raise Conflict(_STALE)
    return case, found


def _refuse_frozen(case: Case) -> None:
    if case.frozen_on is not None:
        raise RuleViolation(_TWICE)


def _set(person: InsuredPerson, day: date | None) -> None:
    person.frozen_on = day
    person.version += 1
