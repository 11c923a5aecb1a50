"""The demo's pieces, from `seeds/demo/documents.yaml`: letters set by typst, added through the services."""

from datetime import UTC
from io import BytesIO
from typing import Any

from sqlalchemy import select

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.core.french import day
from pdp.core.typeset import typeset
from pdp.demo.moments import Moments
from pdp.demo.people import People, seed
from pdp.documents import queries, service
from pdp.documents.enums import About, PaperKind, ReviewDecision, Spread
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest, RequiredPiece

_NOTICE = "Document fictif, fait pour la démonstration."


def load_documents(people: People, moments: Moments, cases: dict[str, Case], requests: dict[str, str]) -> None:
    """Add each piece of the seed file on its day, and accept those that a referent accepted."""
    for letter in seed("documents"):
        author = people.actor(letter["by"])
        case = cases[letter["case"]]
        with clock.acting_at(moments.at(letter["day"], 15)):
            answered = _piece(author, requests, letter["answers"]) if "answers" in letter else None
            added = service.add_document(
                author,
                case.public_id,
                title_kind=PaperKind(letter["kind"]),
                stream=BytesIO(_letter(people, moments, letter)),
                file_name="piece.pdf",
                label=Label(letter["label"]) if "label" in letter else None,
                precision=letter.get("precision", ""),
                about=About.PIECE if answered else None,
                about_ref=answered,
            )
        if "accepted_by" in letter:
            with clock.acting_at(moments.at(letter["day"], 17)):
                _accept(people.actor(letter["accepted_by"]), added.public_id)


def _letter(people: People, moments: Moments, letter: dict[str, Any]) -> bytes:
    author = people.users[letter["by"]]
    content = {
        "title": letter["title"],
        "sender": f"Remis par {author.full_name}, {author.job_title}",
        "place": f"Le {day(moments.on(letter['day']))}",
        "text": letter["text"],
        "notice": _NOTICE,
    }
    return typeset("letter.typ", content, moments.at(letter["day"], 15).astimezone(UTC))


def _piece(actor: Actor, requests: dict[str, str], answers: list[str]) -> str:
    key, kind = answers
    with db.reading(actor) as session:
        found: str = session.scalars(
            select(RequiredPiece.public_id)
            .join(DispositifRequest, DispositifRequest.id == RequiredPiece.request_id)
            .where(DispositifRequest.public_id == requests[key], RequiredPiece.kind == kind)
        ).one()
    return found


def _accept(referent: Actor, document_id: str) -> None:
    with db.reading(referent):
        document = queries.find_document(referent, document_id)
    service.review(
        referent,
        document_id,
        version=document.version,
        decision=ReviewDecision.ACCEPT,
        label=document.label,
        spread=Spread.AGREED,
    )
