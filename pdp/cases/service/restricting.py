"""Restrict a case to its referent and to named readers: a colleague, a relative, a known person.

Everyone else of the cellule gets the answer of a case that does not exist. A partner keeps what its
agreement opens only when its organisation is named too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pdp.accounts import queries as accounts
from pdp.accounts.models import Membership, Organisation
from pdp.audit import service as audit
from pdp.cases import listeners, queries
from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case, CaseReader
from pdp.cases.queries import readers
from pdp.cases.rules.view import CaseView
from pdp.cases.service.access import open_case_only
from pdp.cases.service.reading import view_of
from pdp.consent.rules import grantable
from pdp.consent.service import CaseKey
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import CORE_ROLES, Role

Row = TypeVar("Row", Membership, Organisation)
_NOT_YOURS = "Seuls le référent du dossier et le manager de proximité décident de cette restriction."
_STALE = "Ce dossier a changé entre-temps. Rechargez la page, puis recommencez : rien n’est encore enregistré."


@dataclass(frozen=True, slots=True)
class Restriction:
    """A case with who may be named, and who is. People by public id of membership, bodies by public id."""

    case: CaseView
    restricted_on: date | None
    reason: RestrictionReason | None
    people: Sequence[Membership]
    organisations: Sequence[Organisation]
    named_people: frozenset[str]
    named_organisations: frozenset[str]


def prepare_restriction(actor: Actor, case_id: str) -> Restriction:
    """Open the page that restricts a case, or that changes its readers. Raises `NotFound`, `RuleViolation`."""
    ensure(actor, Permission.CASE_RESTRICT)
    with db.transaction(actor):
        case = queries.get_case(actor, case_id)
        _ensure_decides(actor, case)
        people, organisations = _people(case), _organisations(case)
        users, bodies = readers.current_ids(case)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="restriction")
        return Restriction(
            case=view_of(actor, case),
            restricted_on=case.restricted_on,
            reason=case.restricted_reason,
            people=people,
            organisations=organisations,
            named_people=frozenset(row.public_id for row in people if row.user_id in users),
            named_organisations=frozenset(row.public_id for row in organisations if row.id in bodies),
        )


def restrict_case(
    actor: Actor,
    case_id: str,
    *,
    reason: RestrictionReason,
    people: Collection[str] = (),
    organisations: Collection[str] = (),
    version: int,
) -> None:
    """Restrict a case to its referent and to these readers, or change the readers of a restricted one.

    Who decides stays a reader. Raises `InvalidInput` for an unknown reader, `Conflict`, and
    `RuleViolation` when a séance under preparation would be left with nobody to run it.
    """
    ensure(actor, Permission.CASE_RESTRICT)
    with db.transaction(actor):
        case = _held(actor, case_id, version)
        users = {_one(_people(case), public_id, "people").user_id for public_id in people}
        bodies = {_one(_organisations(case), public_id, "organisations").id for public_id in organisations}
        if actor.user_id != case.referent_user_id:
            users.add(actor.user_id)
        kept = users | ({case.referent_user_id} if case.referent_user_id else set())
        for listener in listeners.case_restricted:
            listener(CaseKey(case.cellule_id, case.id), kept)
        changed = _name(actor, case, users, bodies)
        case.restricted_on = case.restricted_on or clock.today()
        case.restricted_reason = reason
        case.version += 1
        audit.record(
            actor,
            "case.restrict",
            case_id=case.id,
            subject=case,
            reason=reason.value,
            readers=len(users),
            organisations=len(bodies),
            changed=changed,
        )


def lift_restriction(actor: Actor, case_id: str, *, version: int) -> None:
    """Open the case again to the whole core of the cellule, and to the partners with an agreement."""
    ensure(actor, Permission.CASE_RESTRICT)
    with db.transaction(actor):
        case = _held(actor, case_id, version)
        if case.restricted_on is None:
            raise RuleViolation("Ce dossier n’est pas restreint.")
        changed = _name(actor, case, set(), set())
        case.restricted_on, case.restricted_reason = None, None
        case.version += 1
        audit.record(actor, "case.unrestrict", case_id=case.id, subject=case, changed=changed)


def _held(actor: Actor, case_id: str, version: int) -> Case:
    case = open_case_only(queries.get_case(actor, case_id, lock=True))
    _ensure_decides(actor, case)
    if case.version != version:
        raise Conflict(_STALE)
    return case


def _ensure_decides(actor: Actor, case: Case) -> None:
    if actor.role is not Role.MANAGER and actor.user_id != case.referent_user_id:
        raise RuleViolation(_NOT_YOURS)


def _people(case: Case) -> list[Membership]:
    """Return the people of the core who may be named; the referent needs no naming."""
    found = accounts.list_people(case.cellule_id, clock.today())
    return [row for row in found if row.role in CORE_ROLES and row.user_id != case.referent_user_id]


def _organisations(case: Case) -> list[Organisation]:
    return [row for row in accounts.list_organisations(case.cellule_id, clock.today()) if grantable(row.kind)]


def _one(rows: Sequence[Row], public_id: str, field: str) -> Row:
    for row in rows:
        if row.public_id == public_id:
            return row
    raise InvalidInput({field: ["Choisissez dans la liste."]})


def _name(actor: Actor, case: Case, users: set[int], bodies: set[int]) -> int:
    """Make these the readers in force and return how many lines changed; former ones keep their dates."""
    now, changed = clock.now(), 0
    current = readers.list_current(case)
    for row in current:
        if row.user_id not in users and row.organisation_id not in bodies:
            row.ended_at, row.ended_by_id = now, actor.user_id
            changed += 1
    known = {(row.user_id, row.organisation_id) for row in current}
    wanted = {(user, None) for user in users} | {(None, body) for body in bodies}
    for user_id, organisation_id in sorted(wanted - known, key=str):
        db.session().add(
            CaseReader(
                cellule_id=case.cellule_id,
                case_id=case.id,
                user_id=user_id,
                organisation_id=organisation_id,
                named_by_id=actor.user_id,
                named_at=now,
            )
        )
        changed += 1
    return changed
