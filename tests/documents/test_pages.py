"""The « Pièces » tab and its forms, as people use them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from pdp.documents.models import Document
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
LETTER = "Je demande un essai encadré.\n".encode()


def send(
    client: StrictClient,
    world: World,
    case: str = "a.shared",
    *,
    body: bytes = LETTER,
    name: str = "x.txt",
    **values: Any,
) -> Any:
    """Post the form that adds a piece."""
    fields = {"kind": "INSURED_REQUEST", **values, "file": (BytesIO(body), name)}
    return client.post(f"/dossiers/{world.case[case]}/pieces/ajouter", data=fields)


def pieces() -> list[Document]:
    """Return the stored pieces, oldest first."""
    with as_owner() as session:
        return list(session.query(Document).order_by(Document.id))


def test_a_member_of_the_core_adds_a_piece_and_opens_it(world: World, sign_in_as: SignIn) -> None:
    client = sign_in_as("a.service_social")
    answer = send(client, world, precision="du 12 mars")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    page = client.get(answer.location).get_data(as_text=True)
    assert "La pièce est au dossier." in page
    assert "Demande écrite de l’assuré, du 12 mars" in page
    (row,) = pieces()
    file = client.get(f"/pieces/{row.public_id}")
    assert file.data == LETTER
    assert file.headers["Content-Disposition"] == "attachment; filename=2026-0002-demande-de-l-assure.txt"
    assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
