"""Pieces of the base world, written as rows: not through the services under test."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts.models import User
from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.documents.enums import MediaType, PaperKind, ReviewState, ScanState, Spread
from pdp.documents.models import Document
from pdp.documents.service import store
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from tests.support.world import KINDS, World

TEXT = "Pièce d’essai.\n".encode()


def add(world: World, key: str) -> None:
    """Add one piece, with its file, to the case `shared` of a cellule. Inside a session of the caller."""
    add_piece(world, f"{key}.shared")


def add_piece(
    world: World,
    case_name: str,
    *,
    label: Label = Label.REQUEST,
    by: str = "service_social",
    body: bytes = TEXT,
    **values: Any,
) -> str:
    """Add a piece to a case, and return its public id. Inside a session of the caller (`as_owner`)."""
    key = case_name.partition(".")[0]
    case = db.session().scalars(select(Case).where(Case.public_id == world.case[case_name])).one()
    author = db.session().get_one(User, world.user[f"{key}.{by}"])
    stored = store.keep(case, body)
    fields: dict[str, Any] = {
        "cellule_id": case.cellule_id,
        "case_id": case.id,
        "label": label,
        "kind": PaperKind.INSURED_REQUEST,
        "precision": "précision d’essai",
        "media": MediaType.TEXT,
        "size": len(body),
        "body_id": stored.id,
        "added_by_id": author.id,
        "organisation_id": world.organisation[f"{key}.{_kind(by)}"],
        "added_at": clock.now() - timedelta(hours=1),
        "review": ReviewState.ACCEPTED,
        "spread": Spread.AGREED,
        "refusal": "",
        "scan": ScanState.CLEAN,
        "withdrawal": "",
    }
    row = Document(**(fields | values))
    db.session().add(row)
    db.session().flush()
    return row.public_id


def _kind(person: str) -> str:
    return str(KINDS[Role(person.removesuffix("_2"))])
