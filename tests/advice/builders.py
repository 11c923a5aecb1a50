"""Opinions asked of the base world, written as rows: not through the services under test."""

from datetime import timedelta

from sqlalchemy import select

from pdp.advice.enums import AdviceValue
from pdp.advice.models import AdviceAsk, AdvicePiece, AdviceReply, AdviceRound
from pdp.core import clock, db
from pdp.documents.models import Document
from pdp.requests.models import DispositifRequest
from tests.documents import builders as documents
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add a round on the request of the case `shared`: the SPST has answered, Cap emploi has not."""
    session = db.session()
    request = session.scalars(
        select(DispositifRequest).where(DispositifRequest.public_id == world.request[f"{key}.shared"])
    ).one()
    common = {"cellule_id": request.cellule_id, "case_id": request.case_id}
    asked = AdviceRound(
        **common,
        request_id=request.id,
        question="Question posée pour l’essai",
        due_on=clock.today() + timedelta(days=10),
        asked_by_id=world.user[f"{key}.coordinateur"],
        asked_at=clock.now() - timedelta(days=3),
    )
    session.add(asked)
    session.flush()
    piece = documents.add_piece(world, f"{key}.shared")
    document = session.scalars(select(Document).where(Document.public_id == piece)).one()
    session.add(AdvicePiece(**common, round_id=asked.id, document_id=document.id))
    for kind in ("spst", "cap_emploi"):
        ask = AdviceAsk(**common, round_id=asked.id, organisation_id=world.organisation[f"{key}.{kind}"])
        session.add(ask)
        session.flush()
        if kind == "spst":
            session.add(
                AdviceReply(
                    **common,
                    ask_id=ask.id,
                    value=AdviceValue.RESERVED,
                    text="Réponse donnée pour l’essai",
                    replied_by_id=world.user[f"{key}.spst"],
                    replied_at=clock.now() - timedelta(days=1),
                )
            )
    session.flush()
