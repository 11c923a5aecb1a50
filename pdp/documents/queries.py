"""Reads of pieces. A hidden piece is a missing one; the bytes are loaded only where they are opened."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, undefer

from pdp.cases.models import Case
from pdp.cases.queries import visible_to
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.documents.enums import About, ReviewState, ScanState, Spread
from pdp.documents.models import Document, DocumentBody
from pdp.documents.rules.access import Reader
from pdp.policy.actor import Actor


def find_document(actor: Actor, public_id: str, *, lock: bool = False) -> Document:
    """Return a piece of a case that the actor may see, with the case and all that decides who reads it.

    What of it is open to the actor is for `rules.access` to say. Raises `NotFound`.
    """
    found = (
        select(Document)
        .join(Document.case)
        .options(
            contains_eager(Document.case).options(
                joinedload(Case.person),
                joinedload(Case.referent),
                selectinload(Case.agreements).joinedload(SharingAgreement.organisation),
            ),
            joinedload(Document.added_by),
            joinedload(Document.organisation),
            joinedload(Document.former),
        )
        .where(Document.public_id == public_id, visible_to(actor, clock.today()))
    )
    if lock:
        wanted = select(Document.id).where(Document.public_id == public_id, Document.cellule_id == actor.cellule_id)
        db.session().execute(wanted.with_for_update()).one_or_none()
    document = db.session().scalars(found.execution_options(populate_existing=True)).one_or_none()
    if document is None:
        raise NotFound
    return document


def known_to(reader: Reader) -> ColumnElement[bool]:
    """Return the filter over `Document` that is the twin of `rules.access.knows`, on a case got for this reader."""
    own = Document.organisation_id == reader.actor.organisation_id
    accepted = Document.review == ReviewState.ACCEPTED
    spread = Document.spread == Spread.AGREED if reader.actor.is_partner else true()
    examined = Document.review != ReviewState.ACCEPTED if reader.examines else false()
    author = Document.added_by_id == reader.actor.user_id if reader.actor.is_partner else false()
    return or_(
        and_(own, author),
        and_(Document.label.in_(reader.readable), or_(own, and_(accepted, spread), examined)),
    )


def list_documents(case: Case, reader: Reader) -> Sequence[Document]:
    """Return the pieces of a case that the reader may know of, newest first, with who added them."""
    return (
        db.session()
        .scalars(
            select(Document)
            .options(joinedload(Document.added_by), joinedload(Document.organisation))
            .where(Document.cellule_id == case.cellule_id, Document.case_id == case.id, known_to(reader))
            .order_by(Document.id.desc())
        )
        .all()
    )


def list_about(case: Case, reader: Reader, about: About, refs: Collection[str]) -> Sequence[Document]:
    """Return the pieces in force that prove or answer these things, as far as the reader may know of them."""
    return (
        db.session()
        .scalars(
            select(Document)
            .options(joinedload(Document.added_by), joinedload(Document.organisation))
            .where(
                Document.cellule_id == case.cellule_id,
                Document.case_id == case.id,
                Document.about == about,
                Document.about_ref.in_(refs),
                Document.withdrawn_at.is_(None),
                Document.replaced_at.is_(None),
                known_to(reader),
            )
            .order_by(Document.id)
        )
        .all()
    )


def find_body(case: Case, digest: str) -> DocumentBody | None:
    """Return the stored file of the case that has this keyed hash, without its bytes."""
    return (
        db.session()
        .scalars(
            select(DocumentBody).where(
                DocumentBody.cellule_id == case.cellule_id,
                DocumentBody.case_id == case.id,
                DocumentBody.digest == digest,
            )
        )
        .one_or_none()
    )


def get_body(body_id: int, cellule_id: int) -> DocumentBody:
    """Return a stored file with its sealed bytes."""
    wanted = select(DocumentBody).where(DocumentBody.id == body_id, DocumentBody.cellule_id == cellule_id)
    return db.session().scalars(wanted.options(undefer(DocumentBody.sealed))).one()


def list_same_content(case: Case, body: DocumentBody) -> Sequence[Document]:
    """Return the pieces of the case in force that hold this very file."""
    wanted = select(Document).where(
        Document.cellule_id == case.cellule_id,
        Document.case_id == case.id,
        Document.body_id == body.id,
        Document.withdrawn_at.is_(None),
        Document.replaced_at.is_(None),
        Document.review != ReviewState.REFUSED,
    )
    return db.session().scalars(wanted.order_by(Document.id)).all()


def count_of_case(case: Case) -> int:
    """Return how many pieces a case holds, former versions included."""
    wanted = select(func.count()).where(
        Document.cellule_id == case.cellule_id, Document.case_id == case.id, Document.withdrawn_at.is_(None)
    )
    return db.session().scalar(wanted) or 0


def count_of_person(cellule_id: int, user_id: int, since: datetime) -> int:
    """Return how many pieces a person added in the cellule since an instant."""
    wanted = select(func.count()).where(
        Document.cellule_id == cellule_id, Document.added_by_id == user_id, Document.added_at >= since
    )
    return db.session().scalar(wanted) or 0


def is_shared_body(document: Document) -> bool:
    """Tell whether another piece holds the same stored file."""
    other = aliased(Document)
    wanted = select(exists().where(other.body_id == document.body_id, other.id != document.id))
    return bool(db.session().scalar(wanted))


def list_waiting(cellule_id: int, limit: int) -> Sequence[int]:
    """Return the ids of pieces that the antivirus has not answered for, oldest first."""
    wanted = select(Document.id).where(Document.cellule_id == cellule_id, Document.scan == ScanState.WAITING)
    return db.session().scalars(wanted.where(Document.withdrawn_at.is_(None)).order_by(Document.id).limit(limit)).all()


def count_waiting(cellule_id: int) -> int:
    """Return how many pieces of the cellule the antivirus has not answered for."""
    wanted = select(func.count()).where(
        Document.cellule_id == cellule_id, Document.scan == ScanState.WAITING, Document.withdrawn_at.is_(None)
    )
    return db.session().scalar(wanted) or 0


def get_waiting(cellule_id: int, document_id: int, *, lock: bool = False) -> Document | None:
    """Return a piece still waiting for the antivirus, None once it was answered for."""
    wanted = select(Document).where(
        Document.cellule_id == cellule_id, Document.id == document_id, Document.scan == ScanState.WAITING
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(wanted).one_or_none()


# A file that the antivirus found dangerous leaves an empty row: no key opens it, none is needed.
_NOT_EMPTIED = DocumentBody.digest.not_like("destroyed:%")


def count_bodies_by_key(cellule_id: int) -> dict[int, int]:
    """Count the stored files of a cellule by the key that they are sealed under."""
    counted = select(DocumentBody.key_id, func.count()).where(DocumentBody.cellule_id == cellule_id, _NOT_EMPTIED)
    return {row[0]: row[1] for row in db.session().execute(counted.group_by(DocumentBody.key_id))}


def list_bodies_of_other_keys(key_id: int, cellule_id: int, limit: int) -> Sequence[DocumentBody]:
    """Return stored files sealed under another key than this one, with their bytes, locked."""
    return (
        db.session()
        .scalars(
            select(DocumentBody)
            .options(undefer(DocumentBody.sealed))
            .where(DocumentBody.cellule_id == cellule_id, DocumentBody.key_id != key_id, _NOT_EMPTIED)
            .order_by(DocumentBody.id)
            .limit(limit)
            .with_for_update()
        )
        .all()
    )
