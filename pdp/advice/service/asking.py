"""Put a question to organisations, give them more time, take a question back."""

from collections.abc import Collection, Sequence
from datetime import date

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.advice import queries
from pdp.advice.enums import AskAct
from pdp.advice.models import AdviceAsk, AdvicePiece, AdviceRound
from pdp.advice.rules import standing as rules
from pdp.advice.rules.view import Asking
from pdp.advice.service.reading import facts_of_ask, is_revealed, link_to, may_ask, subject_of
from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.core.errors import Forbidden, InvalidInput
from pdp.documents.enums import Spread
from pdp.documents.models import Document
from pdp.documents.queries import list_documents
from pdp.documents.rules.access import opens
from pdp.documents.service.access import facts_of, reader_of
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import PARTNER_ROLES
from pdp.requests import queries as requests
from pdp.requests.models import DispositifRequest
from pdp.requests.service import access as request_access


def prepare(actor: Actor, request_id: str) -> Asking:
    """Return what the form of a question offers, with one journal entry. Raises `NotFound`, `Forbidden`."""
    ensure(actor, Permission.ADVICE_ASK)
    with db.transaction(actor):
        request = _to_ask(actor, request_id)
        audit.record(actor, "request.read", case_id=request.case_id, subject=request, part="advice")
        pieces = tuple(map(link_to, _joinable(actor, request.case)))
        organisations = [(found.public_id, found.short_name) for found in _addressees(request.case)]
        return Asking(subject_of(actor, request), tuple(organisations), pieces)


def ask(
    actor: Actor,
    request_id: str,
    *,
    question: str,
    organisations: Collection[str],
    due_on: date,
    pieces: Collection[str] = (),
) -> str:
    """Put a question to organisations that already share the request; return the round's public id.

    Raises `InvalidInput` for an organisation without an agreement in force or an impossible day.
    """
    ensure(actor, Permission.ADVICE_ASK)
    with db.transaction(actor) as session:
        request = _to_ask(actor, request_id, lock=True)
        rules.check_round(question, organisations, due_on, clock.today())
        chosen = _chosen(organisations, _addressees(request.case))
        found = AdviceRound(
            cellule_id=request.cellule_id,
            case_id=request.case_id,
            request_id=request.id,
            question=question,
            due_on=due_on,
            asked_by_id=actor.user_id,
            asked_at=clock.now(),
        )
        session.add(found)
        session.flush()
        asks = [_ask(found, organisation) for organisation in chosen]
        session.add_all(asks)
        session.add_all(_joined(found, pieces, _joinable(actor, request.case)))
        session.flush()
        for each in asks:
            _tell(each, NoticeKind.ADVICE_ASKED)
        audit.record(actor, "advice.ask", case_id=request.case_id, subject=found, asked=len(asks))
        return found.public_id


def extend(actor: Actor, round_id: str, *, version: int, due_on: date) -> str:
    """Give the organisations of a round more time; return the public id of the request.

    Raises `RuleViolation` once the time is up, `Conflict` on a stale page.
    """
    ensure(actor, Permission.ADVICE_ASK)
    with db.transaction(actor):
        found = queries.get_round(actor, round_id, lock=True)
        _ensure_asks(actor, found.request)
        request_access.ensure_fresh(found, version)
        rules.ensure_extensible(found.due_on, clock.today())
        rules.check_extension(due_on, found.due_on, clock.today())
        found.due_on = due_on
        found.version += 1
        audit.record(actor, "advice.extend", case_id=found.case_id, subject=found)
        return found.request.public_id


def revoke(actor: Actor, ask_id: str, *, version: int) -> str:
    """Take back a question not yet answered: the organisation no longer finds it from its next request on."""
    ensure(actor, Permission.ADVICE_ASK)
    with db.transaction(actor):
        found, asked = queries.get_round_of_ask(actor, ask_id, lock=True)
        _ensure_asks(actor, found.request)
        state = rules.state_of(facts_of_ask(asked), found.due_on, clock.today())
        rules.ensure_may(AskAct.REVOKE, state, revealed=is_revealed(found))
        request_access.ensure_fresh(asked, version)
        asked.revoked_at = clock.now()
        asked.version += 1
        _tell(asked, NoticeKind.ADVICE_REVOKED, link="/")
        audit.record(actor, "advice.revoke", case_id=found.case_id, subject=asked)
        return found.request.public_id


def _to_ask(actor: Actor, request_id: str, *, lock: bool = False) -> DispositifRequest:
    request = requests.get_request(actor, request_id, lock=lock)
    request_access.ensure_case_open(request.case)
    _ensure_asks(actor, request)
    return request


def _ensure_asks(actor: Actor, request: DispositifRequest) -> None:
    if not may_ask(actor, request):
        raise Forbidden(Permission.ADVICE_ASK)


def _addressees(case: Case) -> list[Organisation]:
    """Return the organisations that an agreement in force lets read the request, each once."""
    facts, today = case_facts(case), clock.today()
    if facts.frozen:
        return []
    found: dict[int, Organisation] = {}
    for agreement, judged in zip(case.agreements, facts.agreements, strict=True):
        named = not facts.restricted or agreement.organisation_id in facts.reader_organisations
        if named and judged.in_force(today) and Label.REQUEST in judged.labels:
            found[agreement.organisation_id] = agreement.organisation
    return list(found.values())


def _joinable(actor: Actor, case: Case) -> Sequence[Document]:
    """Return the pieces that the actor opens and that partners may be shown."""
    reader = reader_of(actor, case)
    return [
        piece
        for piece in list_documents(case, reader)
        if piece.spread is Spread.AGREED and opens(reader, facts_of(piece))
    ]


def _chosen(wanted: Collection[str], offered: Sequence[Organisation]) -> list[Organisation]:
    found = [organisation for organisation in offered if organisation.public_id in wanted]
    if len(found) < len(set(wanted)):
        raise InvalidInput(
            {"organisations": ["Un organisme choisi n’a plus d’accord de partage en vigueur pour cette demande."]}
        )
    return found


def _joined(found: AdviceRound, wanted: Collection[str], offered: Sequence[Document]) -> list[AdvicePiece]:
    known = {piece.public_id: piece.id for piece in offered}
    unknown = set(wanted) - set(known)
    if unknown:
        raise InvalidInput({"pieces": ["Une pièce choisie n’est plus disponible. Rechargez la page."]})
    return [
        AdvicePiece(
            cellule_id=found.cellule_id, case_id=found.case_id, round_id=found.id, document_id=known[public_id]
        )
        for public_id in sorted(set(wanted))
    ]


def _ask(found: AdviceRound, organisation: Organisation) -> AdviceAsk:
    return AdviceAsk(
        cellule_id=found.cellule_id, case_id=found.case_id, round_id=found.id, organisation_id=organisation.id
    )


def _tell(asked: AdviceAsk, kind: NoticeKind, link: str | None = None) -> None:
    people = [
        member.user_id
        for member in accounts.list_people(asked.cellule_id, clock.today())
        if member.organisation_id == asked.organisation_id and member.role in PARTNER_ROLES
    ]
    notifications.notify(
        people,
        kind,
        cellule_id=asked.cellule_id,
        case_id=asked.case_id,
        link=link or f"/avis-demandes/{asked.public_id}",
    )
