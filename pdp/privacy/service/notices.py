"""Record that an information notice was given to the person, and print it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from pdp.accounts import queries as accounts
from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.cases.queries import get_case
from pdp.cases.rules.view import CaseView
from pdp.cases.service import view_of
from pdp.core import clock, db, french
from pdp.core.errors import InvalidInput
from pdp.core.typeset import typeset
from pdp.documents import queries as documents
from pdp.documents.enums import PaperKind, ReviewState
from pdp.documents.models import Document
from pdp.documents.service.access import reader_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure
from pdp.privacy import texts
from pdp.privacy.enums.notices import NoticeMeans, NoticeStanding
from pdp.privacy.models import NoticeGiven
from pdp.privacy.queries import notices as queries
from pdp.privacy.rules.informing import standing

_PROOFS = frozenset({PaperKind.INFORMATION_NOTICE, PaperKind.OTHER})


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """What the form that records a notice opens on: the pieces that may prove it."""

    case: CaseView
    proofs: Sequence[Document]


@dataclass(frozen=True, slots=True)
class PrintedNotice:
    """The file."""

    body: bytes
    file_name: str


def find_alerts(actor: Actor, case: Case) -> Sequence[str]:
    """Answer, for the synthesis of a case, that its person is to be informed: to who records it."""
    if actor.in_emergency or not can(actor, Permission.NOTICE_RECORD):
        return ()
    found = standing(queries.informing_of(case), texts.versions(), clock.today())
    if not found.is_awaited or found.due_on is None:
        return ()
    if found.state is NoticeStanding.NEWER:
        return (f"Une nouvelle version de la notice d’information est à remettre, après la version {found.version}.",)
    words = "devait l’être" if found.is_late(clock.today()) else "doit l’être aujourd’hui,"
    return (f"La notice d’information n’a pas été remise à la personne : elle {words} le {french.day(found.due_on)}.",)


def prepare_notice(actor: Actor, case_id: str) -> NoticeForm:
    """Open the form that records a notice given. Raises `NotFound`."""
    ensure(actor, Permission.NOTICE_RECORD)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="notice.new")
        return NoticeForm(view_of(actor, case), _proofs(actor, case))


def record_notice(
    actor: Actor,
    case_id: str,
    *,
    notice: str,
    given_on: date,
    means: NoticeMeans,
    given_by: str,
    proof: str = "",
) -> None:
    """Record that a version of the notice was given to the person; a line is never changed, another is added.

    `proof` is the public id of a piece of the case. The person is informed even while the processing is
    restricted, or after the end of the case. Raises `InvalidInput`.
    """
    ensure(actor, Permission.NOTICE_RECORD)
    with db.transaction(actor):
        case = get_case(actor, case_id)
        _check(notice, given_on)
        given = NoticeGiven(
            cellule_id=case.cellule_id,
            case_id=case.id,
            notice=notice,
            given_on=given_on,
            means=means,
            given_by=given_by,
            document_id=_proof(actor, case, proof),
            recorded_by_id=actor.user_id,
            recorded_at=clock.now(),
        )
        db.session().add(given)
        audit.record(
            actor, "notice.give", case_id=case.id, subject=given, notice=notice, means=means.value, proof=bool(proof)
        )


def print_notice(actor: Actor, code: str, *, short: bool = False) -> PrintedNotice:
    """Print a version of the notice, whole or in its easy-to-read form. Raises `InvalidInput` for an unknown one."""
    ensure(actor, Permission.NOTICE_PRINT)
    notice = texts.find_notice(code)
    if notice is None:
        raise InvalidInput({"notice": ["Cette version de la notice n’existe pas."]})
    with db.transaction(actor):
        cellule = accounts.get_cellule(actor.cellule_id)
        audit.record(actor, "notice.print", subject=cellule, notice=code, short=short)
        data = {
            "title": notice.title,
            "cellule": cellule.name,
            "caisse": cellule.caisse_name,
            "version": f"Notice {notice.label}",
            "made": {"year": notice.valid_from.year, "month": notice.valid_from.month, "day": notice.valid_from.day},
            "short": list(notice.short),
            "sections": [] if short else [{"title": part.title, "text": part.text} for part in notice.sections],
        }
    body = typeset("information.typ", data, datetime.combine(notice.valid_from, time(), UTC))
    return PrintedNotice(body, f"notice-{code}{'-facile' if short else ''}.pdf")


def _check(code: str, given_on: date) -> None:
    notice = texts.find_notice(code)
    if notice is None:
        raise InvalidInput({"notice": ["Choisissez la version remise dans la liste."]})
    if given_on > clock.today():
        raise InvalidInput({"given_on": ["La notice ne peut pas avoir été remise dans le futur."]})
    if given_on < notice.valid_from:
        raise InvalidInput(
            {"given_on": [f"Cette version n’existe que depuis le {notice.valid_from:%d/%m/%Y} : vérifiez la date."]}
        )


def _proofs(actor: Actor, case: Case) -> Sequence[Document]:
    pieces = documents.list_documents(case, reader_of(actor, case))
    return [
        piece
        for piece in pieces
        if piece.kind in _PROOFS and piece.review is ReviewState.ACCEPTED and piece.withdrawn_at is None
    ]


def _proof(actor: Actor, case: Case, public_id: str) -> int | None:
    if not public_id:
        return None
    for piece in _proofs(actor, case):
        if piece.public_id == public_id:
            return piece.id
    raise InvalidInput({"proof": ["Choisissez une pièce du dossier dans la liste."]})
