"""The emergency access: read, for sixty minutes and with a reason, one case that one may not open otherwise.

It is for a member of the core, on a restricted case of the cellule or on a case of another cellule. The
referent and the data-protection officer are told at once; every use is in the register and in the journal.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from pdp.accounts import queries as people
from pdp.accounts import service as accounts
from pdp.accounts.models import Cellule
from pdp.accounts.service import EmergencyGrant
from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.models import Case, EmergencyAccess
from pdp.cases.queries import emergency as stored
from pdp.cases.queries.emergency import AccessRow
from pdp.cases.rules import emergency as rules
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service import notify
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.policy.visibility import can_see_case

REGISTER = "/acces-urgence/registre"
_LIMIT = 100
_NOTHING = "Aucun dossier ne s’ouvre avec cette référence dans cette cellule. Vérifiez les deux, puis recommencez."
_WAIT = "Trop d’essais à la suite. Patientez quinze minutes, puis recommencez."
_ALREADY = "Ce dossier vous est déjà ouvert : cherchez-le dans « Dossiers », sans accès d’urgence."
_SHORT = "Dites en une phrase ce qui presse et ce que vous devez lire (30 caractères au moins)."


def list_cellules(actor: Actor) -> Sequence[Cellule]:
    """Return the cellules that a reference may be looked for in, the actor's own first."""
    ensure(actor, Permission.EMERGENCY_USE)
    with db.reading(actor):
        return sorted(stored.list_cellules(), key=lambda cellule: cellule.id != actor.cellule_id)


def open_emergency(actor: Actor, token: str, *, cellule: str, reference: str, reason: str) -> str:
    """Open a case in an emergency, for the sign-in of `token`, and return its public id.

    Raises `InvalidInput` alike for an unknown reference and for one that may not be opened.
    """
    ensure(actor, Permission.EMERGENCY_USE)
    if not rules.is_reasoned(reason):
        raise InvalidInput({"reason": [_SHORT]})
    with db.reading():
        target = next((found for found in stored.list_cellules() if found.public_id == cellule), None)
        waiting = accounts.must_wait_for_emergency(actor)
    case = None if target is None or waiting else _find(replace(actor, cellule_id=target.id), reference.strip())
    if case is None:
        _refuse(actor, waiting)
    reader = replace(actor, cellule_id=case.cellule_id, emergency_case_id=case.id)
    with db.transaction(reader):
        access = _grant(reader, token, case, reason)
        audit.record(reader, "case.emergency", case_id=case.id, subject=access, restricted=access.restricted)
        _tell(case)
    return case.public_id


def end_emergency(actor: Actor, token: str) -> None:
    """Close the access before its time."""
    ensure(actor, Permission.ACCOUNT_USE)
    accounts.end_emergency(token)


def close_access(actor: Actor, access_id: int) -> None:
    """Write when an access ended, in the transaction that ends it."""
    access = stored.find_access(actor.cellule_id, access_id)
    if access is not None and access.ended_at is None:
        access.ended_at = min(clock.now(), access.expires_at)


def read_register(actor: Actor) -> list[AccessRow]:
    """Open the register of the cellule: one entry, with the number of lines."""
    ensure(actor, Permission.EMERGENCY_REVIEW)
    with db.transaction(actor):
        rows = stored.list_accesses(actor.cellule_id, _LIMIT)
        audit.record(actor, "case.emergency.register", count=len(rows))
        return rows


def review_access(actor: Actor, access_id: str, *, comment: str) -> None:
    """Say what was found of an access; once, and never of one's own."""
    ensure(actor, Permission.EMERGENCY_REVIEW)
    with db.transaction(actor):
        access = stored.get_access(actor.cellule_id, access_id)
        if access.user_id == actor.user_id:
            raise RuleViolation("Cet accès est le vôtre : c’est à une autre personne de l’examiner.")
        if access.reviewed_at is not None:
            raise RuleViolation("Cet accès a déjà été examiné. Rechargez la page pour lire ce qui en a été dit.")
        access.reviewed_at, access.reviewed_by_id = clock.now(), actor.user_id
        access.review_comment = comment
        audit.record(actor, "case.emergency.review", case_id=access.case_id, subject=access)


def _find(there: Actor, reference: str) -> Case | None:
    """Return the case of a cellule; refuse in words one that the person may open anyway."""
    with db.reading(there):
        case = stored.find_by_reference(there.cellule_id, reference)
        if case is None:
            return None
        try:
            seen = queries.get_case(there, case.public_id)
        except NotFound:
            seen = None
        home = people.list_memberships(there.user_id, clock.today())
        at_home = any(m.cellule_id == there.cellule_id and m.id == there.membership_id for m in home)
        if at_home and seen is not None and can_see_case(there, queries.case_facts(seen), clock.today()):
            raise RuleViolation(_ALREADY)
        return case


def _refuse(actor: Actor, waiting: bool) -> NoReturn:
    with db.transaction(actor):
        accounts.note_failed_emergency(actor)
        audit.record(actor, "case.emergency", refused=True, throttled=waiting)
    raise InvalidInput({"reference": [_WAIT if waiting else _NOTHING]})


def _grant(reader: Actor, token: str, case: Case, reason: str) -> EmergencyAccess:
    now = clock.now()
    access = EmergencyAccess(
        cellule_id=case.cellule_id,
        case_id=case.id,
        user_id=reader.user_id,
        organisation_id=reader.organisation_id,
        role=reader.role.value,
        restricted=case.restricted_on is not None,
        reason=reason,
        opened_at=now,
        expires_at=rules.ends_at(now),
    )
    db.session().add(access)
    db.session().flush()
    accounts.begin_emergency(
        token, EmergencyGrant(access.id, case.cellule_id, case.id, case.reference, access.expires_at)
    )
    return access


def _tell(case: Case) -> None:
    """Leave a neutral notice to the referent and to the data-protection officers of the case's cellule."""
    held = people.list_people(case.cellule_id, clock.today())
    officers = {row.user_id for row in held if row.role is Role.DPO}
    notify(officers, NoticeKind.EMERGENCY_ACCESS, cellule_id=case.cellule_id, link=REGISTER)
    if case.referent_user_id is not None:
        notify(
            {case.referent_user_id},
            NoticeKind.EMERGENCY_ACCESS,
            cellule_id=case.cellule_id,
            case_id=case.id,
            link=f"/dossiers/{case.public_id}/journal",
        )
