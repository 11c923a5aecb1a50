"""The register of requests: record one, follow its deadline, answer or refuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pdp.accounts.queries import get_cellule, list_people
from pdp.accounts.service.upkeep import in_each_cellule
from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.cases.queries import get_case, list_answerers
from pdp.core import clock, db
from pdp.core.calendar import Territory
from pdp.core.errors import Conflict, InvalidInput, NotFound
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role
from pdp.privacy.enums.register import (
    AnswerMeans,
    Channel,
    ExtensionReason,
    IdentityProof,
    RefusalReason,
    RequestState,
    RightKind,
)
from pdp.privacy.models import RightsRequest
from pdp.privacy.queries import register as queries
from pdp.privacy.queries.register import RequestRow
from pdp.privacy.rules.deadline import RequestDates, deadline, extension_limit
from pdp.privacy.rules.register import OVER, REMIND, Act, RequestFacts, ensure_in_order, ensure_open, open_acts
from pdp.privacy.service.pack_access import PackSummary, summary_of

_STALE = "Quelqu’un a avancé cette demande depuis que vous avez ouvert la page. Rien n’a été enregistré : relisez-la."


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request as its page shows it: the acts open to the reader, and until when it may be extended."""

    request: RightsRequest
    case_reference: str | None
    case_public_id: str | None
    acts: frozenset[Act]
    extension_limit: date | None
    pack: PackSummary | None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register."""

    rows: Sequence[RequestRow]
    following: str | None


def list_register(actor: Actor, *, over: bool = False, after: str | None = None) -> RegisterPage:
    """Return a page of the register; one journal entry."""
    ensure(actor, Permission.RIGHTS_REGISTER)
    with db.transaction(actor):
        rows, following = queries.list_register(actor, over=over, after=after)
        audit.record(actor, "rights.list", over=over, count=len(rows))
    return RegisterPage(rows, following)


def record_request(
    actor: Actor,
    case_id: str | None = None,
    *,
    kind: RightKind,
    channel: Channel,
    received_on: date,
    identity_proof: IdentityProof,
    case_reference: str = "",
) -> str:
    """Write a request in the register; return its public id.

    The person is that of a case: the one given, or the one whose reference was typed; without either the
    person is unknown to the cellule. Raises `InvalidInput` for a reference that is nowhere or a coming date.
    """
    ensure(actor, Permission.RIGHTS_WRITE)
    today = clock.today()
    if received_on > today:
        raise InvalidInput({"received_on": ["Cette date n’est pas encore venue."]})
    with db.transaction(actor) as session:
        case = _case(actor, case_id, case_reference)
        awaited = identity_proof is IdentityProof.AWAITED
        request = RightsRequest(
            cellule_id=actor.cellule_id,
            case_id=case.id if case else None,
            reference=queries.next_reference(actor.cellule_id, received_on.year),
            kind=kind,
            channel=channel,
            received_on=received_on,
            identity_proof=identity_proof,
            identity_asked_on=today if awaited else None,
            state=RequestState.IDENTITY_AWAITED if awaited else RequestState.RECEIVED,
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        request.due_on = deadline(dates_of(request), _territory(actor))
        session.add(request)
        session.flush()
        audit.record(
            actor, "rights.record", case_id=request.case_id, subject=request, kind=kind.value, channel=channel.value
        )
        if case is not None:
            told = set(list_answerers(case, today)) - {actor.user_id}
            notify(request, told, NoticeKind.RIGHTS_RECEIVED)
    return request.public_id


def _case(actor: Actor, case_id: str | None, reference: str) -> Case | None:
    if case_id is not None:
        if actor.role is Role.DPO:
            raise NotFound
        return get_case(actor, case_id)
    if not reference:
        if actor.role not in {Role.DPO, Role.COORDINATEUR}:
            raise NotFound
        return None
    found = queries.find_case(actor, reference)
    if found is None:
        raise InvalidInput({"case_reference": [f"Aucun dossier de la cellule ne porte la référence « {reference} »."]})
    return found


def read_request(actor: Actor, rights_id: str) -> RequestPage:
    """Open a request; one journal entry."""
    ensure(actor, Permission.RIGHTS_READ)
    with db.transaction(actor):
        request = queries.get_request(actor, rights_id)
        page = _page(actor, request)
        audit.record(actor, "rights.read", case_id=request.case_id, subject=request)
    return page


def _page(actor: Actor, request: RightsRequest) -> RequestPage:
    territory = _territory(actor)
    return RequestPage(
        request,
        request.case.reference if request.case else None,
        request.case.public_id if request.case and actor.role is not Role.DPO else None,
        open_acts(facts_of(request), clock.today(), territory),
        extension_limit(dates_of(request), territory),
        summary_of(actor, request),
    )


def list_of_case(actor: Actor, case: Case) -> Sequence[RightsRequest]:
    """Return the requests about a case that the actor may know of; the caller opened and journaled the case."""
    return queries.list_of_case(actor, case.id)


def ask_identity(actor: Actor, rights_id: str, *, version: int, asked_on: date) -> None:
    """Note that a proof of identity was asked: the deadline stands still until it arrives."""
    with db.transaction(actor):
        request = take(actor, rights_id, Act.ASK_IDENTITY, version)
        ensure_in_order(asked_on, request.received_on, clock.today(), "Demandée le")
        request.identity_proof, request.identity_asked_on = IdentityProof.AWAITED, asked_on
        request.state = RequestState.IDENTITY_AWAITED
        _settle(actor, request, "rights.ask_identity")


def identity_given(
    actor: Actor, rights_id: str, *, version: int, given_on: date, identity_proof: IdentityProof
) -> None:
    """Note how the person proved who they are: the deadline runs again."""
    if identity_proof is IdentityProof.AWAITED:
        raise InvalidInput({"identity_proof": ["Dites comment la personne a prouvé son identité."]})
    with db.transaction(actor):
        request = take(actor, rights_id, Act.IDENTITY_GIVEN, version)
        ensure_in_order(given_on, request.identity_asked_on or request.received_on, clock.today(), "Reçue le")
        request.identity_proof, request.identity_given_on = identity_proof, given_on
        request.state = RequestState.RECEIVED
        _settle(actor, request, "rights.identity_given", proof=identity_proof.value)


def extend(actor: Actor, rights_id: str, *, version: int, told_on: date, reason: ExtensionReason) -> None:
    """Take two more months, of which the person was told within the first one (art. 12.3)."""
    with db.transaction(actor):
        request = take(actor, rights_id, Act.EXTEND, version)
        ensure_in_order(told_on, request.received_on, clock.today(), "Personne prévenue le")
        request.extended_on, request.extension_reason = told_on, reason
        _settle(actor, request, "rights.extend", reason=reason.value)


def answer(actor: Actor, rights_id: str, *, version: int, answered_on: date, means: AnswerMeans) -> None:
    """Note that the answer reached the person, when and how."""
    with db.transaction(actor):
        request = take(actor, rights_id, Act.ANSWER, version)
        ensure_in_order(answered_on, request.received_on, clock.today(), "Répondue le")
        request.state, request.closed_on, request.answer_means = RequestState.ANSWERED, answered_on, means
        _settle(actor, request, "rights.answer", means=means.value)


def refuse(
    actor: Actor, rights_id: str, *, version: int, refused_on: date, reason: RefusalReason, remedies_told: bool
) -> None:
    """Note a refusal, its reason, and that the person was told of the remedies: the CNIL, the judge (art. 12.4)."""
    if not remedies_told:
        raise InvalidInput({"remedies_told": ["Un refus doit dire les recours : la CNIL et le juge."]})
    with db.transaction(actor):
        request = take(actor, rights_id, Act.REFUSE, version)
        ensure_in_order(refused_on, request.received_on, clock.today(), "Refusée le")
        request.state, request.closed_on, request.refusal_reason = RequestState.REFUSED, refused_on, reason
        _settle(actor, request, "rights.refuse", reason=reason.value)


def remind_due() -> None:
    """Remind those who answer for a request, a week before its deadline and once it is past."""
    in_each_cellule(_remind)


def _remind(cellule_id: int) -> None:
    today = clock.today()
    rows = queries.list_to_remind(cellule_id, today + REMIND, today)
    for request in rows:
        request.reminded_on = today
        notify(request, answerers_of(request), NoticeKind.RIGHTS_DUE)
    if rows:
        audit.record(None, "rights.remind", count=len(rows))


def answerers_of(request: RightsRequest) -> set[int]:
    """Return who follows a request, by user: who answers for its case, or the coordination."""
    today = clock.today()
    if request.case is not None:
        return set(list_answerers(request.case, today))
    return people_of(request.cellule_id, Role.COORDINATEUR)


def people_of(cellule_id: int, role: Role) -> set[int]:
    """Return the people who hold a role in a cellule today, by user."""
    return {found.user_id for found in list_people(cellule_id, clock.today()) if found.role is role}


def notify(request: RightsRequest, users: set[int], kind: NoticeKind) -> None:
    """Leave a neutral notice that leads to a request."""
    notifications.notify(users, kind, cellule_id=request.cellule_id, link=f"/droits/{request.public_id}")


def take(actor: Actor, rights_id: str, act: Act, version: int | None) -> RightsRequest:
    """Return a request, locked, when the act is open and the form fresh."""
    ensure(actor, Permission.RIGHTS_WRITE)
    request = queries.get_request(actor, rights_id, lock=True)
    if version is not None and request.version != version:
        raise Conflict(_STALE)
    ensure_open(facts_of(request), act, clock.today(), _territory(actor))
    return request


def dates_of(request: RightsRequest) -> RequestDates:
    """Return what the deadline of a request depends on."""
    return RequestDates(
        request.received_on, request.identity_asked_on, request.identity_given_on, request.extended_on is not None
    )


def facts_of(request: RightsRequest) -> RequestFacts:
    """Return what decides of the acts on a request."""
    return RequestFacts(request.kind, request.state, dates_of(request), request.case_id is not None)


def _settle(actor: Actor, request: RightsRequest, action: str, **detail: Any) -> None:
    """Compute the deadline again, and journal the act."""
    before = request.due_on
    request.due_on = None if request.state in OVER else deadline(dates_of(request), _territory(actor))
    if request.due_on != before:
        request.reminded_on = None
    request.version += 1
    audit.record(actor, action, case_id=request.case_id, subject=request, **detail)


def _territory(actor: Actor) -> Territory:
    return Territory(get_cellule(actor.cellule_id).territory)
